"""The text of the course: spelling, forbidden forms, headings, objectives, links, length of cells, the profile."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from melayani.authoring import profile, prose, spelling, text
from melayani.authoring.notebooks import committed

ROOT = Path(__file__).resolve().parent.parent
PROSE = [*committed(ROOT), *text.documents(ROOT), *text.sources(ROOT)]
LESSONS = text.lessons(ROOT)

needs_dictionary = pytest.mark.skipif(not spelling.is_installed(), reason="needs the Debian package hunspell-id")
each_file = pytest.mark.parametrize("path", PROSE, ids=[str(path.relative_to(ROOT)) for path in PROSE])


# The course.


@each_file
def test_all_rules_hold_in_the_course(path: Path) -> None:
    found = text.problems(path, ROOT, None)
    assert not found, "\n".join(found)


@needs_dictionary
@each_file
def test_no_word_is_misspelt(path: Path) -> None:
    found = text.problems(path, ROOT, spelling.speller())
    assert not found, "\n".join(found)


def test_every_kind_of_text_is_looked_at() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in PROSE}
    assert {"course/glosarium.ipynb", "README.id.md", "docs/pengajar/mulai.md", "melayani/cli.py"} <= names
    assert len(LESSONS) >= 3
    read = [path for path in PROSE if path.suffix in (".ipynb", ".md")]
    assert {piece.kind for path in read for piece in prose.file_pieces(path, ROOT)} == {
        "heading", "text", "item", "table", "picture", "comment", "message",
    }  # fmt: skip


@pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])
def test_each_exercise_is_marked_and_a_slow_group_may_leave_some_out(path: Path) -> None:
    sources = [source for _, source in text.markdown_of(path, ROOT)]
    heads = re.findall(r"(?m)^#+ Coba sendiri (.*)$", "\n".join(sources))
    marks = [re.match(r"\d \((inti|tambahan)\): ", head) for head in heads]
    assert all(marks), heads
    kinds = [mark[1] for mark in marks if mark]
    assert kinds.count("inti") > kinds.count("tambahan")
    assert len(kinds) < 3 or "tambahan" in kinds


# Spelling and forms.

WRONG = re.findall(
    r"\S+",
    """
    mempengaruhi mempercayai memperbaharui menghimbau himbauan handal terlanjur nampak menggabung antri mengantri
    merespon beresiko perijinan efektifitas kuisioner survey detil komplit metoda pemograman mensimulasikan
    mengkategorikan mengkonversi mempublikasikan mensortir menterjemahkan mengklik mengkode pengkodean kadaluarsa
    legalisir akte propinsi walikota e-KTP Jum'at apapun siapapun kapanpun berapapun kerjasama tanggungjawab
    terimakasih ujicoba seringkali beritahu perorang perhari diantara disamping didalam kemana darimana
""",
)
NEVER_WRONG = re.findall(
    r"\S+",
    """
    memproses mempunyai memperhatikan merespons mengecek memfilter skor input dasbor memercayai dicek diklik
    mengeklik antarloket disabilitas aksesibel otomasi templat luring surel peramban tautkan samarkan
    menyimulasikan mengategorikan walaupun ketidaksesuaian loket-loketnya KTP-nya jalankanlah dan/atau NIK NumPy
