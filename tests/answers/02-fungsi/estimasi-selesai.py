# %% benar: math.ceil dalam satu baris
from math import ceil


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return ceil((orang_di_depan + 1) / loket) * menit_per_orang

# %% benar: membulatkan ke atas dengan dua tanda minus
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return -(-(orang_di_depan + 1) // loket) * menit_per_orang

# %% benar: giliran penuh sebelum saya, lalu giliran saya
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return (orang_di_depan // loket + 1) * menit_per_orang

# %% benar: fungsi pembantu, dan hasilnya ditampilkan juga
import math


def banyak_giliran(orang, loket):
    return math.ceil(orang / loket)


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    hasil = menit_per_orang * banyak_giliran(orang_di_depan + 1, loket)
    print(f"Kira-kira {hasil} menit")
    return hasil

# %% benar: lambda, hasil float
estimasi_selesai = lambda orang_di_depan, menit_per_orang=5, loket=1: (orang_di_depan // loket + 1.0) * menit_per_orang

# %% benar: dengan perulangan
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    sisa = orang_di_depan + 1
    menit = 0
    while sisa > 0:
        sisa -= loket
        menit += menit_per_orang
    return menit

# %% salah (0): print, bukan return
# pesan: return belum ditulis, atau hasilnya hanya ditampilkan dengan print
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    print(math.ceil((orang_di_depan + 1) / loket) * menit_per_orang)

# %% salah (0): ke bawah, bukan ke atas
# pesan: dibulatkan menjadi 2 sehingga orang terakhir tidak terlayani
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return (orang_di_depan + 1) // loket * menit_per_orang

# %% salah (0): floor dari modul math
# pesan: bagian "Membulatkan ke atas" dalam Fungsi 2
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.floor((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): round ke bilangan terdekat
# pesan: bagian "Membulatkan ke atas" dalam Fungsi 2
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return round((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): ke bawah, paling sedikit satu giliran
# pesan: orang terakhir tidak terlayani
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return max((orang_di_depan + 1) // loket, 1) * menit_per_orang

# %% salah (0): tidak dibulatkan
# pesan: masih 2,5, padahal tidak ada setengah giliran
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return (orang_di_depan + 1) / loket * menit_per_orang

# %% salah (0): yang dibulatkan menitnya
# pesan: Yang dibulatkan adalah menitnya
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.ceil((orang_di_depan + 1) * menit_per_orang / loket)

# %% salah (0): warga yang bertanya terlupa
# pesan: Warga yang bertanya juga dilayani
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.ceil(orang_di_depan / loket) * menit_per_orang

# %% salah (0): satu ditambahkan sesudah pembagian
# pesan: Di sini terhitung lima giliran
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return (math.ceil(orang_di_depan / loket) + 1) * menit_per_orang

# %% salah (0): tanda kurung terlupa
# pesan: Periksa juga tanda kurung
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.ceil(orang_di_depan + 1 / loket) * menit_per_orang

# %% salah (0): satu giliran terlalu banyak jika terbagi habis
# pesan: Periksa banyaknya giliran dan nilai bawaan menit_per_orang
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return ((orang_di_depan + 1) // loket + 1) * menit_per_orang

# %% salah (0): loket diabaikan
# pesan: Banyaknya loket belum berpengaruh
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return (orang_di_depan + 1) * menit_per_orang

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: bagian "Nama di dalam dan di luar fungsi" dalam Fungsi 1
import math

menit = 5


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.ceil((orang_di_depan + 1) / loket) * menit

# %% salah (0): nama di luar fungsi yang tidak ada
# pesan: berhenti: NameError: name 'banyak_loket_buka' is not defined. Jalankan panggilan itu dalam sel baru
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.ceil((orang_di_depan + 1) / banyak_loket_buka) * menit_per_orang

# %% salah (0): tanpa nilai bawaan
# pesan: berhenti: TypeError: estimasi_selesai() missing 2 required positional arguments: 'menit_per_orang' …
import math


def estimasi_selesai(orang_di_depan, menit_per_orang, loket):
    return math.ceil((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): nilai bawaan dua loket
# pesan: loket yang tidak disebutkan bernilai 1. Baca lagi butir "Nilai bawaan"
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=2):
    return math.ceil((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): urutan parameter tertukar
# pesan: Angka 5 dan 2 masuk ke parameter yang tertukar
import math


def estimasi_selesai(orang_di_depan, loket=1, menit_per_orang=5):
    return math.ceil((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 1
import math


def estimasi_selesai(orang, menit=5, loket=1):
    return math.ceil((orang + 1) / loket) * menit

# %% salah (0): teks, bukan bilangan
# pesan: Tipenya str, padahal yang diminta int atau float
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return f"{(orang_di_depan // loket + 1) * menit_per_orang} menit"

# %% salah (0): isi fungsi masih tiga titik
# pesan: return belum ditulis
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    ...

# %% salah (0): bilangan, bukan fungsi
# pesan: belum ada, atau namanya sudah menunjuk hal lain
orang_di_depan = 7
estimasi_selesai = (orang_di_depan + 1) * 5

# %% salah (8): hampir ke atas
# pesan: Contoh lain: estimasi_selesai(9, 4, 3) seharusnya 16
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return int((orang_di_depan + 1) / loket + 0.9) * menit_per_orang

# %% salah (8): setengah menit dibuang
# pesan: Aturan: banyaknya orang, termasuk yang bertanya
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return (orang_di_depan // loket + 1) * int(menit_per_orang)

# %% benar: kelas yang dapat dipanggil
class Estimasi:
    def __call__(self, orang_di_depan, menit_per_orang=5, loket=1):
        return -(-(orang_di_depan + 1) // loket) * menit_per_orang


estimasi_selesai = Estimasi()

# %% benar: dengan nama bawaan yang dipakai sendiri
eval = tuple = "milik saya"
type = callable = isinstance = "milik saya"


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return (orang_di_depan // loket + 1) * menit_per_orang

# %% benar: dengan numpy
import numpy as np


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return np.ceil((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): import math terlupa
# pesan: berhenti: NameError: name 'math' is not defined. Jalankan panggilan itu dalam sel baru
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.ceil((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): ceil tanpa math
# pesan: berhenti: NameError: name 'ceil' is not defined
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return ceil((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): nilai bawaan sepuluh menit
# pesan: Periksa banyaknya giliran dan nilai bawaan menit_per_orang
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=10, loket=1):
    return math.ceil((orang_di_depan + 1) / loket) * menit_per_orang

# %% salah (0): dua orang ditambahkan
# pesan: Satu orang di satu loket memerlukan satu giliran, yaitu lima menit
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.ceil((orang_di_depan + 2) / loket) * menit_per_orang

# %% salah (0): dua nilai, bukan satu bilangan
# pesan: Periksa koma pada baris return
def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return (orang_di_depan // loket + 1) * menit_per_orang, "menit"

# %% salah (0): tanpa tanda kurung sesudah nama
# pesan: Tulis fungsinya dengan def
estimasi_selesai = 5

# %% salah (0): return menjorok terlalu jauh ke kiri
# pesan: return belum ditulis
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    giliran = math.ceil((orang_di_depan + 1) / loket)


hasil = 20

# %% salah (0): banyaknya giliran, bukan menit
# pesan: Itu banyaknya giliran, belum menitnya
import math


def estimasi_selesai(orang_di_depan, menit_per_orang=5, loket=1):
    return math.ceil((orang_di_depan + 1) / loket)

# %% salah (0): nama parameter pertama lain
# pesan: Bandingkan baris def Anda dengan soal 1: nama, urutan, dan nilai bawaan parameternya
import math


def estimasi_selesai(orang, menit_per_orang=5, loket=1):
    return math.ceil((orang + 1) / loket) * menit_per_orang
