# %% benar: if dan else
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60 or hamil or penyandang_disabilitas or membawa_balita:
        return True
    else:
        return False

# %% benar: satu if untuk setiap syarat
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur > 59:
        return True
    if hamil == True:
        return True
    if penyandang_disabilitas == True:
        return True
    if membawa_balita == True:
        return True
    return False

# %% benar: yang tidak berhak lebih dahulu, dan ditampilkan juga
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    berhak = not (umur < 60 and not hamil and not penyandang_disabilitas and not membawa_balita)
    print(berhak)
    return berhak

# %% benar: any
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return any([umur >= 60, hamil, penyandang_disabilitas, membawa_balita])

# %% benar: in
berhak_prioritas = lambda umur, hamil, penyandang_disabilitas, membawa_balita: True in (
    umur >= 60, hamil, penyandang_disabilitas, membawa_balita)

# %% salah (0): print, bukan return
# pesan: atau hasilnya hanya ditampilkan dengan print
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    print(umur >= 60 or hamil or penyandang_disabilitas or membawa_balita)

# %% salah (0): isi fungsi masih tiga titik
# pesan: tidak ada cabang yang menjalankan return
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    ...

# %% salah (0): tanpa jawaban jika tidak berhak
# pesan: berhak_prioritas(59, False, False, False) seharusnya False, tetapi hasilnya None. Tidak ada nilai
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60 or hamil or penyandang_disabilitas or membawa_balita:
        return True

# %% salah (0): semua syarat sekaligus
# pesan: Satu syarat saja sudah memadai, sedangkan and meminta semuanya
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 60 and hamil and penyandang_disabilitas and membawa_balita

# %% salah (0): umur dan salah satu syarat lain
# pesan: Satu syarat saja sudah memadai
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 60 and (hamil or penyandang_disabilitas or membawa_balita)

# %% salah (0): batas di sisi yang keliru
# pesan: Enam puluh tahun sudah termasuk "60 tahun atau lebih"
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur > 60 or hamil or penyandang_disabilitas or membawa_balita

# %% salah (0): tanda perbandingan terbalik
# pesan: Enam puluh tahun sudah termasuk
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur < 60 and hamil or penyandang_disabilitas or membawa_balita

# %% salah (0): teks di kanan or
# pesan: Nama parameter ditulis dalam tanda kutip, sehingga menjadi teks biasa
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 60 or "hamil" or "penyandang_disabilitas" or "membawa_balita"

# %% salah (0): teks di kanan or, di dalam if
# pesan: periksa tanda perbandingan dan tanda kutip di kanan or
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60 or hamil or penyandang_disabilitas or "membawa_balita":
        return True
    return False

# %% salah (0): teks hanya pada syarat terakhir
# pesan: berhak_prioritas(59, False, False, False) seharusnya False, tetapi hasilnya 'membawa_balita'. Nama parameter
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 60 or hamil or penyandang_disabilitas or "membawa_balita"

# %% salah (0): batas 59
# pesan: Tidak ada syarat yang terpenuhi
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 59 or hamil or penyandang_disabilitas or membawa_balita

# %% salah (0): ya dan tidak
# pesan: Tipenya str, padahal yang diminta True atau False
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60 or hamil or penyandang_disabilitas or membawa_balita:
        return "ya"
    return "tidak"

# %% salah (0): teks True
# pesan: Tipenya str, padahal yang diminta True atau False
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60 or hamil or penyandang_disabilitas or membawa_balita:
        return "True"
    return "False"

# %% salah (0): satu dan nol
# pesan: Tipenya int, padahal yang diminta True atau False
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60 or hamil or penyandang_disabilitas or membawa_balita:
        return 1
    return 0

# %% salah (0): penyandang disabilitas terlupa
# pesan: Warga ini penyandang disabilitas, dan itu sudah memadai
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 60 or hamil or membawa_balita

# %% salah (0): balita terlupa
# pesan: Warga ini membawa balita, dan itu sudah memadai
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 60 or hamil or penyandang_disabilitas

# %% salah (0): if terakhir menimpa jawaban
# pesan: Satu syarat saja sudah memadai
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60:
        berhak = True
    else:
        berhak = False
    if membawa_balita:
        berhak = True
    else:
        berhak = False
    return berhak

# %% salah (0): else terlalu awal
# pesan: Satu syarat saja sudah memadai
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60:
        return True
    else:
        return False
    if hamil or penyandang_disabilitas or membawa_balita:
        return True

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 4: nama, urutan, dan nilai bawaan parameternya
def berhak_prioritas(umur, hamil, balita):
    return umur >= 60 or hamil or balita

# %% salah (0): nama di dalam fungsi salah ketik
# pesan: berhenti: NameError: name 'disabilitas' is not defined
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 60 or disabilitas or hamil or membawa_balita

# %% salah (6): tepat satu syarat
# pesan: Contoh lain: berhak_prioritas(75, False, True, True) seharusnya True
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return (umur >= 60) + hamil + penyandang_disabilitas + membawa_balita == 1

# %% salah (6): hanya umur 60
# pesan: Aturan: umur 60 tahun atau lebih, hamil
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur == 60 or hamil or penyandang_disabilitas or membawa_balita

# %% salah (6): batas atas yang tidak tertulis
# pesan: Aturan: umur 60 tahun atau lebih, hamil
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return 60 <= umur <= 100 or hamil or penyandang_disabilitas or membawa_balita

# %% salah (0): masukan dibandingkan dengan teks
# pesan: Masukannya True, bukan teks
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    if umur >= 60 or hamil == "ya" or penyandang_disabilitas == "ya" or membawa_balita == "ya":
        return True
    return False

# %% salah (6): hamil hanya sampai umur 50
# pesan: satu syarat memadai
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 60 or (hamil and umur < 50) or penyandang_disabilitas or membawa_balita

# %% salah (6): hanya orang dewasa
# pesan: satu syarat memadai
def berhak_prioritas(umur, hamil, penyandang_disabilitas, membawa_balita):
    return umur >= 17 and (umur >= 60 or hamil or penyandang_disabilitas or membawa_balita)

# %% salah (0): nama parameter yang disingkat
# pesan: Bandingkan baris def Anda dengan soal 4: nama, urutan, dan nilai bawaan parameternya
def berhak_prioritas(umur, hamil, disabilitas, balita):
    return umur >= 60 or hamil or disabilitas or balita
