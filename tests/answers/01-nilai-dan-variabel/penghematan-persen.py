# %% benar: dengan nama perantara
selisih = sebelum - sesudah
penghematan_persen = 100 * selisih / sebelum

# %% benar: dari bagian yang tersisa
penghematan_persen = (1 - sesudah / sebelum) * 100

# %% salah (0): dibandingkan dengan sesudah
# pesan: dibandingkan dengan keadaan sesudah
penghematan_persen = (sebelum - sesudah) / sesudah * 100

# %% salah (0): pecahan
# pesan: masih pecahan, belum persen
penghematan_persen = (sebelum - sesudah) / sebelum

# %% salah (0): tanda terbalik
# pesan: Tandanya terbalik
penghematan_persen = (sesudah - sebelum) / sebelum * 100

# %% salah (0): tanpa tanda kurung
# pesan: bagian mana yang dihitung lebih dahulu
penghematan_persen = sebelum - sesudah / sebelum * 100

# %% salah (0): teks dengan tanda persen
# pesan: Tipenya str
penghematan_persen = "37.5%"
