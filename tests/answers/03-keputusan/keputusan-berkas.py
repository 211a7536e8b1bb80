# %% benar: elif
def keputusan_berkas(ktp, kk, formulir):
    if ktp == False:
        return False, "KTP belum ada"
    elif kk == False:
        return False, "KK belum ada"
    elif formulir == False:
        return False, "formulir belum ada"
    else:
        return True, "lengkap"

# %% benar: yang lengkap lebih dahulu, dan ditampilkan juga
def keputusan_berkas(ktp, kk, formulir):
    if ktp and kk and formulir:
        return (True, "lengkap")
    if ktp and kk:
        kurang = "formulir"
    elif ktp:
        kurang = "KK"
    else:
        kurang = "KTP"
    print(kurang)
    return (False, f"{kurang} belum ada")

# %% benar: if di dalam if, hasil diberi nama
def keputusan_berkas(ktp, kk, formulir):
    diterima = False
    if ktp:
        if kk:
            if formulir:
                diterima = True
                alasan = "lengkap"
            else:
                alasan = "formulir belum ada"
        else:
            alasan = "KK belum ada"
    else:
        alasan = "KTP belum ada"
    return diterima, alasan

# %% benar: perulangan dan daftar
def keputusan_berkas(ktp, kk, formulir):
    for nama, ada in zip(["KTP", "KK", "formulir"], [ktp, kk, formulir]):
        if not ada:
            return [False, nama + " belum ada"]
    return [True, "lengkap"]

# %% benar: dari belakang, yang pertama menimpa
def keputusan_berkas(ktp, kk, formulir):
    hasil = True, "lengkap"
    if not formulir:
        hasil = False, "formulir belum ada"
    if not kk:
        hasil = False, "KK belum ada"
    if not ktp:
        hasil = False, "KTP belum ada"
    return hasil

# %% salah (0): print, bukan return
# pesan: atau hasilnya hanya ditampilkan dengan print
def keputusan_berkas(ktp, kk, formulir):
    if ktp and kk and formulir:
        print(True, "lengkap")
    else:
        print(False, "KTP belum ada")

# %% salah (0): isi fungsi masih tiga titik
# pesan: tidak ada cabang yang menjalankan return
def keputusan_berkas(ktp, kk, formulir):
    ...

# %% salah (0): tanpa jawaban jika lengkap
# pesan: keputusan_berkas(True, True, True) seharusnya (True, 'lengkap'), tetapi hasilnya None
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return False, "KTP belum ada"
    elif not kk:
        return False, "KK belum ada"
    elif not formulir:
        return False, "formulir belum ada"

# %% salah (0): hanya alasannya
# pesan: Itu satu nilai, bertipe str, padahal yang diminta 2 nilai
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return "KTP belum ada"
    if not kk:
        return "KK belum ada"
    if not formulir:
        return "formulir belum ada"
    return "lengkap"

# %% salah (0): hanya keputusannya
# pesan: Itu satu nilai, bertipe bool, padahal yang diminta 2 nilai
def keputusan_berkas(ktp, kk, formulir):
    return ktp and kk and formulir

# %% salah (0): keputusan dan alasan menyatu
# pesan: Itu satu nilai, bertipe str, padahal yang diminta 2 nilai
def keputusan_berkas(ktp, kk, formulir):
    if ktp and kk and formulir:
        return "True, lengkap"
    return "False, KTP belum ada"

# %% salah (0): True dalam tanda kutip
# pesan: True dan False ditulis tanpa tanda kutip; di sini nilai pertamanya teks
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return "False", "KTP belum ada"
    if not kk:
        return "False", "KK belum ada"
    if not formulir:
        return "False", "formulir belum ada"
    return "True", "lengkap"

# %% salah (0): nilai tertukar tempat
# pesan: Kedua nilainya tertukar tempat
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return "KTP belum ada", False
    if not kk:
        return "KK belum ada", False
    if not formulir:
        return "formulir belum ada", False
    return "lengkap", True

# %% salah (0): not terlupa
# pesan: Syaratnya terbalik, yaitu not terlupa
def keputusan_berkas(ktp, kk, formulir):
    if ktp:
        return False, "KTP belum ada"
    if kk:
        return False, "KK belum ada"
    if formulir:
        return False, "formulir belum ada"
    return True, "lengkap"

# %% salah (0): nilai pertama selalu True
# pesan: Berkas ini belum lengkap, jadi nilai pertamanya False
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return True, "KTP belum ada"
    if not kk:
        return True, "KK belum ada"
    if not formulir:
        return True, "formulir belum ada"
    return True, "lengkap"

# %% salah (0): satu berkas sudah dianggap lengkap
# pesan: KTP belum ada, tetapi berkasnya diterima. Periksa not, dan apakah or seharusnya and
def keputusan_berkas(ktp, kk, formulir):
    if ktp or kk or formulir:
        return True, "lengkap"
    return False, "KTP belum ada"

# %% salah (0): or sebagai ganti and sesudah KTP
# pesan: Satu berkas saja yang ada belum berarti lengkap: or berbeda dari and
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return False, "KTP belum ada"
    if kk or formulir:
        return True, "lengkap"
    return False, "KK belum ada"

