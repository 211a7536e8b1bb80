# %% diam: raise dengan kata-kata sendiri
def biaya(lembar):
    if lembar < 0:
        raise ValueError("Banyaknya lembar tidak boleh negatif.")


biaya(-1)

# %% diam: jenis turunan
import json

json.loads("{")

# %% diam: galat di dalam pustaka
import statistics

statistics.mean(["A001", "A002"])

# %% diam: galat di dalam alat yang disediakan
from melayani.belajar import jejak

jejak("orang_antre = 24", kosong=[(9, "orang_antre")])

# %% diam: pembagian di dalam pustaka
from fractions import Fraction

Fraction(1, 0)

# %% diam: KeyError di dalam pustaka
import pandas as pd

pd.DataFrame({"loket": [1]})["menit"]

# %% diam: modul yang gagal mengimpor modul lain
import sys
import types

sys.path.insert(0, ".")
from pathlib import Path

Path("alat_rusak.py").write_text("import tidak_terpasang\n")
try:
    import alat_rusak
finally:
    Path("alat_rusak.py").unlink()

# %% diam: SyntaxError di dalam modul lain
import sys
from pathlib import Path

sys.path.insert(0, ".")
Path("alat_rusak.py").write_text("loket = = 3\n")
try:
    import alat_rusak
finally:
    Path("alat_rusak.py").unlink()

# %% diam: jenis buatan sendiri
class GalatLoket(NameError):
    pass


raise GalatLoket("loket belum dibuka")

# %% diam: pesan yang tidak dapat dibuat
class Nakal:
    def __str__(self):
        raise RuntimeError("tidak mau")

    __repr__ = __str__


raise ValueError(Nakal())

# %% diam: kode yang dibuat saat berjalan
exec("loket = 3\nloket +")

# %% diam: kode lain yang dibuat saat berjalan
exec("lokett")

# %% diam: tipe lain
{"loket": 1} + {"menit": 2}

# %% diam: baris yang tidak ada dalam tabel
import pandas as pd

layanan = pd.DataFrame({"Menit": [12]}, index=["A-001"])
layanan.loc["A-002"]
