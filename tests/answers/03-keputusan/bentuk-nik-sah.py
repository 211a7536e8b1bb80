# %% benar: satu ungkapan, dari kiri ke kanan
def bentuk_nik_sah(nik):
    return (
        isinstance(nik, str)
        and len(nik) == 16
        and nik.isascii()
        and nik.isdecimal()
        and (1 <= int(nik[6:8]) <= 31 or 41 <= int(nik[6:8]) <= 71)
        and 1 <= int(nik[8:10]) <= 12
    )

# %% benar: satu if untuk setiap syarat
def bentuk_nik_sah(nik):
    if type(nik) != str:
        return False
    if len(nik) != 16:
        return False
    if nik.isascii() == False:
        return False
    if nik.isdecimal() == False:
        return False
    bulan = int(nik[8:10])
    if bulan < 1 or bulan > 12:
        return False
    hari = int(nik[6:8])
    if hari > 40:
        hari = hari - 40
    if hari < 1 or hari > 31:
        return False
    return True

# %% benar: if di dalam if
def bentuk_nik_sah(nik):
    sah = False
    if isinstance(nik, str):
        if len(nik) == 16 and nik.isdecimal() and nik.isascii():
            hari = int(nik[6:8])
            bulan = int(nik[8:10])
            if 0 < hari < 32 or 40 < hari < 72:
                if 0 < bulan < 13:
                    sah = True
    print(sah)
    return sah

# %% benar: perulangan dan himpunan
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16:
        return False
    for karakter in nik:
        if karakter not in "0123456789":
            return False
    return int(nik[6:8]) % 40 in range(1, 32) and int(nik[6:8]) < 80 and int(nik[8:10]) in range(1, 13)

# %% benar: pola
import re


def bentuk_nik_sah(nik):
    pola = r"[0-9]{6}([04][1-9]|[1256][0-9]|[37][01])(0[1-9]|1[0-2])[0-9]{6}"
    return isinstance(nik, str) and re.fullmatch(pola, nik) is not None

# %% benar: menangkap galat
def bentuk_nik_sah(nik):
    try:
        assert nik.isascii() and nik.isdecimal() and len(nik) == 16
        hari, bulan = int(nik[6:8]), int(nik[8:10])
    except (AttributeError, AssertionError):
        return False
    return bulan in range(1, 13) and (hari in range(1, 32) or hari in range(41, 72))

# %% benar: teks dibandingkan dengan teks
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = nik[6:8]
    return ("01" <= hari <= "31" or "41" <= hari <= "71") and "01" <= nik[8:10] <= "12"

# %% benar: isdigit, dan indeks dari belakang
def bentuk_nik_sah(nik):
    if type(nik) is not str or len(nik) != 16 or not (nik.isdigit() and nik.isascii()):
        return False
    hari = int(nik[-10:-8])
    bulan = int(nik[-8:-6])
    return not (hari < 1 or 31 < hari < 41 or hari > 71 or bulan < 1 or bulan > 12)

# %% salah (0): print, bukan return
# pesan: atau hasilnya hanya ditampilkan dengan print
def bentuk_nik_sah(nik):
    print(isinstance(nik, str) and len(nik) == 16)

# %% salah (0): isi fungsi masih tiga titik
# pesan: tidak ada cabang yang menjalankan return
def bentuk_nik_sah(nik):
    ...

# %% salah (0): tanpa jawaban jika tidak sah
# pesan: tidak ada cabang yang menjalankan return
def bentuk_nik_sah(nik):
    if isinstance(nik, str) and len(nik) == 16 and nik.isdecimal() and nik.isascii():
        if 1 <= int(nik[6:8]) <= 71 and 1 <= int(nik[8:10]) <= 12:
            return True

# %% salah (0): hanya panjangnya
# pesan: Masukan ini bilangan, bukan teks, sehingga tidak memiliki panjang dan potongan
def bentuk_nik_sah(nik):
    return len(nik) == 16

# %% salah (0): panjang sebelum tipe
# pesan: Periksa tipenya lebih dahulu. Baca lagi butir "Teks" pada soal 1
def bentuk_nik_sah(nik):
    if len(nik) != 16 or not isinstance(nik, str):
        return False
    if not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (0): bilangan diubah menjadi teks
# pesan: Lembar kerja yang menyimpan NIK sebagai bilangan kehilangan angka ke-16
def bentuk_nik_sah(nik):
    nik = str(nik)
    if len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (0): hari perempuan ditolak
# pesan: Angka 57 adalah hari 17 ditambah 40: seorang perempuan
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    return 1 <= int(nik[6:8]) <= 31 and 1 <= int(nik[8:10]) <= 12

# %% salah (0): satu rentang untuk semua hari
# pesan: Hari 32 tidak ada, dan hari perempuan mulai dari 41
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    return 1 <= int(nik[6:8]) <= 71 and 1 <= int(nik[8:10]) <= 12

# %% salah (0): bulan tidak diperiksa
# pesan: bernilai 13, padahal bulan terakhir 12
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return 1 <= hari <= 31 or 41 <= hari <= 71

# %% salah (0): tanda kurung terlupa di antara or dan and
# pesan: bernilai 13, padahal bulan terakhir 12
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    bulan = int(nik[8:10])
    return 1 <= hari <= 31 or 41 <= hari <= 71 and 1 <= bulan <= 12

# %% salah (0): indeks mulai dari satu
# pesan: Periksa indeks kedua potongan teks
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[7:9])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[9:11]) <= 12

