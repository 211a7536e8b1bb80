# %% benar: selisih jam dikalikan 60, lalu ditambah selisih menit
lama_layanan_menit = (jam_selesai - jam_mulai) * 60 + menit_selesai - menit_mulai

# %% benar: dihitung bertahap dengan +=, bilangan desimal
lama_layanan_menit = jam_selesai * 60.0
lama_layanan_menit += menit_selesai
lama_layanan_menit += -60.0 * jam_mulai - menit_mulai

# %% benar: fungsi pembantu dan nama bawaan yang tertimpa
def menit_sejak_tengah_malam(jam, menit):
    return jam * 60 + menit

abs = menit_sejak_tengah_malam(jam_mulai, menit_mulai)
type = menit_sejak_tengah_malam(jam_selesai, menit_selesai)
lama_layanan_menit = type - abs

# %% benar: selisih waktu dengan pustaka
from datetime import timedelta

mulai = timedelta(hours=jam_mulai, minutes=menit_mulai)
selesai = timedelta(hours=jam_selesai, minutes=menit_selesai)
lama_layanan_menit = (selesai - mulai).total_seconds() / 60

# %% salah (0): hanya selisih angka menit
# pesan: Yang dihitung baru selisih angka menitnya
lama_layanan_menit = menit_selesai - menit_mulai

# %% salah (0): selisih angka menit tanpa tanda
# pesan: jamnya belum ikut
lama_layanan_menit = abs(menit_selesai - menit_mulai)

# %% salah (0): satu jam dianggap 100 menit
# pesan: satu jam dianggap 100 menit
lama_layanan_menit = (jam_selesai * 100 + menit_selesai) - (jam_mulai * 100 + menit_mulai)

# %% salah (0): mulai dikurangi selesai
# pesan: Tandanya terbalik
lama_layanan_menit = (jam_mulai - jam_selesai) * 60 + menit_mulai - menit_selesai

# %% salah (0): hasil dalam jam
# pesan: masih dalam satuan jam
lama_layanan_menit = (jam_selesai + menit_selesai / 60) - (jam_mulai + menit_mulai / 60)

# %% salah (0): angka di dalam tanda kutip
# pesan: Sesuatu di dalam tanda kutip adalah teks
lama_layanan_menit = "75"

# %% salah (0): menyimpan hasil print
# pesan: Nilai None muncul
lama_layanan_menit = print(75)

# %% salah (0): jam dan menit dibaca sebagai bilangan desimal
# pesan: bukan bilangan 10,05
lama_layanan_menit = 10.05 - 8.50

# %% salah (0): tanda kurung terlupa
# pesan: seluruh waktu mulai dikurangkan
lama_layanan_menit = jam_selesai * 60 + menit_selesai - jam_mulai * 60 + menit_mulai

# %% salah (0): nama salah eja
# pesan: Nama lama_layanan_menit belum ada
lama_layanan = (jam_selesai - jam_mulai) * 60 + menit_selesai - menit_mulai

# %% salah (0): menit tidak dikurangkan
# pesan: banyaknya menit yang berlalu
lama_layanan_menit = (jam_selesai - jam_mulai) * 60

# %% salah (6): angka hasil hitungan sendiri
# pesan: tetap sama walaupun waktu mulai
lama_layanan_menit = 75

# %% salah (6): selisih dua jam dipakai untuk semua
# pesan: dari pukul 13.20 sampai pukul 15.10
lama_layanan_menit = 120 + menit_selesai - menit_mulai

# %% salah (6): masukan ditetapkan ulang
# pesan: tetap sama walaupun waktu mulai
jam_mulai = 8
menit_mulai = 50
jam_selesai = 10
menit_selesai = 5
lama_layanan_menit = (jam_selesai - jam_mulai) * 60 + menit_selesai - menit_mulai
