# %% teks-dan-angka: menyambung nomor
# galat: TypeError, baris 2
# pesan: Tanda `+` bertemu teks
nomor = 2
"Loket " + nomor

# %% teks-dan-angka: teks yang tampak seperti angka
# galat: TypeError, baris 2
# pesan: `int` atau `float`
orang = "24"
orang / 2

# %% teks-dan-angka: hasil str disambung lagi
# galat: TypeError, baris 1
"Loket " + str(2) + 3

# %% teks-dihitung: selisih dua teks
# galat: TypeError, baris 3
# pesan: Kedua sisi tanda `-` adalah teks
datang = "24"
pulang = "3"
datang - pulang

# %% none-dalam-hitungan: print, bukan return
# galat: TypeError, baris 6
# pesan: Nilai `hasil` adalah `None`
def giliran(orang, menit):
    print(orang * menit)


hasil = giliran(24, 5)
hasil + 10

# %% none-dalam-hitungan: langsung dari pemanggilan
# galat: TypeError, baris 5
# pesan: Nilai `giliran(24, 5)`
def giliran(orang, menit):
    print(orang * menit)


giliran(24, 5) + 10

# %% koma-desimal: nilai dengan koma
# galat: TypeError, baris 2
# pesan: Nilai `rata_rata` memuat koma
rata_rata = 2,5
rata_rata + 1

# %% fungsi-belum-dipanggil: tanpa kurung
# galat: TypeError, baris 5
# pesan: `lama_layanan`, bukan hasilnya
def lama_layanan():
    return 5


lama_layanan + 10

# %% belum-diisi: tiga titik
# galat: TypeError, baris 2
# pesan: Ganti tiga titik itu
loket_siap = ...
loket_siap + 1

# %% banding-teks-angka: masukan yang masih teks
# galat: TypeError, baris 2
# pesan: Tanda `<` membandingkan
umur = "4"
umur < 5

# %% none-dalam-hitungan: perbandingan
# galat: TypeError, baris 2
umur = None
umur < 5

# %% argumen-kurang: satu parameter terlupa
# galat: TypeError, baris 5
# pesan: parameter `menit`
def giliran(orang, menit):
    return orang * menit


giliran(24)

# %% argumen-lebih: koma desimal
# galat: TypeError, baris 5
# pesan: paling banyak 2 argumen
def giliran(orang, menit):
    return orang * menit


giliran(24, 2, 5)

# %% argumen-tak-dikenal: salah ketik
# galat: TypeError, baris 5
# pesan: Yang mirip: `menit`
def giliran(orang, menit):
    return orang * menit


giliran(orang=24, menitt=5)

# %% argumen-bawaan: replace dengan satu teks
# galat: TypeError, baris 1
# pesan: Argumen dipisahkan koma
"1.250".replace(".")

# %% argumen-bawaan: len dengan dua nilai
# galat: TypeError, baris 1
# pesan: `len`
len("A001", "A002")

# %% fungsi-tertimpa: print menjadi nilai
# galat: TypeError, baris 2
# pesan: `print =`
print = "Loket 2"
print("Loket 3")

# %% bukan-fungsi: tanda kali tertinggal
# galat: TypeError, baris 2
# pesan: Periksa tanda sebelum kurung
menit = 5
menit(24 - 3)

# %% ubah-none: int dari fungsi tanpa return
# galat: TypeError, baris 6
# pesan: `None`
def tanya_umur():
    print("4")


umur = tanya_umur()
int(umur)

# %% ubah-none: jawaban yang belum diisi
# galat: TypeError, baris 2
# pesan: `...`
umur = ...
float(umur)

# %% panjang-angka: len dari bilangan
# galat: TypeError, baris 2
# pesan: `nomor` adalah angka
nomor = 120
len(nomor)

# %% kurung-siku-none: hasil sort
# galat: TypeError, baris 2
# pesan: Nilai `antrean` adalah `None`
antrean = ["B", "A"].sort()
antrean[0]

# %% kurung-siku-fungsi: print
# galat: TypeError, baris 1
# pesan: kurung biasa
print["Loket 2"]

# %% kurung-siku-angka: karakter pertama sebuah bilangan
# galat: TypeError, baris 2
# pesan: `nomor` adalah angka
nomor = 120
nomor[0]

# %% ubah-teks: satu karakter
# galat: TypeError, baris 2
# pesan: Buat teks baru
nomor = "A001"
nomor[0] = "B"

# %% indeks-bukan-bulat: nomor urut sebagai teks
# galat: TypeError, baris 2
# pesan: `'1'` bertipe teks
antrean = ["A001", "A002"]
antrean["1"]

# %% ulang-angka: for
# galat: TypeError, baris 2
# pesan: `range(jumlah)`
jumlah = 3
for nomor in jumlah:
    print(nomor)