# %% salah (0): dihitung sebelum diperiksa
# pesan: Periksa apakah semuanya angka sebelum memakai int
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16:
        return False
    hari = int(nik[6:8])
    bulan = int(nik[8:10])
    if not nik.isdecimal() or not nik.isascii():
        return False
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= bulan <= 12

# %% salah (0): huruf tidak diperiksa
# pesan: Periksa apakah semuanya angka sebelum memakai int
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16:
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (0): isdecimal tanpa isascii
# pesan: angka 4 lebar, yang tidak ada pada papan ketik biasa
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (0): and sebagai ganti or di antara penolakan
# pesan: Panjangnya 15 karakter, jadi satu angka hilang
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) and len(nik) != 16:
        return False
    if not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (0): teks True, bukan nilai True
# pesan: Tipenya str, padahal yang diminta True atau False
def bentuk_nik_sah(nik):
    if isinstance(nik, str) and len(nik) == 16:
        return "True"
    return "False"

# %% salah (0): satu dan nol
# pesan: Tipenya int, padahal yang diminta True atau False
def bentuk_nik_sah(nik):
    if isinstance(nik, str) and len(nik) == 16:
        return 1
    return 0

# %% salah (0): terbalik
# pesan: bentuk_nik_sah('3599081708459001') seharusnya True, tetapi hasilnya False
def bentuk_nik_sah(nik):
    return not isinstance(nik, str) or len(nik) != 16

# %% salah (0): hasil ditetapkan, tidak dikembalikan
# pesan: Tidak ada nilai yang dikembalikan
def bentuk_nik_sah(nik):
    sah = isinstance(nik, str) and len(nik) == 16

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: Panjangnya 15 karakter
nik_pemohon = "3599081708459001"


def bentuk_nik_sah(nik):
    return len(nik_pemohon) == 16 and nik_pemohon.isdecimal()

# %% salah (8): hari nol diterima
# pesan: Contoh lain: bentuk_nik_sah('3599084008459001') seharusnya False
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): hari 40 dianggap perempuan
# pesan: Contoh lain: bentuk_nik_sah('3599084008459001') seharusnya False
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 40 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): hari terakhir ditolak
# pesan: hari 1 sampai 31 atau 41 sampai 71
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari < 31 or 41 <= hari < 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): bulan 12 ditolak
# pesan: bulan 1 sampai 12; selain itu tidak ada yang diperiksa
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) < 12

# %% salah (8): kalender ikut diperiksa
# pesan: selain itu tidak ada yang diperiksa
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    bulan = int(nik[8:10])
    if hari > 40:
        hari = hari - 40
    if bulan == 2 and hari > 29:
        return False
    return 1 <= hari <= 31 and 1 <= bulan <= 12

# %% salah (8): hanya Jawa Timur
# pesan: selain itu tidak ada yang diperiksa
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return nik.startswith("35") and (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): tepi dirapikan lebih dahulu
# pesan: Aturan: teks sepanjang 16 karakter
def bentuk_nik_sah(nik):
    if not isinstance(nik, str):
        return False
    nik = nik.strip()
    if len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): lebih panjang diterima
# pesan: Aturan: teks sepanjang 16 karakter
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) < 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): None dan teks kosong berhenti dengan galat
# pesan: Aturan: teks sepanjang 16 karakter
def bentuk_nik_sah(nik):
    if isinstance(nik, int) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): tanda kurung terlupa, bulan perempuan tidak diperiksa
# pesan: bulan 1 sampai 12; selain itu tidak ada yang diperiksa
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return 1 <= int(nik[8:10]) <= 12 and 1 <= hari <= 31 or 41 <= hari <= 71

# %% salah (8): hanya tanggal dan nomor urut yang diperiksa
# pesan: semuanya angka 0 sampai 9
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik[6:].isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): nomor urut tidak diperiksa
# pesan: semuanya angka 0 sampai 9
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik[:12].isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): yang dapat menjadi bilangan dianggap angka
# pesan: semuanya angka 0 sampai 9
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isascii():
        return False
    try:
        int(nik)
        hari, bulan = int(nik[6:8]), int(nik[8:10])
    except ValueError:
        return False
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= bulan <= 12

# %% salah (8): hanya int dan None yang dikenal sebagai bukan teks
# pesan: Masukan lain, juga yang bukan teks, menghasilkan False
def bentuk_nik_sah(nik):
    if isinstance(nik, int) or nik is None:
        return False
    if len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): tahun yang belum tiba ditolak
# pesan: selain itu tidak ada yang diperiksa
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    if 26 < int(nik[10:12]) < 40:
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (8): kode wilayah yang diawali nol ditolak
# pesan: selain itu tidak ada yang diperiksa
def bentuk_nik_sah(nik):
    if not isinstance(nik, str) or len(nik) != 16 or not nik.isdecimal() or not nik.isascii():
        return False
    if nik.startswith("0"):
        return False
    hari = int(nik[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nik[8:10]) <= 12

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 1: nama, urutan, dan nilai bawaan parameternya
def bentuk_nik_sah(nomor):
    if not isinstance(nomor, str) or len(nomor) != 16 or not nomor.isdecimal() or not nomor.isascii():
        return False
    hari = int(nomor[6:8])
    return (1 <= hari <= 31 or 41 <= hari <= 71) and 1 <= int(nomor[8:10]) <= 12
