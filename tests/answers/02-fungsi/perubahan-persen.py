# %% benar: satu baris
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / sebelum * 100, 1)

# %% benar: perbandingan dikurangi seratus
def perubahan_persen(sebelum, sesudah):
    return round(sesudah / sebelum * 100 - 100, 1)

# %% benar: pecahan dibulatkan tiga angka, lalu dikali seratus
def perubahan_persen(sebelum, sesudah):
    pecahan = (sesudah - sebelum) / sebelum
    print(pecahan)
    return round(pecahan, 3) * 100

# %% benar: fungsi pembantu
def persen(bagian, seluruh):
    return 100 * bagian / seluruh


perubahan_persen = lambda sebelum, sesudah: round(persen(sesudah - sebelum, sebelum), ndigits=1)

# %% salah (0): print, bukan return
# pesan: return belum ditulis, atau hasilnya hanya ditampilkan dengan print
def perubahan_persen(sebelum, sesudah):
    print(round((sesudah - sebelum) / sebelum * 100, 1))

# %% salah (0): dibandingkan dengan keadaan sesudah
# pesan: dibandingkan dengan keadaan sesudah, bukan keadaan sebelum
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / sesudah * 100, 1)

# %% salah (0): kedua masukan tertukar
# pesan: dibandingkan dengan keadaan sesudah, bukan keadaan sebelum
def perubahan_persen(sesudah, sebelum):
    return round((sesudah - sebelum) / sebelum * 100, 1)

# %% salah (0): tanda terbalik
# pesan: dari 40 ke 30 adalah penurunan
def perubahan_persen(sebelum, sesudah):
    return round((sebelum - sesudah) / sebelum * 100, 1)

# %% salah (0): selalu positif
# pesan: Besarnya tepat, tetapi tandanya tidak
def perubahan_persen(sebelum, sesudah):
    return round(abs(sesudah - sebelum) / sebelum * 100, 1)

# %% salah (0): perbandingan, bukan perubahan
# pesan: Itu perbandingan sesudah dengan sebelum
def perubahan_persen(sebelum, sesudah):
    return round(sesudah / sebelum * 100, 1)

# %% salah (0): selisih saja
# pesan: belum dalam persen
def perubahan_persen(sebelum, sesudah):
    return round(sesudah - sebelum, 1)

# %% salah (0): tanpa dikali seratus
# pesan: Hasil itu masih pecahan
def perubahan_persen(sebelum, sesudah):
    return (sesudah - sebelum) / sebelum

# %% salah (0): pecahan yang dibulatkan
# pesan: Hasil itu masih pecahan
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / sebelum, 1)

# %% salah (0): dibulatkan terlalu awal
# pesan: Pecahannya dibulatkan sebelum dikali 100
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / sebelum, 1) * 100

# %% salah (0): tidak dibulatkan
# pesan: belum dibulatkan menjadi satu angka
def perubahan_persen(sebelum, sesudah):
    return (sesudah - sebelum) / sebelum * 100

# %% salah (0): dibulatkan menjadi bilangan bulat
# pesan: Pembulatannya terlalu kasar: hasilnya dibulatkan menjadi bilangan bulat
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / sebelum * 100)

# %% salah (0): dua angka di belakang koma
# pesan: dua angka di belakang koma
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / sebelum * 100, 2)

# %% salah (0): tanda kurung terlupa
# pesan: periksa tanda kurung. Baca lagi butir
def perubahan_persen(sebelum, sesudah):
    return round(sesudah - sebelum / sebelum * 100, 1)

# %% salah (0): teks dengan tanda persen
# pesan: Tipenya str, padahal yang diminta int atau float
def perubahan_persen(sebelum, sesudah):
    return f"{round((sesudah - sebelum) / sebelum * 100, 1)}%"

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: bagian "Nama di dalam dan di luar fungsi" dalam Fungsi 1
tunggu_lama = 40
tunggu_baru = 30


def perubahan_persen(sebelum, sesudah):
    return round((tunggu_baru - tunggu_lama) / tunggu_lama * 100, 1)

# %% salah (6): kenaikan dianggap nol
# pesan: Contoh lain: perubahan_persen(60, 70) seharusnya 16.7
def perubahan_persen(sebelum, sesudah):
    return min(round((sesudah - sebelum) / sebelum * 100, 1), 0)

# %% salah (6): dibandingkan dengan yang lebih besar
# pesan: Aturan: selisih sesudah dan sebelum dibandingkan dengan sebelum
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / max(sebelum, sesudah) * 100, 1)

# %% salah (0): pecahan dibulatkan dua angka, lalu dikali seratus
# pesan: atau pecahannya dibulatkan sebelum dikali 100
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / sebelum, 2) * 100

# %% salah (0): dibandingkan dengan keadaan sesudah, tanpa pembulatan
# pesan: dibandingkan dengan keadaan sesudah, bukan keadaan sebelum
def perubahan_persen(sebelum, sesudah):
    return (sesudah - sebelum) / sesudah * 100

# %% salah (0): dibandingkan dengan keadaan sesudah, tanda terbalik
# pesan: dibandingkan dengan keadaan sesudah, bukan keadaan sebelum
def perubahan_persen(sebelum, sesudah):
    return (sebelum - sesudah) / sesudah * 100

# %% salah (0): tanda kurung terlupa, tanda terbalik
# pesan: Yang dibagi seharusnya selisihnya, bukan hanya salah satu bilangan
def perubahan_persen(sebelum, sesudah):
    return round(sebelum - sesudah / sebelum * 100, 1)

# %% salah (0): koma di luar tanda kurung round
# pesan: Periksa koma pada baris return, misalnya koma di luar tanda kurung
def perubahan_persen(sebelum, sesudah):
    return round((sesudah - sebelum) / sebelum * 100), 1

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 5: nama, urutan, dan nilai bawaan parameternya
def perubahan_persen(lama, baru):
    return round((baru - lama) / lama * 100, 1)

# %% salah (0): salah satu nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 5: nama, urutan, dan nilai bawaan parameternya
def perubahan_persen(sebelum, setelah):
    return round((setelah - sebelum) / sebelum * 100, 1)
