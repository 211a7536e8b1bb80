# %% benar: satu baris
def teks_durasi(menit):
    return f"{menit // 60} jam {menit % 60} menit"

# %% benar: sisa dengan pengurangan
def teks_durasi(menit):
    jam = menit // 60
    sisa = menit - jam * 60
    return str(jam) + " jam " + str(sisa) + " menit"

# %% benar: divmod, dan hasilnya ditampilkan juga
def teks_durasi(menit):
    jam, sisa = divmod(menit, 60)
    print(jam, "jam", sisa, "menit")
    return "{} jam {} menit".format(jam, sisa)

# %% benar: math.floor dan int
import math


def jam_utuh(menit):
    return math.floor(menit / 60)


def teks_durasi(menit):
    return f"{jam_utuh(menit)} jam {int(menit % 60)} menit"

# %% benar: dengan perulangan
def teks_durasi(menit):
    jam = 0
    while menit >= 60:
        menit -= 60
        jam += 1
    return f"{jam} jam {menit} menit"

# %% salah (0): print, bukan return
# pesan: return belum ditulis, atau hasilnya hanya ditampilkan dengan print
def teks_durasi(menit):
    print(f"{menit // 60} jam {menit % 60} menit")

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: bagian "Nama di dalam dan di luar fungsi" dalam Fungsi 1
total_menit = 135


def teks_durasi(menit):
    return f"{total_menit // 60} jam {total_menit % 60} menit"

# %% salah (0): dibagi sampai desimal
# pesan: hasil pembagian ikut sampai bagian desimalnya
def teks_durasi(menit):
    return f"{menit / 60} jam {menit % 60} menit"

# %% salah (0): jam dibulatkan ke yang terdekat
# pesan: Pembulatan membuat 0,75 jam menjadi 1
def teks_durasi(menit):
    return f"{round(menit / 60)} jam {menit % 60} menit"

# %% salah (0): jam dibulatkan ke atas
# pesan: Jam ketiga belum utuh
import math


def teks_durasi(menit):
    return f"{math.ceil(menit / 60)} jam {menit % 60} menit"

# %% salah (0): menit tanpa dikurangi
# pesan: belum sisa sesudah jam utuh diambil
def teks_durasi(menit):
    return f"{menit // 60} jam {menit} menit"

# %% salah (0): hanya satu jam dikurangkan
# pesan: Baru satu jam yang dikurangkan
def teks_durasi(menit):
    return f"{menit // 60} jam {menit - 60} menit"

# %% salah (0): bagian nol dihilangkan
# pesan: Bagian jam tidak ditulis
def teks_durasi(menit):
    if menit < 60:
        return f"{menit} menit"
    return f"{menit // 60} jam {menit % 60} menit"

# %% salah (0): jam dua angka
# pesan: Ada nol di depan angkanya
def teks_durasi(menit):
    return f"{menit // 60:02d} jam {menit % 60} menit"

# %% salah (0): dua spasi
# pesan: Periksa dahulu angkanya, kemudian kata dan spasinya
def teks_durasi(menit):
    return f"{menit // 60} jam  {menit % 60} menit"

# %% salah (0): kata menit terlupa
# pesan: Kata menit di akhir belum tertulis
def teks_durasi(menit):
    return f"{menit // 60} jam {menit % 60}"

# %% salah (0): tertukar
# pesan: Jam dan menitnya tertukar
def teks_durasi(menit):
    return f"{menit % 60} jam {menit // 60} menit"

# %% salah (0): huruf f terlupa
# pesan: huruf f di depan tanda kutip belum ada
def teks_durasi(menit):
    return "{menit // 60} jam {menit % 60} menit"

# %% salah (0): dua nilai, bukan satu teks
# pesan: Sesudah return, sambungkan semuanya menjadi satu teks
def teks_durasi(menit):
    return menit // 60, menit % 60

# %% salah (6): menit nol dihilangkan
# pesan: teks_durasi(180) adalah '3 jam 0 menit'
def teks_durasi(menit):
    if menit and menit % 60 == 0:
        return f"{menit // 60} jam"
    return f"{menit // 60} jam {menit % 60} menit"

# %% salah (0): menit dua angka
# pesan: teks_durasi(menit=65) seharusnya '1 jam 5 menit', tetapi hasilnya '1 jam 05 menit'. Ada nol di depan
def teks_durasi(menit):
    return f"{menit // 60} jam {menit % 60:02d} menit"

# %% salah (6): sesudah satu hari mulai lagi dari nol
# pesan: Aturan: jam utuh, lalu sisa menit
def teks_durasi(menit):
    return f"{menit // 60 % 24} jam {menit % 60} menit"

# %% salah (0): seperti print dalam modul 01
# pesan: Itu beberapa nilai yang dipisahkan koma, padahal yang diminta satu teks
def teks_durasi(menit):
    return menit // 60, "jam", menit % 60, "menit"

# %% salah (0): bilangan disambung dengan teks
# pesan: berhenti: TypeError: unsupported operand
def teks_durasi(menit):
    return menit // 60 + " jam " + menit % 60 + " menit"

# %% salah (0): titik di akhir
# pesan: Ada titik di akhir teks itu
def teks_durasi(menit):
    return f"{menit // 60} jam {menit % 60} menit."

# %% salah (0): sisa dari seratus
# pesan: padahal satu jam 60 menit
def teks_durasi(menit):
    return f"{menit // 60} jam {menit % 100} menit"

# %% salah (0): satu jam seratus menit
# pesan: Sisanya dihitung dari seratus
def teks_durasi(menit):
    return f"{menit // 100} jam {menit % 100} menit"

# %% salah (0): nama ditetapkan ulang terlalu awal
# pesan: Kedua bagian memakai angka yang sama
def teks_durasi(menit):
    menit = menit // 60
    jam = menit
    return f"{jam} jam {menit % 60} menit"

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 4: nama, urutan, dan nilai bawaan parameternya
def teks_durasi(total_menit):
    return f"{total_menit // 60} jam {total_menit % 60} menit"
