# %% benar: diberi nama dahulu, dengan else
def tanggal_lahir_dari_nik(nik):
    angka = int(nik[6:8])
    bulan = int(nik[8:10])
    tahun = int(nik[10:12])
    if angka >= 41:
        hari = angka - 40
    else:
        hari = angka
    return hari, bulan, tahun

# %% benar: sisa bagi
def tanggal_lahir_dari_nik(nik):
    return int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])

# %% benar: batas laki-laki, dan ditampilkan juga
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if not hari <= 31:
        hari -= 40
    print(hari)
    return [hari, int(nik[8:10]), int(nik[10:12])]

# %% benar: karakter pertama hari
def tanggal_lahir_dari_nik(nik):
    puluhan = int(nik[6])
    if nik[6] in ("4", "5", "6", "7"):
        puluhan = puluhan - 4
    return puluhan * 10 + int(nik[7]), int(nik[8:10]), int(nik[10:12])

# %% benar: perulangan, hasil float
def tanggal_lahir_dari_nik(nik):
    hari, bulan, tahun = [float(nik[awal : awal + 2]) for awal in range(6, 12, 2)]
    return hari - 40 if hari > 35 else hari, bulan, tahun

# %% salah (0): print, bukan return
# pesan: atau hasilnya hanya ditampilkan dengan print
def tanggal_lahir_dari_nik(nik):
    print(int(nik[6:8]), int(nik[8:10]), int(nik[10:12]))

# %% salah (0): return hanya di dalam if
# pesan: tidak ada cabang yang menjalankan return
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari - 40
        return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (0): 40 tidak dikurangkan
# pesan: Hari perempuan dalam NIK ditambah 40, dan di sini belum dikurangi
def tanggal_lahir_dari_nik(nik):
    return int(nik[6:8]), int(nik[8:10]), int(nik[10:12])

# %% salah (0): pengurangan tidak ditetapkan
# pesan: Hari perempuan dalam NIK ditambah 40, dan di sini belum dikurangi
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari - 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (0): 40 selalu dikurangkan
# pesan: Laki-laki juga dikurangi 40, padahal harinya tidak berubah
def tanggal_lahir_dari_nik(nik):
    return int(nik[6:8]) - 40, int(nik[8:10]), int(nik[10:12])

# %% salah (0): 40 ditambahkan
# pesan: Angka 40 ditambahkan lagi, padahal seharusnya dikurangkan
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari + 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (0): dikurangkan terbalik
# pesan: hasilnya (-17, 8, 45). Hasil ini bukan hari, bulan, dan tahun lahir itu. Periksa syarat dan arah pengurangan 40
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = 40 - hari
    return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (0): batas di sisi yang keliru
# pesan: Hari 41 berarti perempuan yang lahir pada tanggal 1: batasnya belum tepat
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 41:
        hari = hari - 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (0): batas lima puluh
# pesan: batasnya belum tepat. Baca lagi butir "Hari" pada soal 3
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari >= 50:
        hari = hari - 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (0): tanda perbandingan terbalik
# pesan: Laki-laki juga dikurangi 40
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari < 40:
        hari = hari - 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (0): teks, bukan bilangan
# pesan: Ketiganya masih teks. Ubah setiap potongan menjadi bilangan
def tanggal_lahir_dari_nik(nik):
    return nik[6:8], nik[8:10], nik[10:12]

# %% salah (0): teks dibandingkan dengan bilangan
# pesan: berhenti: TypeError: '>' not supported between instances of 'str' and 'int'. Ubah setiap potongan dengan int
def tanggal_lahir_dari_nik(nik):
    hari = nik[6:8]
    if hari > 40:
        hari = hari - 40
    return hari, nik[8:10], nik[10:12]

# %% salah (0): koma di dalam kurung siku
# pesan: Kedua batas potongan dipisahkan titik dua, bukan koma
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6,8])
    if hari > 40:
        hari = hari - 40
    return hari, int(nik[8,10]), int(nik[10,12])

# %% salah (0): hanya harinya bilangan
# pesan: Nilai ke-2 di dalamnya bertipe str, padahal yang diminta int atau float
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari - 40
    return hari, nik[8:10], nik[10:12]