""",
)


@functools.cache
def forms_in(sentence: str) -> list[str]:
    return text.wrong_forms(prose.markdown_pieces(sentence, "sel"), text.forms())


@pytest.mark.parametrize("word", WRONG)
def test_a_wrong_word_is_refused_with_the_right_one(word: str) -> None:
    (found,) = forms_in(f"Setelah itu, {word} lagi.")
    assert found.startswith(f"sel: '{word}' → ")


@needs_dictionary
def test_the_dictionary_alone_finds_most_wrong_words() -> None:
    missed = [word for word in WRONG if spelling.speller().is_right(word)]
    assert len(missed) <= 0.2 * len(WRONG), missed


@needs_dictionary
@pytest.mark.parametrize("word", NEVER_WRONG)
def test_a_right_word_is_let_through(word: str) -> None:
    assert not forms_in(f"Setelah itu, {word} lagi.")
    assert not spelling.speller().misspelt(word)


@needs_dictionary
@pytest.mark.parametrize(
    "word", ["wargapun", "dikantor", "memprosses", "ketidakxyzan", "loket-loketxyz", "ADMINISTRSI"]
)
def test_a_wrong_word_that_no_list_holds_is_refused(word: str) -> None:
    assert spelling.speller().misspelt(f"Baca {word} ini.") == [word]


@needs_dictionary
def test_the_lists_agree_with_each_other_and_hold_nothing_needless() -> None:
    speller = spelling.speller()
    for form in text.forms():
        if form.right.replace(" ", "").isalpha() and ":" not in form.right:
            assert not forms_in(form.right), form
    for word in spelling.read_words():
        assert not forms_in(word) or word == "dulu", word
    plain = spelling.Speller([])
    needless = [word for word in spelling.read_words() if " " not in word and plain.is_right(word)]
    assert not needless
    assert speller.is_right("Python")


def test_the_lists_are_sorted_and_without_doubles() -> None:
    for block in spelling.WORDS.read_text(encoding="utf-8").split("\n\n"):
        words = [line for line in block.splitlines() if not line.startswith("#")]
        assert words == sorted(set(words))
    wrong = [form.pattern for form in text.forms()]
    assert len(wrong) == len(set(wrong))


@pytest.mark.parametrize(
    "sentence",
    [
        "Biayanya Rp 5.000.",
        "Biayanya Rp. 5.000.",
        "Loket dibuka jam 08.00.",
        "Loket dibuka jam 8.",
        "Loket dibuka pukul 08:00.",
        "Baris ke 2 salah.",
        "Data anda hilang.",
        "Waktu antar loket berbeda.",
        "Galat ini disebabkan karena koma.",
        "Bagian ini membahas tentang teks.",
        "Sebuah fungsi bawaan mengembalikan panjangnya.",
        "Ini adalah merupakan teks.",
        "Berkas terdiri dari dua baris.",
        "Kerjakan sesuai SOP.",
        "Nilai ini tidak salah melainkan hilang.",
        "Ini bukan angka, tetapi teks.",
        "Buka tabel, di mana nilainya kosong.",
        "Selesai. Sehingga antrean pendek.",
        "Tapi hasilnya lain.",
        "Coba dulu sel ini.",
        "Bagi peserta yang terlambat harus melapor.",
        "Perlindungan Data Pribadi diatur undang-undang.",
        "Dengan mudah Anda menulis fungsi.",
        "Ini sangat mudah.",
        "Anda cukup menulis satu baris.",
        "Cukup jalankan sel ini.",
        "Anda tinggal menjalankan sel ini.",
        "Caranya sederhana saja.",
        "Selamat datang!!",
        "Loket 2 — yang kanan — buka.",
        "> **Cukup** *jalankan* sel ini.",
        "| Rp 5.000 | a |\n|---|---|\n| 1 | 2 |",
        "<details><summary>A. Anda tinggal menekan tombol</summary>",
        "![Grafik antrian](grafik.png)",
    ],
)
def test_a_forbidden_form_is_refused(sentence: str) -> None:
    assert forms_in(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Biayanya Rp5.000, dibayar pukul 08.00, untuk 2 jam 15 menit atau dua jam 5 menit.",
        "Nama yang jelas lebih mudah dibaca; mudah-mudahan memudahkan.",
        "Waktunya tidak cukup, padahal antreannya cukup lama.",
        "Ia tinggal di Malang, di tempat tinggal orang tuanya, dan tinggal dua orang yang menunggu.",
        "Di mana nilainya ditulis? Sel yang mana?",
        "Ubah dari 3 ke 5. Tebak dulu.",
        "Bukan angka, melainkan teks. Bukan hanya itu; nilainya tidak berubah, tetapi namanya lain.",
        "Jalankan `jam 08:00`, lalu baca <code>Rp 5.000</code>.",
        "Secara sederhana, sesuai dengan SOP.",
        "```\nanda tinggal menjalankan antrian\n```",
    ],
)
def test_legitimate_uses_pass(sentence: str) -> None:
    assert not forms_in(sentence)


@pytest.mark.parametrize("line", ["antri", "antri\t", "\tantre", "/antri(/\tantre"])
def test_an_unclear_line_in_the_list_of_forms_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "bentuk.txt"
    path.write_text(f"# bentuk\n{line}\n", encoding="utf-8")
    with pytest.raises(text.FormError, match=r"bentuk\.txt:2: "):
        text.read_forms(path)


# What is prose and what is not.


def natives(source: str) -> str:
    return " ".join(" ".join(piece.native for piece in prose.markdown_pieces(source, "sel")).split())


def test_code_and_foreign_words_are_no_prose() -> None:
    assert natives("Sebuah *perulangan (loop)* memakai `for`; **galat (error)** dan *traceback* juga.") == (
        "Sebuah perulangan memakai ⟨kode⟩; galat dan ⟨kode⟩ juga."
    )
    assert natives(
        "<details><summary>A. <code>print</code> tampil</summary>\n\nYa, <code>print</code>.\n\n</details>"
    ) == ("A. ⟨kode⟩ tampil Ya, ⟨kode⟩.")
    assert natives("Lihat [contoh](https://contoh.invalid/antri).\n\n    kode antri") == "Lihat contoh."


def test_messages_and_comments_in_code_are_prose() -> None:
    pieces = prose.code_pieces(
        'def f():\n    """Docstring of a tool."""\n    return 1  # hitung dahulu\n### BEGIN SOLUTION\n'
        'assert f() == 1, (f"f() seharusnya 1, tetapi {f()!r}. "\n    "Baca lagi `soal`.")\nkode = "satu-dua-tiga"\n',
        "sel",
    )
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("comment", "# hitung dahulu"),
        ("message", "f() seharusnya 1, tetapi ⟨kode⟩. Baca lagi ⟨kode⟩."),
    ]
    assert "f" in pieces[1].names


def test_named_arguments_of_a_call_in_a_string_are_names() -> None:
    (piece,) = prose.code_pieces('periksa("f(ktp=1, kk=2, umur=3) dan kata == lain")', "sel")
    assert {"ktp", "kk", "umur"} <= piece.names and "kata" not in piece.names


@needs_dictionary
def test_a_misspelt_word_is_refused_wherever_it_is_read(tmp_path: Path) -> None:
    cells = [
        new_markdown_cell("# Judul\n\nSebuah katta.", id="teks"),
        new_markdown_cell("<details><summary>A. Sebuah katta</summary>\n\nSebuah katta.\n\n</details>", id="pilihan"),
        new_code_cell("# sebuah katta\nkatta = 1", id="komentar"),
        new_code_cell('assert True, "Baca sebuah katta lagi."', id="pesan"),
    ]
    found = text.problems(write(tmp_path, "katta/coba.ipynb", cells), tmp_path, spelling.speller())
    places = [line.partition(":")[0].rpartition(" ")[2] for line in found]
    assert places == ["teks", "pilihan", "pilihan", "pesan"]  # the comment speaks of the code's own name
    (tmp_path / "docs" / "pengajar").mkdir(parents=True)
    page = tmp_path / "docs" / "pengajar" / "mulai.md"
    page.write_text("# Judul\n\nSebuah\nkatta.\n", encoding="utf-8")
    assert text.problems(page, tmp_path, spelling.speller()) == [
        "docs/pengajar/mulai.md:3: 'katta' is misspelt, or belongs into kata.txt"
    ]
    module = tmp_path / "melayani" / "pesan.py"
    module.parent.mkdir()
    module.write_text('print("Baca sebuah katta lagi.")\nlog("The word katta again.")\n', encoding="utf-8")
    assert text.problems(module, tmp_path, spelling.speller()) == [
        "melayani/pesan.py:1: 'katta' is misspelt, or belongs into kata.txt"
    ]


# Structure.

TITLE = """\
# Antrean

