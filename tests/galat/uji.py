# %% pesan uji: sel uji
# pesan: jumlah_petugas seharusnya 6, tetapi hasilnya 2. Periksa baris ketiga.
jumlah_petugas = 2
assert jumlah_petugas == 6, f"jumlah_petugas seharusnya 6, tetapi hasilnya {jumlah_petugas!r}. Periksa baris ketiga."

# %% pesan uji: di dalam fungsi penguji
# pesan: giliran(2, 2) seharusnya 4, tetapi hasilnya 2.
def giliran(orang, menit):
    return orang


# %% (sel berikutnya)
def _uji_giliran():
    hasil = giliran(2, 2)
    assert hasil == 4, f"giliran(2, 2) seharusnya 4, tetapi hasilnya {hasil!r}."


_uji_giliran()

# %% pesan uji: tanda kurung sudut
# pesan: kartu seharusnya '<b>A001</b>' & rapi.
kartu = "A001"
assert kartu == "<b>A001</b>", "kartu seharusnya '<b>A001</b>' & rapi."
