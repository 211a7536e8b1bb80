# %% berkas-tidak-ada: folder itu ada
# galat: FileNotFoundError, baris 1
# pesan: Berkas data `antrean-pagi.csv` tidak ditemukan
open("antrean-pagi.csv")

# %% berkas-tidak-ada: folder itu tidak ada
# galat: FileNotFoundError, baris 1
# pesan: Folder `data-mpp` juga tidak ada
open("data-mpp/antrean.csv")

# %% berkas-tidak-ada: nama yang mirip
# galat: FileNotFoundError, baris 4
# pesan: ada berkas yang mirip: `antrean-sore.csv`
from pathlib import Path

Path("antrean-sore.csv").write_text("nomor\n")
open("antrian-sore.csv")

# %% berkas-tidak-ada: pandas
# galat: FileNotFoundError, baris 3
# pesan: Berkas data `antrean-pagi.csv`
import pandas as pd

pd.read_csv("antrean-pagi.csv")

# %% bukan-utf8: berkas dari Excel lama
# galat: UnicodeDecodeError, baris 3
# pesan: tidak dapat dibaca sebagai `utf-8`
from pathlib import Path

Path("loket.csv").write_bytes("Café".encode("cp1252")), Path("loket.csv").read_text(encoding="utf-8")

# %% panggil-diri: lupa syarat berhenti
# galat: RecursionError, baris 2
# pesan: Fungsi `giliran_berikutnya`
import sys

sys.setrecursionlimit(300)

# %% (sel berikutnya)
def giliran_berikutnya(nomor):
    return giliran_berikutnya(nomor + 1)


giliran_berikutnya(1)

# %% dihentikan: tombol ■
# galat: KeyboardInterrupt, baris 4
# pesan: Tidak ada yang rusak
import os
import signal

os.kill(os.getpid(), signal.SIGINT)
for _ in range(10**9):
    pass

# %% memori-habis: terlalu banyak nol
# galat: MemoryError, baris 1
# pesan: terlalu banyak nol
"antrean" * 10**17

# %% kolom-tidak-ada: nama yang mirip
# galat: KeyError, baris 4
# pesan: Tabel `layanan` tidak memiliki kolom `'menit'`. Kolom yang mirip: `'Menit'`
import pandas as pd

layanan = pd.DataFrame({"Loket": [1], "Menit": [12]})
layanan["menit"]

# %% kolom-tidak-ada: salah satu dari dua kolom
# galat: KeyError, baris 4
# pesan: tidak memiliki kolom `'petugas'`
import pandas as pd

layanan = pd.DataFrame({"Loket": [1], "Menit": [12]})
layanan[["Loket", "petugas"]]

# %% kolom-tidak-ada: di dalam kurung sebuah metode
# galat: KeyError, baris 4
# pesan: tidak memiliki kolom `'Lokett'`. Kolom yang mirip: `'Loket'`
import pandas as pd

layanan = pd.DataFrame({"Loket": [1], "Menit": [12]})
layanan.sort_values("Lokett")
