# %% benar: kembali lebih awal
def teks_durasi(menit):
    jam = menit // 60
    sisa = menit % 60
    if jam > 0 and sisa > 0:
        return f"{jam} jam {sisa} menit"
    if jam > 0:
        return f"{jam} jam"
    return f"{sisa} menit"

# %% benar: bagian disambung
def teks_durasi(menit):
    jam, sisa = divmod(menit, 60)
    teks = ""
    if jam:
        teks = f"{jam} jam"
    if sisa or not jam:
        teks = f"{teks} {sisa} menit"
    return teks.strip()

# %% salah (0): kedua bagian selalu ditulis
# pesan: Bagian yang bernilai nol tidak ditulis
def teks_durasi(menit):
    return f"{menit // 60} jam {menit % 60} menit"

# %% salah (0): nol menjadi teks kosong
# pesan: Jika keduanya nol, bagian menit tetap ditulis
def teks_durasi(menit):
    jam = menit // 60
    sisa = menit % 60
    if jam == 0 and sisa == 0:
        return ""
    elif sisa == 0:
        return f"{jam} jam"
    elif jam == 0:
        return f"{sisa} menit"
    return f"{jam} jam {sisa} menit"

# %% salah (0): nol ditulis sebagai jam
# pesan: Jika keduanya nol, bagian menit tetap ditulis
def teks_durasi(menit):
    if menit % 60 == 0:
        return f"{menit // 60} jam"
    elif menit < 60:
        return f"{menit} menit"
    return f"{menit // 60} jam {menit % 60} menit"

# %% salah (0): tanpa cabang untuk jam utuh
# pesan: tidak ada cabang yang menjalankan return
def teks_durasi(menit):
    if menit < 60:
        return f"{menit} menit"
    elif menit % 60 != 0:
        return f"{menit // 60} jam {menit % 60} menit"

# %% salah (0): spasi tertinggal sesudah jam
# pesan: Ada spasi yang berlebih di tepi atau di tengah teks itu
def teks_durasi(menit):
    teks = ""
    if menit >= 60:
        teks = f"{menit // 60} jam "
    if menit % 60 > 0 or menit == 0:
        teks = teks + f"{menit % 60} menit"
    return teks

# %% salah (0): bagian nol dihapus dari teksnya
# pesan: teks_durasi(645) seharusnya '10 jam 45 menit', tetapi hasilnya '145 menit'
def teks_durasi(menit):
    if menit == 0:
        return "0 menit"
    return f"{menit // 60} jam {menit % 60} menit".replace("0 jam ", "").replace(" 0 menit", "")
