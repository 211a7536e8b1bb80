# %% benar: dua cabang
def bunga_keterlambatan(retribusi, bulan):
    if bulan <= 24:
        return retribusi * bulan // 100
    else:
        return retribusi * 24 // 100

# %% benar: min
def bunga_keterlambatan(retribusi, bulan):
    return retribusi * min(bulan, 24) // 100

# %% salah (0): tanpa batas
# pesan: Bulan ke-25 dan sesudahnya tidak menambah bunga
def bunga_keterlambatan(retribusi, bulan):
    return retribusi * bulan // 100

# %% salah (0): bulan ke-24 tidak dihitung
# pesan: Bulan ke-24 masih dihitung penuh
def bunga_keterlambatan(retribusi, bulan):
    if bulan >= 24:
        bulan = 23
    return retribusi * bulan // 100

# %% salah (0): dibagi sampai desimal
# pesan: Kalikan dahulu, lalu bagi dengan tanda //
def bunga_keterlambatan(retribusi, bulan):
    if bulan > 24:
        bulan = 24
    return retribusi * bulan / 100

# %% salah (0): dibagi sebelum dikali
# pesan: Kalikan dahulu, lalu bagi dengan tanda //
def bunga_keterlambatan(retribusi, bulan):
    if bulan > 24:
        bulan = 24
    return retribusi // 100 * bulan

# %% salah (0): dibulatkan ke bilangan terdekat
# pesan: Kalikan dahulu, lalu bagi dengan tanda //
def bunga_keterlambatan(retribusi, bulan):
    if bulan > 24:
        bulan = 24
    return round(retribusi * bulan / 100)
