# %% nama-mirip: satu huruf hilang
# galat: NameError, baris 2
# pesan: Ada nama yang mirip: `lama_tunggu`
lama_tunggu = 5
lama_tungu + 1

# %% nama-mirip: huruf besar
# galat: NameError, baris 2
# pesan: `loket_buka`
loket_buka = 3
Loket_Buka + 1

# %% nama-mirip: fungsi dasar
# galat: NameError, baris 1
# pesan: Ada nama yang mirip: `print`
Print("Loket 2")

# %% nama-mirip: true dengan huruf kecil
# galat: NameError, baris 1
# pesan: `True`
berkas_lengkap = true

# %% nama-mirip: di dalam fungsi, dipanggil dari sel lain
# galat: NameError, baris 2 dalam sel
# pesan: `menit`
def giliran(orang, menit):
    return orang * menitt

# %% (sel berikutnya)
giliran(24, 5)

# %% nama-belum-ada: kernel baru saja dimulai ulang
# galat: NameError, baris 1
# pesan: belum dijalankan
orang_antre + 6

# %% nama-belum-ada: teks tanpa tanda kutip
# galat: NameError, baris 1
# pesan: Teks memerlukan tanda kutip
keterangan = terlambat

# %% nama-belum-ada: di dalam sel yang disediakan
# galat: NameError, baris 2
# pesan: belum dijalankan
# Alat yang disediakan: lebar balok sebanding dengan banyaknya orang.
lebar_balok = orang_antre * 6

# %% teks-tanpa-kutip: nama orang
# galat: NameError, baris 1
# pesan: `"Sulastri"`
pemohon = Sulastri

# %% modul-belum-diimpor: math
# galat: NameError, baris 1
# pesan: `import math`
math.ceil(2.5)

# %% modul-belum-diimpor: nama pendek pandas
# galat: NameError, baris 1
# pesan: `import pandas as pd`
pd.DataFrame()

# %% lokal-belum-ditetapkan: jumlah dari luar fungsi
# galat: UnboundLocalError, baris 5
# pesan: Fungsi `layani` menetapkan nama `orang_dilayani`
orang_dilayani = 0


def layani():
    orang_dilayani = orang_dilayani + 1
    return orang_dilayani


layani()

# %% atribut-none: hasil fungsi yang hanya menampilkan
# galat: AttributeError, baris 6
# pesan: Nilai `kartu` adalah `None`
def buat_kartu(nama):
    print(nama)


kartu = buat_kartu("Wayan")
kartu.upper()

# %% atribut-mirip: metode teks
# galat: AttributeError, baris 1
# pesan: Yang mirip: `upper`
"loket".uper()

# %% atribut-mirip: fungsi dalam modul
# galat: AttributeError, baris 3
# pesan: Modul `math` tidak memiliki `cail`. Yang mirip: `ceil`
import math

math.cail(2.5)

# %% atribut-tidak-ada: metode daftar pada teks
# galat: AttributeError, baris 2
# pesan: Nilai bertipe `str` (teks)
nomor = "A001"
nomor.append("A002")

# %% modul-tidak-ada: salah ketik
# galat: ModuleNotFoundError, baris 1
# pesan: Yang mirip: `pandas`
import panda

# %% modul-tidak-ada: tidak terpasang
# galat: ModuleNotFoundError, baris 1
# pesan: pustakanya belum terpasang
from alatloket import cetak

# %% impor-nama: nama yang tidak ada
# galat: ImportError, baris 1
# pesan: Yang mirip: `ceil`
from math import ceill
