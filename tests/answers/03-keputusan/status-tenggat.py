# %% benar: kembali lebih awal
def status_tenggat(hari_kerja, batas):
    sisa = batas - hari_kerja
    if sisa < 0:
        return "terlambat"
    if sisa <= 1:
        return "mendekati batas"
    return "tepat waktu"

# %% benar: dari yang paling longgar, dan ditampilkan juga
def status_tenggat(hari_kerja, batas):
    if hari_kerja < batas - 1:
        status = "tepat waktu"
    elif hari_kerja <= batas:
        status = "mendekati batas"
    else:
        status = "terlambat"
    print(status)
    return status

# %% benar: syarat yang saling lepas
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat"
    if hari_kerja == batas or hari_kerja == batas - 1:
        return "mendekati batas"
    if hari_kerja + 1 < batas:
        return "tepat waktu"

# %% benar: rantai
def status_tenggat(hari_kerja, batas):
    if 0 <= batas - hari_kerja <= 1:
        return "mendekati batas"
    elif batas - hari_kerja > 1:
        return "tepat waktu"
    return "terlambat"

# %% benar: ungkapan bersyarat
def status_tenggat(hari_kerja, batas):
    return "terlambat" if hari_kerja > batas else "mendekati batas" if hari_kerja in (batas, batas - 1) else "tepat waktu"

# %% salah (0): print, bukan return
# pesan: atau hasilnya hanya ditampilkan dengan print
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        print("terlambat")
    elif batas - hari_kerja <= 1:
        print("mendekati batas")
    else:
        print("tepat waktu")

# %% salah (0): isi fungsi masih tiga titik
# pesan: tidak ada cabang yang menjalankan return
def status_tenggat(hari_kerja, batas):
    ...

# %% salah (0): tanpa else
# pesan: tidak ada cabang yang menjalankan return
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat"
    elif batas - hari_kerja <= 1:
        return "mendekati batas"

# %% salah (0): hari terakhir dianggap terlambat
# pesan: Hari terakhir masih termasuk batas waktu: lebih dari berbeda dengan sama dengan
def status_tenggat(hari_kerja, batas):
    if hari_kerja >= batas:
        return "terlambat"
    elif batas - hari_kerja <= 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): sisa satu hari tidak termasuk
# pesan: Sisanya tepat satu hari kerja, dan "paling banyak satu" memuat satu
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat"
    elif batas - hari_kerja < 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): sisa nol tidak termasuk
# pesan: Hari terakhir belum lewat, dan sisanya nol
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat"
    elif batas - hari_kerja == 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): urutan cabang
# pesan: Sisanya minus satu, jadi cabang untuk sisa kecil ikut cocok
def status_tenggat(hari_kerja, batas):
    if batas - hari_kerja <= 1:
        return "mendekati batas"
    elif hari_kerja > batas:
        return "terlambat"
    else:
        return "tepat waktu"

# %% salah (0): if terakhir menimpa
# pesan: bagian "Cabang pertama yang cocok" dalam Keputusan 1
def status_tenggat(hari_kerja, batas):
    status = "tepat waktu"
    if hari_kerja > batas:
        status = "terlambat"
    if batas - hari_kerja <= 1:
        status = "mendekati batas"
    return status

# %% salah (0): else milik if kedua
# pesan: status_tenggat(6, 5) seharusnya 'terlambat', tetapi hasilnya 'mendekati batas'
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        status = "terlambat"
    if batas - hari_kerja <= 1:
        status = "mendekati batas"
    else:
        status = "tepat waktu"
    return status

# %% salah (0): tanda perbandingan terbalik
# pesan: Hari ke-3 belum melewati batas 5. Periksa arah tanda perbandingan
def status_tenggat(hari_kerja, batas):
    if hari_kerja < batas:
        return "terlambat"
    elif batas - hari_kerja <= 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): parameter tertukar
# pesan: Periksa arah tanda perbandingan, urutan parameter
def status_tenggat(batas, hari_kerja):
    if hari_kerja > batas:
        return "terlambat"
    elif batas - hari_kerja <= 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): sisa terbalik
# pesan: Sisanya dua hari kerja, lebih dari satu
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat"
    elif hari_kerja - batas <= 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): dua hari dianggap mendekati
# pesan: Sisanya dua hari kerja, lebih dari satu
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat"
    elif batas - hari_kerja <= 2:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): huruf besar
# pesan: Ketiga teks ditulis dengan huruf kecil
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "Terlambat"
    elif batas - hari_kerja <= 1:
        return "Mendekati batas"
    else:
        return "Tepat waktu"

# %% salah (0): titik di akhir
# pesan: Ada spasi atau tanda baca yang berlebih
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat."
    elif batas - hari_kerja <= 1:
        return "mendekati batas."
    else:
        return "tepat waktu."

# %% salah (0): kata lain
# pesan: Itu bukan salah satu dari ketiga teks pada soal
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat"
    elif batas - hari_kerja <= 1:
        return "mendekati"
    else:
        return "tepat waktu"

# %% salah (0): True, bukan teks
# pesan: Tipenya bool, padahal yang diminta teks
def status_tenggat(hari_kerja, batas):
    return hari_kerja > batas

# %% salah (0): teks di kanan or
# pesan: urutan parameter, dan teks di kanan or
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas or "batas":
        return "terlambat"
    elif batas - hari_kerja <= 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): batas selalu lima
# pesan: Batas berasal dari parameter, bukan selalu 5
def status_tenggat(hari_kerja, batas):
    if hari_kerja > 5:
        return "terlambat"
    elif 5 - hari_kerja <= 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): dua nilai
# pesan: Sesudah return, sambungkan semuanya menjadi satu teks
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat", hari_kerja - batas
    return "tepat waktu", batas - hari_kerja

# %% salah (6): hanya satu hari terlambat yang dikenal
# pesan: Contoh lain: status_tenggat(9, 7) adalah 'terlambat'
def status_tenggat(hari_kerja, batas):
    if hari_kerja == batas + 1:
        return "terlambat"
    elif batas - hari_kerja <= 1:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (6): delapan puluh persen waktu terpakai
# pesan: Aturan: lebih dari batas berarti terlambat
def status_tenggat(hari_kerja, batas):
    if hari_kerja > batas:
        return "terlambat"
    elif hari_kerja >= 0.8 * batas:
        return "mendekati batas"
    else:
        return "tepat waktu"

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 5: nama, urutan, dan nilai bawaan parameternya
def status_tenggat(hari, batas):
    if hari > batas:
        return "terlambat"
    elif batas - hari <= 1:
        return "mendekati batas"
    else:
        return "tepat waktu"
