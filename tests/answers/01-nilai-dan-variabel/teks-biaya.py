# %% benar: satu baris
teks_biaya = "Rp" + f"{biaya:,}".replace(",", ".")

# %% benar: garis bawah sebagai perantara
teks_biaya = f"Rp{biaya:_}".replace("_", ".")

# %% benar: split dan join
teks_biaya = "Rp" + ".".join(format(biaya, ",d").split(","))

# %% benar: dengan perulangan
sisa = str(biaya)
bagian = []
while sisa:
    bagian.insert(0, sisa[-3:])
    sisa = sisa[:-3]
teks_biaya = "Rp" + ".".join(bagian)

# %% salah (0): koma sebagai pemisah ribuan
# pesan: Koma sebagai pemisah ribuan
teks_biaya = f"Rp{biaya:,}"

# %% salah (0): spasi sesudah Rp
# pesan: Ada spasi di dalam teks itu
teks_biaya = "Rp " + f"{biaya:,}".replace(",", ".")

# %% salah (0): titik sesudah Rp
# pesan: Rp adalah lambang
teks_biaya = "Rp." + f"{biaya:,}".replace(",", ".")

# %% salah (0): tanpa pemisah
# pesan: Pemisah ribuannya belum ada
teks_biaya = f"Rp{biaya}"

# %% salah (0): dua angka desimal
# pesan: Ada tambahan di belakang angkanya
teks_biaya = f"Rp{biaya:,.2f}"

# %% salah (0): koma nol nol
# pesan: Ada tambahan di belakang angkanya
teks_biaya = "Rp" + f"{biaya:,}".replace(",", ".") + ",00"

# %% salah (0): huruf besar semua
# pesan: tidak diawali huruf R besar dan p kecil
teks_biaya = "RP" + f"{biaya:,}".replace(",", ".")

# %% salah (0): huruf f terlupa
# pesan: huruf f di depan tanda kutip belum ada
teks_biaya = "Rp" + "{biaya:,}".replace(",", ".")

# %% salah (0): bilangan, bukan teks
# pesan: Tipenya int
teks_biaya = biaya

# %% salah (0): hasil replace tidak disimpan
# pesan: Koma sebagai pemisah ribuan
teks_biaya = f"Rp{biaya:,}"
teks_biaya.replace(",", ".")

# %% salah (0): hasil print
# pesan: Nilai None muncul
teks_biaya = print("Rp1.250.000")

# %% salah (0): bagian ribuan tanpa nol
# pesan: karakter demi karakter
teks_biaya = f"Rp{biaya // 1000000}.{biaya // 1000 % 1000}.{biaya % 1000}"

# %% salah (8): selalu dua titik
# pesan: biaya 7500 menghasilkan 'Rp7.500'
teks_biaya = f"Rp{biaya // 1000000}.{biaya // 1000 % 1000:03d}.{biaya % 1000:03d}"

# %% salah (8): tiga nol yang tetap
# pesan: biaya 250 menghasilkan 'Rp250'
teks_biaya = "Rp" + f"{biaya // 1000:,}".replace(",", ".") + ".000"

# %% salah (8): teks yang tetap
# pesan: tetap sama walaupun biayanya berubah
teks_biaya = "Rp1.250.000"

# %% salah (8): nol dihilangkan
# pesan: Rp langsung diikuti angka
teks_biaya = "Rp" + f"{biaya:,}".replace(",", ".").strip("0").ljust(9, "0")
