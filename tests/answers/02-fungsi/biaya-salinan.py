# %% benar: satu baris
def biaya_salinan(lembar, per_lembar=300):
    return lembar * per_lembar

# %% benar: menampilkan dan mengembalikan
tarif = 300


def biaya_salinan(lembar, per_lembar=tarif):
    biaya = lembar * per_lembar
    print(biaya)
    return biaya

# %% benar: lambda
biaya_salinan = lambda lembar, per_lembar=300: float(per_lembar * lembar)

# %% benar: dengan perulangan
def biaya_salinan(lembar, per_lembar=300):
    if lembar > 1000:
        return lembar * per_lembar
    biaya = 0
    for _ in range(lembar):
        biaya += per_lembar
    return biaya

# %% salah (0): hanya namanya yang diganti
# pesan: return belum ditulis, atau hasilnya hanya ditampilkan dengan print
tarif = 300


def biaya_salinan(lembar, per_lembar=300):
    biaya = lembar * tarif
    print(biaya)

# %% salah (0): mengembalikan hasil print
# pesan: bagian "Menampilkan dan mengembalikan" dalam Fungsi 1
def biaya_salinan(lembar, per_lembar=300):
    return print(lembar * per_lembar)

# %% salah (0): fungsi lama dipanggil
# pesan: Tidak ada nilai yang dikembalikan
def biaya_salinan(lembar, per_lembar=300):
    return biaya_salinan_lama(lembar, per_lembar)

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: Tarif yang dipakai tetap 300, bukan nilai parameter per_lembar
tarif = 300


def biaya_salinan(lembar, per_lembar=300):
    biaya = lembar * tarif
    return biaya

# %% salah (0): parameter ditetapkan ulang di dalam fungsi
# pesan: Tarif yang dipakai tetap 300
def biaya_salinan(lembar, per_lembar=300):
    per_lembar = 300
    return lembar * per_lembar

# %% salah (0): teks, bukan bilangan
# pesan: Tipenya str
def biaya_salinan(lembar, per_lembar=300):
    return f"{lembar * per_lembar}"

# %% salah (0): tanpa nilai bawaan
# pesan: biaya_salinan(10) seharusnya 3000, tetapi berhenti: TypeError: biaya_salinan() missing 1 required
def biaya_salinan(lembar, per_lembar):
    return lembar * per_lembar

# %% salah (0): nama parameter lain
# pesan: biaya_salinan(lembar=12, per_lembar=750) seharusnya 9000, tetapi berhenti: TypeError: biaya_salinan() got an unexpected keyword argument
def biaya_salinan(lembar, harga=300):
    return lembar * harga

# %% salah (0): nilai bawaan lain
# pesan: dihitung dengan tarif bawaan Rp300
def biaya_salinan(lembar, per_lembar=500):
    return lembar * per_lembar

# %% salah (0): biaya minimum yang tidak diminta
# pesan: Tanpa salinan, tidak ada yang dibayar
def biaya_salinan(lembar, per_lembar=300):
    return max(lembar * per_lembar, 300)

# %% salah (6): dibulatkan ke ribuan
# pesan: biaya_salinan(6, 250) seharusnya 1500
def biaya_salinan(lembar, per_lembar=300):
    return round(lembar * per_lembar, -3)

# %% salah (6): tarif kedua yang tetap
# pesan: Aturan: biaya adalah lembar dikali per_lembar
def biaya_salinan(lembar, per_lembar=300):
    return lembar * (300 if per_lembar == 300 else 750)

# %% salah (0): return ditambah, tarif dan print tetap
# pesan: Tarif yang dipakai tetap 300
tarif = 300


def biaya_salinan(lembar, per_lembar=300):
    biaya = lembar * tarif
    print(biaya)
    return biaya

# %% salah (0): nama parameter lain pada baris def
# pesan: Bandingkan baris def Anda dengan soal 2: nama, urutan, dan nilai bawaan parameternya
def biaya_salinan(lembar, tarif=300):
    return lembar * tarif

# %% salah (0): nama pada baris def dan di dalamnya berbeda
# pesan: berhenti: NameError: name 'per_lembar' is not defined. Jalankan panggilan itu dalam sel baru
def biaya_salinan(lembar, harga=300):
    return lembar * per_lembar

# %% salah (0): Decimal, bukan int atau float
# pesan: Tipenya Decimal, padahal yang diminta int atau float
from decimal import Decimal


def biaya_salinan(lembar, per_lembar=300):
    return Decimal(lembar) * per_lembar

# %% salah (0): nama parameter pertama lain
# pesan: Bandingkan baris def Anda dengan soal 2: nama, urutan, dan nilai bawaan parameternya
def biaya_salinan(jumlah, per_lembar=300):
    return jumlah * per_lembar