# %% salah (0): satu teks
# pesan: Ketiganya masih menyatu dalam satu teks
def tanggal_lahir_dari_nik(nik):
    return nik[6:12]

# %% salah (0): teks tanggal
# pesan: Itu satu nilai, bertipe str, padahal yang diminta 3 nilai
def tanggal_lahir_dari_nik(nik):
    return f"{nik[6:8]}/{nik[8:10]}/{nik[10:12]}"

# %% salah (0): tahun di depan
# pesan: Urutannya terbalik: tahun berada di depan
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari - 40
    return int(nik[10:12]), int(nik[8:10]), hari

# %% salah (0): bulan di depan
# pesan: Periksa urutan dan indeks setiap potongan
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari - 40
    return int(nik[8:10]), hari, int(nik[10:12])

# %% salah (0): abad ditambahkan
# pesan: Abadnya ikut ditulis, padahal tidak ada dalam NIK
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari - 40
    return hari, int(nik[8:10]), 1900 + int(nik[10:12])

# %% salah (0): indeks mulai dari satu
# pesan: Potongannya bergeser: karakter ke-7 berindeks 6
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[7:9])
    if hari > 80:
        hari = hari - 40
    return hari, int(nik[9:11]), int(nik[11:13])

# %% salah (0): nomor karakter dipakai sebagai indeks
# pesan: Potongannya bergeser: karakter ke-7 berindeks 6
def tanggal_lahir_dari_nik(nik):
    return int(nik[7:8]), int(nik[9:10]), int(nik[11:12])

# %% salah (0): hanya dua nilai
# pesan: Banyaknya nilai di dalamnya 2, padahal yang diminta 3
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari - 40
    return hari, int(nik[8:10])

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: Hasilnya sama dengan hasil panggilan sebelumnya
nik_warga = "3599081708459001"


def tanggal_lahir_dari_nik(nik):
    hari = int(nik_warga[6:8])
    if hari > 40:
        hari = hari - 40
    return hari, int(nik_warga[8:10]), int(nik_warga[10:12])

# %% salah (8): tanggal 31 dianggap perempuan
# pesan: Contoh lain: tanggal_lahir_dari_nik('3599083112059004') seharusnya (31, 12, 5)
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 30:
        hari = hari - 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (8): hanya dua puluhan perempuan dikenal
# pesan: Aturan: hari 41 sampai 71 dikurangi 40
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if nik[6] in ("4", "5"):
        hari = hari - 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% salah (8): angka kedua bulan saja
# pesan: Ketiganya bilangan. Contoh lain
def tanggal_lahir_dari_nik(nik):
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari - 40
    return hari, int(nik[9]), int(nik[10:12])

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 3: nama, urutan, dan nilai bawaan parameternya
def tanggal_lahir_dari_nik(nomor):
    hari = int(nomor[6:8])
    if hari > 40:
        hari = hari - 40
    return hari, int(nomor[8:10]), int(nomor[10:12])

# %% setara: hari 40 tidak ada dalam NIK yang sah, jadi batas >= 40 dan > 40 memberi hasil yang sama
def tanggal_lahir_dari_nik(nik):
    """Kembalikan hari, bulan, dan dua angka terakhir tahun lahir."""
    hari = int(nik[6:8])
    if hari >= 40:
        hari = hari - 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% setara: hari 32 sampai 40 tidak ada dalam NIK yang sah, jadi batas > 39 dan > 40 memberi hasil yang sama
def tanggal_lahir_dari_nik(nik):
    """Kembalikan hari, bulan, dan dua angka terakhir tahun lahir."""
    hari = int(nik[6:8])
    if hari > 39:
        hari = hari - 40
    return hari, int(nik[8:10]), int(nik[10:12])

# %% setara: untuk hari 41 sampai 71, sisa bagi dengan 40 sama dengan selisihnya
def tanggal_lahir_dari_nik(nik):
    """Kembalikan hari, bulan, dan dua angka terakhir tahun lahir."""
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari % 40
    return hari, int(nik[8:10]), int(nik[10:12])
