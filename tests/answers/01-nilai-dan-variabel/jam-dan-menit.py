# %% benar: int dan pengurangan
jam = int(total_menit / 60)
menit = total_menit - jam * 60

# %% benar: bilangan desimal yang bernilai bulat
jam = total_menit // 60.0
menit = total_menit % 60.0

# %% benar: divmod
jam, menit = divmod(total_menit, 60)

# %% salah (0): garis miring tunggal
# pesan: Tanda / membagi sampai ke belakang koma
jam = total_menit / 60
menit = total_menit % 60

# %% salah (0): dibulatkan
# pesan: jam ketiga belum utuh
jam = round(total_menit / 60)
menit = total_menit % 60

# %% salah (0): tertukar
# pesan: Kedua nama tertukar
jam = total_menit % 60
menit = total_menit // 60

# %% salah (0): bagian jam dianggap menit
# pesan: bagian dari satu jam, belum menit
jam = total_menit // 60
menit = total_menit / 60 - jam

# %% salah (0): bagian jam dikali seratus
# pesan: bagian dari satu jam, belum menit
jam = total_menit // 60
menit = (total_menit / 60 - jam) * 100

# %% salah (0): hanya satu jam yang dikurangkan
# pesan: Baru satu jam yang dikurangkan
jam = total_menit // 60
menit = total_menit - 60

# %% salah (0): teks
# pesan: Tipe jam adalah str
jam = str(total_menit // 60)
menit = str(total_menit % 60)

# %% salah (0): menit berupa teks
# pesan: Tipe menit adalah str
jam = total_menit // 60
menit = f"{total_menit % 60}"

# %% salah (0): menit adalah seluruhnya
# pesan: yang tersisa sesudah semua jam utuh diambil
jam = total_menit // 60
menit = total_menit

# %% salah (0): satu hari 24 jam, satu jam 100 menit
# pesan: Satu jam utuh berarti 60 menit
jam = total_menit // 100
menit = total_menit % 100

# %% salah (0): menit belum ada
# pesan: Nama jam atau menit belum ada
jam = total_menit // 60

# %% salah (6): jam tepat dianggap belum penuh
# pesan: total_menit = 180
jam = (total_menit - 1) // 60
menit = total_menit - jam * 60

# %% salah (6): angka hasil hitungan sendiri
# pesan: tetap sama walaupun total_menit berubah
jam = 2
menit = 45

# %% salah (6): dua jam selalu dikurangkan
# pesan: total_menit = 180
jam = total_menit // 60
menit = total_menit - 120

# %% salah (6): jam dihitung dalam satu hari
# pesan: Aturan: jam adalah banyaknya jam utuh
jam = total_menit // 60 % 24
menit = total_menit % 60
