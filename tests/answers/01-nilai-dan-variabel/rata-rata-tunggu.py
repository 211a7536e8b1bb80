# %% benar: satu baris
rata_rata_tunggu = round((tunggu_sri + tunggu_made + tunggu_yohana) / 3, 1)

# %% benar: dibagi dahulu tanpa pembulatan
bagian = tunggu_sri / 3 + tunggu_made / 3 + tunggu_yohana / 3
rata_rata_tunggu = round(bagian, 1)

# %% benar: lewat teks berformat, lalu menjadi bilangan
jumlah = 0
jumlah += tunggu_sri
jumlah += tunggu_made
jumlah += tunggu_yohana
rata_rata_tunggu = float(f"{jumlah / 3:.1f}")

# %% benar: dengan daftar
tunggu = [tunggu_sri, tunggu_made, tunggu_yohana]
rata_rata_tunggu = round(sum(tunggu) / len(tunggu), 1)

# %% benar: dengan NumPy
import numpy as np

rata_rata_tunggu = round(np.mean([tunggu_sri, tunggu_made, tunggu_yohana]), 1)

# %% salah (0): setiap nilai dibulatkan dahulu
# pesan: setiap nilai dibulatkan sebelum dijumlahkan
rata_rata_tunggu = (round(tunggu_sri) + round(tunggu_made) + round(tunggu_yohana)) / 3

# %% salah (0): dibulatkan dahulu dan sesudahnya
# pesan: setiap nilai dibulatkan sebelum dijumlahkan
rata_rata_tunggu = round((round(tunggu_sri) + round(tunggu_made) + round(tunggu_yohana)) / 3, 1)

# %% salah (0): tidak dibulatkan
# pesan: tetapi belum dibulatkan
rata_rata_tunggu = (tunggu_sri + tunggu_made + tunggu_yohana) / 3

# %% salah (0): tanpa tanda kurung
# pesan: hanya nilai terakhir yang dibagi tiga
rata_rata_tunggu = round(tunggu_sri + tunggu_made + tunggu_yohana / 3, 1)

# %% salah (0): jumlah, bukan rata-rata
# pesan: sudah dijumlahkan, tetapi belum dibagi
rata_rata_tunggu = round(tunggu_sri + tunggu_made + tunggu_yohana, 1)

# %% salah (0): dibulatkan sampai bilangan bulat
# pesan: sudah dibulatkan sampai bilangan bulat
rata_rata_tunggu = round((tunggu_sri + tunggu_made + tunggu_yohana) / 3)

# %% salah (0): pembagian bulat
# pesan: Bagian di belakang koma dibuang
rata_rata_tunggu = (tunggu_sri + tunggu_made + tunggu_yohana) // 3

# %% salah (0): rata-rata dari rata-rata
# pesan: Jumlah ketiganya 29,2 menit
rata_rata_tunggu = round(((tunggu_sri + tunggu_made) / 2 + tunggu_yohana) / 2, 1)

# %% salah (0): teks
# pesan: yang diminta bilangan, bukan teks
rata_rata_tunggu = f"{(tunggu_sri + tunggu_made + tunggu_yohana) / 3:.1f}"

# %% salah (0): koma memisahkan dua nilai
# pesan: desimal ditulis dengan titik
rata_rata_tunggu = 9,7

# %% salah (0): hasil print
# pesan: Nilai None muncul
rata_rata_tunggu = print(round((tunggu_sri + tunggu_made + tunggu_yohana) / 3, 1))

# %% salah (6): angka hasil hitungan sendiri
# pesan: tetap sama walaupun waktu tunggunya berubah
rata_rata_tunggu = 9.7

# %% salah (6): dipotong, bukan dibulatkan
# pesan: bulatkan hasil akhirnya menjadi satu angka
rata_rata_tunggu = int((tunggu_sri + tunggu_made + tunggu_yohana) / 3 * 10) / 10

# %% salah (6): dua nilai ditulis sebagai angka
# pesan: 4, 4, dan 9 menit menghasilkan 5.7
rata_rata_tunggu = round((tunggu_sri + 7.4 + 8.4) / 3, 1)