> *cepat* · 1 JP
>
> Setelah menyelesaikan pelajaran ini, Anda dapat
> - menghitung; dan
> - membaca.
"""


def write(root: Path, name: str, cells: list[Any]) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
    return path


def lesson(root: Path, *cells: Any, title: str = TITLE) -> list[str]:
    (root / "data.csv").write_text("a\n", encoding="utf-8")
    path = write(root, "course/01-antrean/1-antrean.ipynb", [new_markdown_cell(title, id="judul"), *cells])
    prose.notebook.cache_clear()
    return text.problems(path, root, None)


def test_a_well_formed_lesson_passes(tmp_path: Path) -> None:
    good = [
        new_markdown_cell(
            "## Masalah\n\n### Bagian satu\n\n[ke sini](#Bagian-satu) [data](../../data.csv)", id="masalah"
        ),
        new_markdown_cell("## Jawaban\n\n### BEGIN SOLUTION\nYa.\n### END SOLUTION", id="jawaban"),
        new_code_cell("\n".join(["# komentar", "", "a = 1"] * text.MOST_LINES), id="tepat-panjang"),
        new_code_cell("a = 1\n" * 40, id="alat", metadata={"tags": ["disediakan"]}),
        new_markdown_cell("[sumber](https://www.contoh.invalid/halaman?a=1#b)", id="sumber"),
    ]
    assert lesson(tmp_path, *good) == []


@pytest.mark.parametrize(
    ("title", "problem"),
    [
        ("## Antrean\n" + TITLE.partition("\n")[2], "the first heading is not an H1"),
        (TITLE + "\n# Lagi\n", "a second H1"),
        (TITLE + "\n### Bagian\n", "an H3 follows an H1"),
        (TITLE.replace(" · 1 JP", ""), "no line such as"),
        (TITLE.replace("Anda dapat", "Anda belajar"), "0 objectives"),
        (TITLE.replace("> - menghitung; dan\n", ""), "1 objectives"),
        (TITLE.replace("; dan", ","), "should end in '; dan'"),
        (TITLE.replace("membaca.", "membaca"), "should end in '.'"),
        (TITLE + "\n[buku](buku.ipynb)\n", "there is no such file"),
        (TITLE + '\n<a href="buku.ipynb">buku</a>\n', "there is no such file"),
        (TITLE + "\n![gambar besar](gambar.png)\n", "there is no such file"),
        (TITLE + "\n[bagian](#bagian-lain)\n", "there is no such heading"),
        (TITLE + "\n[data](/data/loket.csv)\n", "not relative"),
        (TITLE + "\n[data](../../../data.csv)\n", "outside of the repository"),
        (TITLE + "\n[data](https:/contoh.invalid)\n", "not an address"),
        (TITLE + "\n[data](htps://contoh.invalid)\n", "neither a file nor http"),
    ],
)
def test_a_malformed_lesson_is_refused(title: str, problem: str, tmp_path: Path) -> None:
    found = lesson(tmp_path, title=title)
    assert len(found) == 1
    assert found[0].startswith("course/01-antrean/1-antrean.ipynb, cell judul: ")
    assert problem in found[0]


def test_a_long_cell_is_refused(tmp_path: Path) -> None:
    (found,) = lesson(tmp_path, new_code_cell("a = 1\n" * (text.MOST_LINES + 1), id="panjang"))
    assert "cell panjang: 13 lines of code" in found


# The profile.


def test_the_profile_counts_what_stands_in_a_lesson(tmp_path: Path) -> None:
    choice = "<details><summary>A. <code>1</code></summary>\n\nTepat. Satu dua tiga.\n\n</details>"
    lesson(
        tmp_path,
        new_markdown_cell(
            f"## Masalah\n\nTebak.\n\n{choice}", id="tebak", metadata={"melayani": {"pertanyaan": "tebak"}}
        ),
        new_code_cell("a = 1\n\n# komentar\na", id="nilai", outputs=[nbformat.v4.new_output("stream", text="1")]),
        new_markdown_cell("### Coba sendiri 1 (inti): tulis\n\n![satu dua tiga](gambar.png)", id="coba"),
        new_code_cell("b = 1", id="latihan"),
        new_code_cell("b = 2\nb = 3\nb = 4", id="kunci", metadata={"tags": ["jawaban"]}),
        new_code_cell("x = 1\n" * 30, id="alat", metadata={"tags": ["disediakan"]}),
        new_markdown_cell("## Rangkuman\n\n- Anda dapat membaca.\n\n[a](../glosarium.ipynb#a)", id="rangkuman"),
    )
    one = profile.profile(tmp_path / "course/01-antrean/1-antrean.ipynb", tmp_path)
    assert (one.jp, one.objectives, one.cells, one.code_cells) == (1, 2, 8, 4)
    assert (one.lines_median, one.lines_max) == (2, 3)
    assert (one.value_shown, one.predictions, one.predicted) == (0.5, 1, 0.5)
    assert (one.exercises, one.pictures, one.closing_points, one.new_words) == (1, 1, 1, 1)
    assert one.longest_run == 17  # the title cell and the question without its folded explanation
    assert one.short_sentences == 1.0


def test_the_profile_has_a_row_for_each_lesson(capsys: pytest.CaptureFixture[str]) -> None:
    assert profile.main([]) == 0
    rows = capsys.readouterr().out.splitlines()[3 : 3 + len(LESSONS)]
    assert [row.split("|")[0].strip() for row in rows] == [
        f"{path.parent.name[:2]}-{path.stem[:1]}" for path in LESSONS
    ]
