# %% benar: satu assert untuk setiap butir
def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(7, 5, 2) == 20
    assert fungsi(4, 5, 2) == 15
    assert fungsi(1, 5, 4) == 5
    assert fungsi(2, menit_per_orang=6) == 18
    assert fungsi(3) == 20

# %% benar: masukan bernama, hasil diberi nama dahulu
def uji(fungsi):
    hasil = fungsi(orang_di_depan=4, menit_per_orang=7, loket=2)
    print(hasil)
    assert hasil == 21, "tiga giliran, masing-masing tujuh menit"
    hasil = fungsi(orang_di_depan=1)
    assert hasil == 10, "dua giliran di satu loket"

# %% benar: fungsi pembantu
def samakan(ditemukan, diharapkan):
    assert ditemukan == diharapkan, f"seharusnya {diharapkan}, tetapi {ditemukan}"


def uji(fungsi):
    samakan(fungsi(9, 4, 3), 16)
    samakan(fungsi(9, 4), 40)
    samakan(fungsi(8, loket=3), 15)
    samakan(fungsi(6, 2.5, 2), 10)

# %% benar: perulangan dan AssertionError sendiri
def uji(fungsi):
    for orang in range(20):
        for loket in range(1, 6):
            if fungsi(orang, 6, loket) != (orang // loket + 1) * 6:
                raise AssertionError(f"keliru untuk {orang} orang")
        if fungsi(orang) != (orang + 1) * 5:
            raise AssertionError("nilai bawaan keliru")

# %% salah (16): nilai bawaan loket tidak diperiksa
def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(7, 5, 2) == 20
    assert fungsi(4, 6, 2) == 18

# %% salah (16): hanya lima menit per orang
def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(3) == 20
    assert fungsi(4, 5, 2) == 15

# %% salah (16): hanya kelipatan banyaknya loket
def uji(fungsi):
    assert fungsi(3) == 20
    assert fungsi(7, 6, 2) == 24
    assert fungsi(0) == 5

# %% salah (12): semua orang di satu loket
def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(3) == 20
    assert fungsi(3, 6) == 24

# %% salah (12): hanya contoh pada soal 1
def uji(fungsi):
    assert fungsi(7, 5, 2) == 20
    assert fungsi(0) == 5
    assert fungsi(1, 5, 4) == 5

# %% salah (12): hanya satu loket
def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(3) == 20
    assert fungsi(3, 6) == 24

# %% salah (8): dua contoh
# pesan: uji menolak, dengan AssertionError, versi yang melanggar
def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(7, 5, 2) == 20

# %% salah (4): hanya contoh tanpa antrean
# pesan: Ketiganya masih diterima
def uji(fungsi):
    assert fungsi(0) == 5

# %% salah (4): warga itu sendiri ditolak dengan galat lain
# pesan: Ketiganya masih diterima
def uji(fungsi):
    assert fungsi(7, 5, 2) == 20
    5 / fungsi(0)

# %% salah (0): menerima semuanya
# pesan: kedua versi dalam uji contoh diterima. Setiap baris diawali assert
def uji(fungsi):
    assert fungsi(0) > -1
    assert fungsi(7, 5, 2)

# %% salah (0): assert dengan tanda kurung, selalu benar
# pesan: kedua versi dalam uji contoh diterima. Setiap baris diawali assert
def uji(fungsi):
    assert (fungsi(0) == 5, "satu giliran")
    assert (fungsi(3) == 20, "nilai bawaan")

# %% salah (0): membandingkan fungsi dengan dirinya sendiri
# pesan: dengan angka hitungan Anda
def uji(fungsi):
    assert fungsi(3) == fungsi(3)
    assert fungsi(4, 6, 2) == fungsi(4, 6, 2)

# %% salah (0): menampilkan, tidak menolak
# pesan: bagian "Contoh dahulu, kode kemudian" dalam Fungsi 2
def uji(fungsi):
    print(fungsi(0) == 5)
    print(fungsi(3) == 20)

# %% salah (0): mengembalikan False, tidak menolak
# pesan: kedua versi dalam uji contoh diterima. Setiap baris diawali assert
def uji(fungsi):
    return fungsi(4, 6, 2) == 18 and fungsi(3) == 20

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: memanggil fungsi yang diserahkan kepadanya
def uji(fungsi):
    assert estimasi_benar(0) == 5
    assert estimasi_benar(3) == 20
    assert estimasi_benar(4, 6, 2) == 18

# %% salah (0): isi fungsi masih tiga titik
# pesan: bagian "Fungsi sebagai masukan" dalam Fungsi 2
def uji(fungsi):
    ...

# %% salah (0): menolak yang benar
# pesan: fungsi yang benar ditolak
def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(4, 6, 2) == 12

# %% salah (0): selalu menolak
# pesan: panggilan seperti fungsi(0) tidak ditemukan
def uji(fungsi):
    assert False

# %% salah (0): hanya galat lain
# pesan: berhenti karena ZeroDivisionError
def uji(fungsi):
    5 / fungsi(0)

# %% salah (0): masukan yang tidak sah
# pesan: uji(estimasi_benar) seharusnya selesai tanpa galat, tetapi berhenti: ZeroDivisionError: division by zero
def uji(fungsi):
    assert fungsi(3) == 20
    assert fungsi(3, 5, 0) == 0

# %% salah (0): tanpa parameter
# pesan: berhenti: TypeError: uji() takes 0 positional arguments but 1 was given
def uji():
    assert estimasi_benar(0) == 5

# %% salah (0): hasil uji, bukan fungsi
# pesan: belum ada, atau namanya sudah menunjuk hal lain
uji = estimasi_benar(0) == 5

# %% benar: nama fungsi dasar Python yang dipakai sendiri
max = 20
type = callable = zip = "milik saya"


def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(3) == max
    assert fungsi(4, 6, 2) == 18

# %% salah (12): hanya ketiga contoh soal 1, dengan pesan
def uji(fungsi):
    assert fungsi(7, 5, 2) == 20, "empat giliran"
    assert fungsi(0) == 5, "satu orang"
    assert fungsi(1, 5, 4) == 5, "loket lebih banyak daripada orang"

# %% salah (16): nilai bawaan loket tidak diuji, menit diuji
def uji(fungsi):
    assert fungsi(0) == 5
    assert fungsi(4, loket=2) == 15
    assert fungsi(4, 6, 2) == 18

# %% salah (0): tanpa assert
# pesan: Setiap baris diawali assert
def uji(fungsi):
    fungsi(0) == 5
    fungsi(3) == 20

# %% salah (0): tanda kurung panggilan terlupa
# pesan: panggilan seperti fungsi(0) tidak ditemukan
def uji(fungsi):
    assert fungsi == 5

# %% salah (0): nama fungsi yang diperiksa
# pesan: fungsi yang benar ditolak
def uji(fungsi):
    fungsi(0)
    assert fungsi.__name__ in ("benar", "estimasi_benar")

# %% salah (0): hanya panggilan pertama yang diterima
# pesan: fungsi yang benar ditolak
panggilan = []


def uji(fungsi):
    fungsi(0)
    panggilan.append(1)
    assert len(panggilan) in (1, 4)

# %% salah (8): menghitung panggilan menurut urutan uji contoh
# pesan: uji menerima fungsi yang benar, setiap kali
panggilan = []


def uji(fungsi):
    fungsi(0)
    panggilan.append(fungsi)
    assert len(panggilan) not in (2, 4, 7, 9, 11)

# %% salah (8): mengenali fungsi yang pernah diterima
# pesan: uji menerima fungsi yang benar, setiap kali
panggilan = []


def uji(fungsi):
    fungsi(0)
    panggilan.append(fungsi)
    assert len(panggilan) in (1, 6) or fungsi in (panggilan[0], panggilan[5:6])

# %% salah (0): salah ketik di dalam uji
# pesan: berhenti: NameError: name 'fugsi' is not defined
def uji(fungsi):
    assert fugsi(0) == 5

# %% setara: baris pertama menolak versi yang sama dengan baris kedua; dengan <= ia hanya berlebih, dan uji tetap benar
def uji(fungsi):
    """Berhenti dengan AssertionError jika fungsi tidak mematuhi aturan estimasi."""
    assert fungsi(0) <= 5
    assert fungsi(3) == 20
    assert fungsi(4, 6, 2) == 18

# %% setara: versi yang melupakan warga itu sendiri memberi kurang dari 5, dan ditolak juga oleh >=
def uji(fungsi):
    """Berhenti dengan AssertionError jika fungsi tidak mematuhi aturan estimasi."""
    assert fungsi(0) >= 5
    assert fungsi(3) == 20
    assert fungsi(4, 6, 2) == 18

# %% setara: versi dengan nilai bawaan lain memberi kurang dari 20, dan ditolak juga oleh >=
def uji(fungsi):
    """Berhenti dengan AssertionError jika fungsi tidak mematuhi aturan estimasi."""
    assert fungsi(0) == 5
    assert fungsi(3) >= 20
    assert fungsi(4, 6, 2) == 18
