# %% benar: tanda kutip tunggal
nama_layanan = 'Legalisasi akta'

# %% benar: dua teks yang disambung
jenis_layanan = "Pembuatan "
nama_layanan = jenis_layanan + "KTP-el"

# %% benar: spasi di tepi dan hasil antara yang ditampilkan
nama_layanan = "  Pajak kendaraan bermotor  "
print(nama_layanan)

# %% salah (0): belum diisi
# pesan: masih Ellipsis, yaitu tiga titik: belum diisi
nama_layanan = ...

# %% salah (0): nama disalahejakan
# pesan: Nama nama_layanan belum ada
nama_layanann = "Pembuatan KTP-el"

# %% salah (0): tanpa tanda kutip
# pesan: periksa tanda kutip dan ejaan namanya
nama_layanan = Legalisasi

# %% salah (0): angka
# pesan: hasilnya 7, yang bukan teks
nama_layanan = 7

# %% salah (0): None
# pesan: hasilnya None, yang bukan teks
nama_layanan = None

# %% salah (0): teks kosong
# pesan: kosong atau hanya berisi spasi
nama_layanan = ""

# %% salah (0): hanya spasi
# pesan: kosong atau hanya berisi spasi
nama_layanan = "   "

# %% salah (0): tiga titik di dalam tanda kutip
# pesan: hanya berisi titik
nama_layanan = "..."

# %% setara: setiap teks yang bukan contoh dan tidak kosong adalah jawaban yang benar
nama_layanan = "XPendaftaran pasien puskesmasX"
