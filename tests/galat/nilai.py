# %% teks-bukan-angka: angka dengan satuan
# galat: ValueError, baris 1
# pesan: `'24 orang'`
int("24 orang")

# %% teks-bukan-angka: kata
# galat: ValueError, baris 2
umur = "empat"
float(umur)

# %% angka-berpemisah: ribuan
# galat: ValueError, baris 1
# pesan: Python tidak mengenal pemisah ribuan
int("1.250.000")

# %% koma-dalam-teks: rata-rata
# galat: ValueError, baris 2
# pesan: `'2,5'`
rata_rata = "2,5"
float(rata_rata)

# %% angka-berpemisah: rupiah, hasil replace
# galat: ValueError, baris 1
# pesan: `'1.250'`
int("Rp1.250".replace("Rp", ""))

# %% teks-kosong: data yang belum diisi
# galat: ValueError, baris 1
# pesan: teks yang kosong
int("")

# %% kode-format: kode yang tidak ada
# galat: ValueError, baris 2
# pesan: kurung kurawal
rata_rata = 2.5
f"{rata_rata:.2q}"

# %% kode-format: kode angka untuk teks
# galat: ValueError, baris 2
# pesan: `.2f`
rata_rata = "2.5"
f"Rata-rata {rata_rata:.2f} menit"

# %% banyaknya-nama: dua nama, tiga nilai
# galat: ValueError, baris 1
# pesan: lebih banyak daripada nama
jam, menit = 8, 0, 0

# %% banyaknya-nama: dua nama, satu nilai
# galat: ValueError, baris 1
# pesan: lebih sedikit daripada nama
jam, menit = "8".split(".")

# %% bagi-nol: nama
# galat: ZeroDivisionError, baris 2
# pesan: Pembaginya, `loket`, bernilai nol
loket = 0
24 * 5 / loket

# %% bagi-nol: di dalam fungsi
# galat: ZeroDivisionError, baris 2
def rata_rata(jumlah, banyak):
    return jumlah / banyak


rata_rata(120, 0)

# %% indeks-di-luar: anggota keempat dari tiga
# galat: IndexError, baris 2
# pesan: `antrean` memiliki 3 anggota, dengan indeks `0` sampai `2`
antrean = ["A001", "A002", "A003"]
antrean[3]

# %% indeks-di-luar: dihitung dari belakang
# galat: IndexError, baris 2
# pesan: Indeks `-3` tidak ada. `antrean` memiliki 2 anggota
antrean = ["A001", "A002"]
antrean[-3]

# %% indeks-di-luar: daftar kosong
# galat: IndexError, baris 2
# pesan: `antrean` kosong
antrean = []
antrean[0]

# %% indeks-di-luar: karakter
# galat: IndexError, baris 1
# pesan: 4 karakter
"A001"[4]

# %% kunci-tidak-ada: salah ketik
# galat: KeyError, baris 2
# pesan: Kunci yang mirip: `'loket'`
layanan = {"loket": 3, "menit": 5}
layanan["loke"]

# %% kunci-tidak-ada: tipenya lain
# galat: KeyError, baris 2
# pesan: Teks dan angka berbeda
loket = {1: "informasi", 2: "kasir"}
loket["1"]

# %% syarat-tidak-terpenuhi: assert tanpa pesan
# galat: AssertionError, baris 2
# pesan: (`loket == 4`)
loket = 3
assert loket == 4