# %% salah (0): selalu KTP
# pesan: KTP-nya ada; yang belum ada KK
def keputusan_berkas(ktp, kk, formulir):
    if ktp and kk and formulir:
        return True, "lengkap"
    return False, "KTP belum ada"

# %% salah (0): not hanya untuk KTP
# pesan: KTP-nya ada; yang belum ada KK. Periksa setiap berkas dengan syaratnya sendiri
def keputusan_berkas(ktp, kk, formulir):
    if not (ktp and kk and formulir):
        return False, "KTP belum ada"
    elif not kk:
        return False, "KK belum ada"
    elif not formulir:
        return False, "formulir belum ada"
    return True, "lengkap"

# %% salah (0): if terakhir menimpa yang pertama
# pesan: Yang terlihat lebih dahulu adalah KK, atau teks pertama ditimpa
def keputusan_berkas(ktp, kk, formulir):
    hasil = True, "lengkap"
    if not ktp:
        hasil = False, "KTP belum ada"
    if not kk:
        hasil = False, "KK belum ada"
    if not formulir:
        hasil = False, "formulir belum ada"
    return hasil

# %% salah (0): urutan cabang dari belakang
# pesan: bagian "Cabang pertama yang cocok" dalam Keputusan 1
def keputusan_berkas(ktp, kk, formulir):
    if not formulir:
        return False, "formulir belum ada"
    elif not kk:
        return False, "KK belum ada"
    elif not ktp:
        return False, "KTP belum ada"
    else:
        return True, "lengkap"

# %% salah (0): semua yang kurang disebutkan
# pesan: KTP dan KK belum ada; yang disebutkan hanya KTP
def keputusan_berkas(ktp, kk, formulir):
    kurang = []
    if not ktp:
        kurang.append("KTP")
    if not kk:
        kurang.append("KK")
    if not formulir:
        kurang.append("formulir")
    if kurang:
        return False, " dan ".join(kurang) + " belum ada"
    return True, "lengkap"

# %% salah (0): huruf besar pada formulir
# pesan: keputusan_berkas(ktp=True, kk=True, formulir=False) seharusnya (False, 'formulir belum ada'), tetapi hasilnya (False, 'Formulir belum ada')
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return False, "KTP belum ada"
    if not kk:
        return False, "KK belum ada"
    if not formulir:
        return False, "Formulir belum ada"
    return True, "lengkap"

# %% salah (0): kalimat sendiri
# pesan: Periksa nilai pertama, lalu teksnya karakter demi karakter
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return False, "Mohon lengkapi KTP"
    if not kk:
        return False, "Mohon lengkapi KK"
    if not formulir:
        return False, "Mohon lengkapi formulir"
    return True, "lengkap"

# %% salah (0): teks Ada, bukan True
# pesan: atau parameternya dibandingkan dengan teks
def keputusan_berkas(ktp, kk, formulir):
    if ktp != "ada":
        return False, "KTP belum ada"
    if kk != "ada":
        return False, "KK belum ada"
    if formulir != "ada":
        return False, "formulir belum ada"
    return True, "lengkap"

# %% salah (0): tiga nilai
# pesan: Banyaknya nilai di dalamnya 3, padahal yang diminta 2
def keputusan_berkas(ktp, kk, formulir):
    if ktp and kk and formulir:
        return True, "lengkap", ""
    return False, "KTP", "belum ada"

# %% salah (6): formulir sebelum KK
# pesan: Contoh lain: keputusan_berkas(True, False, False) adalah (False, 'KK belum ada')
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return False, "KTP belum ada"
    if not formulir:
        return False, "formulir belum ada"
    if not kk:
        return False, "KK belum ada"
    return True, "lengkap"

# %% salah (6): jika tidak ada satu pun, teks lain
# pesan: Aturan: sebutkan hanya berkas pertama yang belum ada
def keputusan_berkas(ktp, kk, formulir):
    if not ktp and not kk and not formulir:
        return False, "berkas belum ada"
    if not ktp:
        return False, "KTP belum ada"
    if not kk:
        return False, "KK belum ada"
    if not formulir:
        return False, "formulir belum ada"
    return True, "lengkap"

# %% salah (0): cabang hanya untuk satu yang kurang
# pesan: KTP dan KK belum ada, tetapi berkasnya diterima. Setiap if hanya melihat satu berkas
def keputusan_berkas(ktp, kk, formulir):
    if not ktp and kk and formulir:
        return False, "KTP belum ada"
    if ktp and not kk and formulir:
        return False, "KK belum ada"
    if ktp and kk and not formulir:
        return False, "formulir belum ada"
    return True, "lengkap"

# %% salah (0): huruf besar pada lengkap
# pesan: Ketiga berkas ada. Periksa nilai pertama, lalu teksnya karakter demi karakter
def keputusan_berkas(ktp, kk, formulir):
    if not ktp:
        return False, "KTP belum ada"
    if not kk:
        return False, "KK belum ada"
    if not formulir:
        return False, "formulir belum ada"
    return True, "Lengkap"

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 6: nama, urutan, dan nilai bawaan parameternya
def keputusan_berkas(ada_ktp, ada_kk, ada_formulir):
    if not ada_ktp:
        return False, "KTP belum ada"
    if not ada_kk:
        return False, "KK belum ada"
    if not ada_formulir:
        return False, "formulir belum ada"
    return True, "lengkap"
