# %% benar: tiga baris yang disambung
baris_1 = f"Nomor: {nomor_kartu}"
baris_2 = f"Layanan: {layanan_kartu}"
baris_3 = f"Perkiraan tunggu: {tunggu_kartu} menit"
kartu = baris_1 + "\n" + baris_2 + "\n" + baris_3

# %% benar: join
kartu = "\n".join([
    "Nomor: " + nomor_kartu,
    "Layanan: " + layanan_kartu,
    "Perkiraan tunggu: " + str(tunggu_kartu) + " menit",
])

# %% benar: tanda kutip tiga
kartu = f"""Nomor: {nomor_kartu}
Layanan: {layanan_kartu}
Perkiraan tunggu: {tunggu_kartu} menit"""

# %% salah (0): hanya dicetak
# pesan: Nilai None muncul
kartu = print(f"Nomor: {nomor_kartu}\nLayanan: {layanan_kartu}\nPerkiraan tunggu: {tunggu_kartu} menit")

# %% salah (0): huruf f terlupa
# pesan: Periksa huruf f di depan tanda kutip
kartu = "Nomor: {nomor_kartu}\nLayanan: {layanan_kartu}\nPerkiraan tunggu: {tunggu_kartu} menit"

# %% salah (0): pindah baris di akhir
# pesan: Sesudah baris ketiga masih ada
kartu = f"Nomor: {nomor_kartu}\nLayanan: {layanan_kartu}\nPerkiraan tunggu: {tunggu_kartu} menit\n"

# %% salah (0): spasi di awal baris
# pesan: Ada spasi di awal baris
kartu = f"Nomor: {nomor_kartu}\n Layanan: {layanan_kartu}\n Perkiraan tunggu: {tunggu_kartu} menit"

# %% salah (0): baris kosong di awal
# pesan: Ada baris kosong di dalamnya
kartu = f"""
Nomor: {nomor_kartu}
Layanan: {layanan_kartu}
Perkiraan tunggu: {tunggu_kartu} menit"""

# %% salah (0): garis miring biasa
# pesan: dengan garis miring terbalik
kartu = f"Nomor: {nomor_kartu}/nLayanan: {layanan_kartu}/nPerkiraan tunggu: {tunggu_kartu} menit"

# %% salah (0): satu baris
# pesan: tidak terdiri atas tiga baris
kartu = f"Nomor: {nomor_kartu}, Layanan: {layanan_kartu}, Perkiraan tunggu: {tunggu_kartu} menit"

# %% salah (0): satuan terlupa
# pesan: Satuan waktunya belum tertulis
kartu = f"Nomor: {nomor_kartu}\nLayanan: {layanan_kartu}\nPerkiraan tunggu: {tunggu_kartu}"

# %% salah (0): label lain
# pesan: karakter demi karakter
kartu = f"Nomor antrean: {nomor_kartu}\nLayanan: {layanan_kartu}\nPerkiraan tunggu: {tunggu_kartu} menit"

# %% salah (0): tiga nilai, bukan satu teks
# pesan: Tipenya tuple
kartu = f"Nomor: {nomor_kartu}", f"Layanan: {layanan_kartu}", f"Perkiraan tunggu: {tunggu_kartu} menit"

# %% salah (8): teks yang tetap
# pesan: tetap sama walaupun masukannya berubah
kartu = "Nomor: C-021\nLayanan: Pajak Daerah\nPerkiraan tunggu: 18 menit"

# %% salah (8): layanan yang tetap
# pesan: diambil dari masukan
kartu = f"Nomor: {nomor_kartu}\nLayanan: Pajak Daerah\nPerkiraan tunggu: {tunggu_kartu} menit"

# %% salah (8): huruf layanan diubah
# pesan: diambil dari masukan
kartu = f"Nomor: {nomor_kartu}\nLayanan: {layanan_kartu.title()}\nPerkiraan tunggu: {tunggu_kartu} menit"
