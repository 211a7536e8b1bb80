# %% benar: satu baris
def format_rupiah(jumlah):
    return "Rp" + f"{jumlah:,}".replace(",", ".")

# %% benar: garis bawah sebagai perantara
def format_rupiah(jumlah):
    teks = f"Rp{jumlah:_}".replace("_", ".")
    print(teks)
    return teks

# %% benar: split dan join
def format_rupiah(jumlah):
    return "Rp" + ".".join(format(jumlah, ",d").split(","))

# %% benar: fungsi pembantu dan perulangan
def ribuan(angka):
    bagian = []
    while angka:
        bagian.insert(0, angka[-3:])
        angka = angka[:-3]
    return ".".join(bagian)


format_rupiah = lambda jumlah: "Rp" + ribuan(str(jumlah))

# %% salah (0): print, bukan return
# pesan: return belum ditulis, atau hasilnya hanya ditampilkan dengan print
def format_rupiah(jumlah):
    print("Rp" + f"{jumlah:,}".replace(",", "."))

# %% salah (0): nama di luar fungsi, bukan parameter
# pesan: bagian "Nama di dalam dan di luar fungsi" dalam Fungsi 1
total_biaya = 1250000


def format_rupiah(jumlah):
    return "Rp" + f"{total_biaya:,}".replace(",", ".")

# %% salah (0): koma sebagai pemisah ribuan
# pesan: Koma sebagai pemisah ribuan
def format_rupiah(jumlah):
    return f"Rp{jumlah:,}"

# %% salah (0): hasil replace tidak disimpan
# pesan: Koma sebagai pemisah ribuan
def format_rupiah(jumlah):
    teks = f"Rp{jumlah:,}"
    teks.replace(",", ".")
    return teks

# %% salah (0): spasi sesudah Rp
# pesan: Ada spasi di dalam teks itu
def format_rupiah(jumlah):
    return "Rp " + f"{jumlah:,}".replace(",", ".")

# %% salah (0): titik sesudah Rp
# pesan: Rp adalah lambang
def format_rupiah(jumlah):
    return "Rp." + f"{jumlah:,}".replace(",", ".")

# %% salah (0): huruf besar semua
# pesan: tidak diawali huruf R besar dan p kecil
def format_rupiah(jumlah):
    return "RP" + f"{jumlah:,}".replace(",", ".")

# %% salah (0): tanpa pemisah
# pesan: Pemisah ribuannya belum ada
def format_rupiah(jumlah):
    return f"Rp{jumlah}"

# %% salah (0): koma nol nol
# pesan: Ada tambahan di belakang angkanya
def format_rupiah(jumlah):
    return "Rp" + f"{jumlah:,}".replace(",", ".") + ",00"

# %% salah (0): dua angka desimal
# pesan: Ada tambahan di belakang angkanya
def format_rupiah(jumlah):
    return f"Rp{jumlah:,.2f}"

# %% salah (0): huruf f terlupa
# pesan: huruf f di depan tanda kutip belum ada
def format_rupiah(jumlah):
    return "Rp" + "{jumlah:,}".replace(",", ".")

# %% salah (0): bilangan, bukan teks
# pesan: Tipenya int
def format_rupiah(jumlah):
    return jumlah

# %% salah (0): teks ditambah bilangan
# pesan: berhenti: TypeError: can only concatenate str
def format_rupiah(jumlah):
    return "Rp" + jumlah

# %% salah (0): tiga nol yang tetap
# pesan: Nol rupiah ditulis dengan satu angka
def format_rupiah(jumlah):
    return "Rp" + f"{jumlah // 1000:,}".replace(",", ".") + ".000"

# %% salah (0): selalu dua titik
# pesan: format_rupiah(45000) seharusnya 'Rp45.000', tetapi hasilnya 'Rp0.045.000'
def format_rupiah(jumlah):
    return f"Rp{jumlah // 1000000}.{jumlah // 1000 % 1000:03d}.{jumlah % 1000:03d}"

# %% salah (6): ribuan tanpa nol
# pesan: format_rupiah(7500) adalah 'Rp7.500'
def format_rupiah(jumlah):
    if jumlah == 0:
        return "Rp0"
    return f"Rp{jumlah // 1000:,}".replace(",", ".") + "." + str(jumlah % 1000) + "00"

# %% salah (6): paling banyak dua titik
# pesan: Aturan: Rp langsung diikuti angka
def format_rupiah(jumlah):
    return "Rp" + f"{jumlah:,}".replace(",", ".", 2)

# %% salah (0): titik dan spasi sesudah Rp
# pesan: sesudahnya tidak ada titik dan tidak ada spasi
def format_rupiah(jumlah):
    return "Rp. " + f"{jumlah:,}".replace(",", ".")

# %% salah (0): f-string tanpa return
# pesan: return belum ditulis
def format_rupiah(jumlah):
    f"Rp{jumlah:,}".replace(",", ".")

# %% salah (0): replace pada bilangan
# pesan: berhenti: AttributeError: 'int' object has no attribute 'replace'. Jalankan panggilan itu
def format_rupiah(jumlah):
    return "Rp" + jumlah.replace(",", ".")

# %% salah (0): format titik
# pesan: berhenti: ValueError
def format_rupiah(jumlah):
    return f"Rp{jumlah:.}"

# %% salah (0): koma di antara dua teks
# pesan: Sesudah return, sambungkan semuanya menjadi satu teks
def format_rupiah(jumlah):
    return "Rp", f"{jumlah:,}".replace(",", ".")

# %% salah (0): baris baru di belakang
# pesan: Bandingkan kedua teks itu karakter demi karakter. Baca lagi butir "Rupiah" dan "Ribuan"
def format_rupiah(jumlah):
    return "Rp" + f"{jumlah:,}".replace(",", ".") + "\n"

# %% salah (0): kurung kurawal yang tersisa
# pesan: Teks itu tidak diawali huruf R besar dan p kecil
def format_rupiah(jumlah):
    return "{Rp}" + f"{jumlah:,}".replace(",", ".")

# %% salah (0): nama parameter lain
# pesan: Bandingkan baris def Anda dengan soal 3: nama, urutan, dan nilai bawaan parameternya
def format_rupiah(angka):
    return "Rp" + f"{angka:,}".replace(",", ".")
