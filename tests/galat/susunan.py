# %% kurung-belum-ditutup: print
# galat: SyntaxError, baris 1
# pesan: Kurung pembuka `(`
print("Loket 2"
loket = 2

# %% kurung-belum-ditutup: daftar di akhir sel
# galat: SyntaxError, baris 1
# pesan: kurung penutup `]`
antrean = ["A001", "A002"

# %% kurung-belum-ditutup: galatnya tampak di baris lain
# galat: SyntaxError, baris
# pesan: `(` pada baris 4
papan = """
Loket (1
"""
print("Loket 2"
antrean = 2 3

# %% kurung-tanpa-pasangan: satu terlalu banyak
# galat: SyntaxError, baris 1
# pesan: `)` tidak memiliki kurung pembuka
lama = (24 * 5) / 2)

# %% kutip-belum-ditutup: di akhir baris
# galat: SyntaxError, baris 1
# pesan: belum ditutup dengan tanda yang sama
papan = "Loket 2

# %% kutip-belum-ditutup: apostrof di dalam teks
# galat: SyntaxError, baris 1
# pesan: apit teks itu dengan
hari = 'Jum'at'

# %% kutip-miring: disalin dari pengolah kata
# galat: SyntaxError, baris 1
# pesan: tanda kutip tegak
papan = “Loket 2”

# %% tanda-asing: tanda kali
# galat: SyntaxError, baris 1
# pesan: tanda ×
lama = 24 × 5

# %% tanda-asing: spasi yang tidak terlihat
# galat: SyntaxError, baris 1
# pesan: tanda yang tidak terlihat
lama = 24 * 5

# %% titik-dua-hilang: if
# galat: SyntaxError, baris 2
# pesan: Tambahkan tanda `:`
umur_balita = 3
if umur_balita < 5
    prioritas = True

# %% titik-dua-hilang: def
# galat: SyntaxError, baris 1
def giliran(orang, menit)
    return orang * menit

# %% sama-dengan: if
# galat: SyntaxError, baris 2
# pesan: Ganti `=` dengan `==`
loket = 3
if loket = 3:
    print("tiga loket")

# %% print-tanpa-kurung: teks
# galat: SyntaxError, baris 1
# pesan: `print` adalah fungsi
print "Loket 2"

# %% ruas-terbalik: angka di kiri
# galat: SyntaxError, baris 1
# pesan: Tukar kedua sisinya
24 = orang_antre

# %% ruas-terbalik: hitungan di kiri
# galat: SyntaxError, baris 3
pagi = 118
siang = 94
pagi + siang = jumlah

# %% spasi-dalam-nama: penetapan
# galat: SyntaxError, baris 1
# pesan: garis bawah
lama tunggu = 5

# %% spasi-dalam-nama: dipakai sesudahnya
# galat: SyntaxError, baris 2
lama_tunggu = 5
lama tunggu

# %% penulisan-angka: nol di depan
# galat: SyntaxError, baris 1
# pesan: nol di depan
jam_buka = 08

# %% penulisan-angka: titik pemisah ribuan
# galat: SyntaxError, baris 1
# pesan: pemisah ribuan
biaya = 1.250.000

# %% nama-diawali-angka: nomor loket
# galat: SyntaxError, baris 1
# pesan: `loket2`
2loket = "informasi"

# %% angka-dan-satuan: menit
# galat: SyntaxError, baris 1
# pesan: satuan
lama = 5 menit

# %% angka-dan-satuan: rupiah
# galat: SyntaxError, baris 1
biaya = Rp 5000

# %% kata-kunci: class
# galat: SyntaxError, baris 1
# pesan: Pilih nama lain
class = "pagi"

# %% koma-hilang: dua nilai
# galat: SyntaxError, baris 1
# pesan: pisahkan setiap nilai dengan koma
print("Loket" 2)

# %% return-di-luar: baris yang tidak menjorok
# galat: SyntaxError, baris 3
# pesan: hanya berlaku di dalam fungsi
def giliran(orang, menit):
    lama = orang * menit
return lama

# %% tulisan-tak-terbaca: hitungan yang terputus
# galat: SyntaxError, baris 1
lama = 24 *

# %% blok-kosong: isi fungsi tidak menjorok
# galat: IndentationError, baris 2
# pesan: empat spasi
def giliran(orang, menit):
return orang * menit

# %% terlalu-menjorok: spasi di depan baris
# galat: IndentationError, baris 2
# pesan: lebih menjorok
orang = 24
  menit = 5

# %% indentasi-tidak-sama: baris ketiga
# galat: IndentationError, baris 3
# pesan: tidak sama
def giliran(orang, menit):
    lama = orang * menit
  return lama

# %% tab-dan-spasi: dalam satu blok
# galat: TabError, baris 3
# pesan: tab dan spasi
def giliran(orang, menit):
	lama = orang * menit
        return lama
