# %% benar: zfill di dalam f-string
nomor_antrean = f"{huruf_layanan}-{str(urutan).zfill(3)}"

# %% benar: disambung dengan tanda tambah
nomor_antrean = huruf_layanan + "-" + str(urutan).zfill(3)

# %% benar: join dan rjust
nomor_antrean = "-".join([huruf_layanan, str(urutan).rjust(3, "0")])

# %% salah (0): zfill pada huruf
# pesan: Angka nol ada di depan huruf
nomor_antrean = f"{huruf_layanan.zfill(3)}-{urutan}"

# %% salah (0): zfill pada seluruh nomor
# pesan: Huruf ikut dihitung
nomor_antrean = f"{huruf_layanan}-{urutan}".zfill(5)

# %% salah (0): tanpa nol
# pesan: tidak terdiri atas tiga angka
nomor_antrean = f"{huruf_layanan}-{urutan}"

# %% salah (0): dua angka
# pesan: tidak terdiri atas tiga angka
nomor_antrean = f"{huruf_layanan}-{urutan:02d}"

# %% salah (0): spasi di kiri dan kanan tanda hubung
# pesan: Ada spasi di dalam teks itu
nomor_antrean = f"{huruf_layanan} - {urutan:03d}"

# %% salah (0): tanpa tanda hubung
# pesan: Tanda hubungnya belum ada
nomor_antrean = huruf_layanan + str(urutan).zfill(3)

# %% salah (0): huruf kecil
# pesan: Hurufnya berubah menjadi huruf kecil
nomor_antrean = f"{huruf_layanan.lower()}-{urutan:03d}"

# %% salah (0): huruf f terlupa
# pesan: huruf f di depan tanda kutip belum ada
nomor_antrean = "{huruf_layanan}-{urutan:03d}"

# %% salah (0): garis bawah sebagai penghubung tambahan
# pesan: karakter demi karakter
nomor_antrean = f"{huruf_layanan}-_{urutan:03d}"

# %% salah (0): koma membuat dua nilai
# pesan: Tipenya tuple
nomor_antrean = huruf_layanan, "-007"

# %% salah (0): hasil print
# pesan: Nilai None muncul
nomor_antrean = print(f"{huruf_layanan}-{urutan:03d}")

# %% salah (0): bilangan disambung dengan teks
# pesan: Nama nomor_antrean belum ada
nomor_antrean = huruf_layanan + "-" + urutan

# %% salah (6): dua nol yang tetap
# pesan: huruf 'B' dan urutan 30
nomor_antrean = f"{huruf_layanan}-00{urutan}"

# %% salah (6): selalu huruf besar
# pesan: huruf seperti pada masukan
nomor_antrean = f"{huruf_layanan.upper()}-{urutan:03d}"

# %% salah (6): teks yang tetap
# pesan: tetap sama walaupun huruf dan urutannya berubah
nomor_antrean = "A-007"

# %% salah (6): huruf yang tetap
# pesan: huruf 'B' dan urutan 30
nomor_antrean = f"A-{urutan:03d}"
