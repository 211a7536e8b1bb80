# %% benar: bertahap
kata = nama_ketikan.lower().split()
nama_rapi = " ".join(kata).title()

# %% benar: kata demi kata
nama_rapi = " ".join(kata.capitalize() for kata in nama_ketikan.split())

# %% salah (0): hanya strip
# pesan: lebih dari satu spasi
nama_rapi = nama_ketikan.strip().title()

# %% salah (0): spasi di tepi tertinggal
# pesan: spasi di awal atau di akhir
nama_rapi = nama_ketikan.title()

# %% salah (0): semua spasi dihapus
# pesan: Spasi di antara kedua kata ikut hilang
nama_rapi = nama_ketikan.replace(" ", "").title()

# %% salah (0): hanya huruf pertama
# pesan: Huruf besar dan huruf kecilnya belum tepat
nama_rapi = " ".join(nama_ketikan.split()).capitalize()
