# %% benar: angka dihitung di kepala
jumlah_loket_buka = 5

# %% benar: selangkah demi selangkah
jumlah_loket_buka = jumlah_loket
jumlah_loket_buka = jumlah_loket_buka - loket_tutup

# %% benar: bilangan desimal dengan nilai yang sama
jumlah_loket_buka = 5.0
print(jumlah_loket_buka)

# %% salah (0): belum diisi
# pesan: masih Ellipsis, yaitu tiga titik: belum diisi
jumlah_loket_buka = ...

# %% salah (0): nama disalahejakan
# pesan: Nama jumlah_loket_buka belum ada
jumlah_loket_bukaa = jumlah_loket - loket_tutup

# %% salah (0): dijumlahkan
# pesan: tidak mungkin lebih banyak daripada semua loket
jumlah_loket_buka = jumlah_loket + loket_tutup

# %% salah (0): urutan pengurangan terbalik
# pesan: tidak mungkin kurang dari nol
jumlah_loket_buka = loket_tutup - jumlah_loket

# %% salah (0): loket tutup tidak dikurangi
# pesan: masih ikut terhitung
jumlah_loket_buka = jumlah_loket

# %% salah (0): menyebut yang tutup
# pesan: sedangkan soal menanyakan yang buka
jumlah_loket_buka = loket_tutup

# %% salah (0): angka di dalam tanda kutip
# pesan: hasilnya teks '5'
jumlah_loket_buka = "5"

# %% salah (0): benar/salah dikira angka
# pesan: hasilnya True, yang bukan angka
jumlah_loket_buka = True

# %% salah (0): salah hitung
# pesan: Bandingkan hitungan Anda
jumlah_loket_buka = 6
