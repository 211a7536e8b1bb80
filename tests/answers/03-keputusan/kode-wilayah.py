# %% benar: batas awal dikosongkan
def kode_wilayah(nik):
    return nik[:2], nik[2:4], nik[4:6]

# %% benar: diberi nama dahulu, dan ditampilkan juga
def kode_wilayah(nik):
    provinsi = nik[0:2]
    kabupaten = nik[2:4]
    kecamatan = nik[4:6]
    print(provinsi, kabupaten, kecamatan)
    return (provinsi, kabupaten, kecamatan)

# %% benar: indeks disambung
def kode_wilayah(nik):
    return nik[0] + nik[1], nik[2] + nik[3], nik[4] + nik[5]

# %% benar: daftar
def kode_wilayah(nik):
    return [nik[awal : awal + 2] for awal in (0, 2, 4)]

# %% benar: fungsi pembantu
def dua(nik, mulai):
    return nik[mulai : mulai + 2]


kode_wilayah = lambda nik: (dua(nik, 0), dua(nik, 2), dua(nik, 4))

# %% salah (0): print, bukan return
# pesan: return belum ditulis, atau hasilnya hanya ditampilkan dengan print
def kode_wilayah(nik):
    print(nik[0:2], nik[2:4], nik[4:6])

# %% salah (0): isi fungsi masih tiga titik
# pesan: Tidak ada nilai yang dikembalikan
def kode_wilayah(nik):
    ...

# %% salah (0): ketiganya bilangan
# pesan: sehingga nol di depan 08 hilang
def kode_wilayah(nik):
    return int(nik[0:2]), int(nik[2:4]), int(nik[4:6])

# %% salah (0): lewat bilangan, kembali menjadi teks
# pesan: sehingga nol di depan 08 hilang. Kode tidak untuk dihitung
def kode_wilayah(nik):
    return str(int(nik[0:2])), str(int(nik[2:4])), str(int(nik[4:6]))

# %% salah (0): nomor karakter dipakai sebagai indeks
# pesan: Karakter ke-1 berindeks 0. Geser indeksnya
def kode_wilayah(nik):
    return nik[1:2], nik[3:4], nik[5:6]

# %% salah (0): potongan mulai dari satu
# pesan: bagian "Menunjuk satu karakter" dalam Keputusan 2
def kode_wilayah(nik):
    return nik[1:3], nik[3:5], nik[5:7]

# %% salah (0): batas akhir dianggap ikut
# pesan: Karakter pada batas akhir potongan tidak ikut diambil
def kode_wilayah(nik):
    return nik[0:1], nik[2:3], nik[4:5]

# %% salah (0): satu indeks untuk setiap kode
# pesan: Setiap potongan berisi satu karakter
def kode_wilayah(nik):
    return nik[0], nik[1], nik[2]

# %% salah (0): potongan yang saling menutupi
# pesan: Setiap kode berisi dua karakter, mulai dari kiri
def kode_wilayah(nik):
    return nik[0:2], nik[1:3], nik[2:4]

# %% salah (0): selalu dari kiri
# pesan: Setiap potongan mulai dari kiri lagi
def kode_wilayah(nik):
    return nik[0:2], nik[0:4], nik[0:6]

# %% salah (0): satu karakter terlalu banyak
# pesan: Kode kecamatan memuat satu karakter dari hari lahir
def kode_wilayah(nik):
    return nik[0:2], nik[2:4], nik[4:7]

# %% salah (0): satu teks
# pesan: Ketiga kode masih menyatu dalam satu teks
def kode_wilayah(nik):
    return nik[0:6]

# %% salah (0): satu teks dengan titik
# pesan: bagian "Beberapa hasil sekaligus" dalam Keputusan 2
def kode_wilayah(nik):
    return f"{nik[0:2]}.{nik[2:4]}.{nik[4:6]}"

# %% salah (0): satu teks dengan koma di dalam tanda kutip
# pesan: Itu satu nilai, bertipe str, padahal yang diminta 3 nilai
def kode_wilayah(nik):
    return nik[0:2] + ", " + nik[2:4] + ", " + nik[4:6]

# %% salah (0): hanya dua kode
# pesan: Banyaknya nilai di dalamnya 2, padahal yang diminta 3
def kode_wilayah(nik):
    return nik[0:2], nik[2:4]

# %% salah (0): return kedua tidak pernah dijalankan
# pesan: Itu satu nilai, bertipe str, padahal yang diminta 3 nilai
def kode_wilayah(nik):
    return nik[0:2]
    return nik[2:4]
    return nik[4:6]

# %% salah (0): urutan terbalik
# pesan: Urutannya terbalik. Baca lagi butir "Hasil" pada soal 2
def kode_wilayah(nik):
    return nik[4:6], nik[2:4], nik[0:2]

# %% salah (0): dipotong sesudah menjadi bilangan
# pesan: Potonglah NIK selagi masih teks
def kode_wilayah(nik):
    nik = int(nik)
    return nik[0:2], nik[2:4], nik[4:6]

# %% salah (0): koma di dalam kurung siku
# pesan: kedua batasnya dipisahkan titik dua, bukan koma
def kode_wilayah(nik):
    return nik[0,2], nik[2,4], nik[4,6]

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: Hasilnya sama dengan hasil panggilan sebelumnya
contoh_nik = "3578084102030000"


def kode_wilayah(nik):
    return contoh_nik[0:2], contoh_nik[2:4], contoh_nik[4:6]

# %% salah (0): kamus
# pesan: Itu satu nilai, bertipe dict
def kode_wilayah(nik):
    return {"provinsi": nik[0:2], "kabupaten": nik[2:4], "kecamatan": nik[4:6]}

# %% salah (0): kecamatan masih bilangan
# pesan: Nilai ke-3 di dalamnya bertipe int, padahal yang diminta teks
def kode_wilayah(nik):
    return nik[0:2], nik[2:4], int(nik[4:6])

# %% salah (6): nol di depan ditambahkan sendiri
# pesan: Contoh lain: kode_wilayah('1102031506720000') seharusnya ('11', '02', '03')
def kode_wilayah(nik):
    return nik[0:2], str(int(nik[2:4])), "0" + str(int(nik[4:6]))

# %% salah (6): selalu di Jawa Timur
# pesan: Aturan: karakter ke-1 dan ke-2, ke-3 dan ke-4
def kode_wilayah(nik):
    return "35", nik[2:4], nik[4:6]

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 2: nama, urutan, dan nilai bawaan parameternya
def kode_wilayah(nomor):
    return nomor[0:2], nomor[2:4], nomor[4:6]
