"""`melayani demo` on a copy of the course: right scores, a clean second run, and a real class left alone."""

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from melayani.classroom.demo import MARKER, NotOursError, prepare
from melayani.classroom.sample_class import CLASS, STORIES, Assignment, manual_points

REPOSITORY = Path(__file__).resolve().parent.parent
SOLUTIONS = sorted(path.name for path in (REPOSITORY / "solutions").iterdir() if any(path.glob("*.ipynb")))


def copy_course(folder: Path, names: list[str]) -> Path:
    """Copy the course with the assignments `names`; lay a real class into its kelas/."""
    for name in names:
        for part in ("solutions", "assignments", "tests/answers"):
            if (REPOSITORY / part / name).is_dir():
                shutil.copytree(REPOSITORY / part / name, folder / part / name)
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    for file in ("gradebook.db", "submitted/0007/00-orientasi/00-orientasi.ipynb", "asli/catatan.json"):
        path = folder / "kelas" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"kelas sungguhan")
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "contoh" not in path.relative_to(folder).parts
    }


def demo(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "MELAYANI_KELAS"}
    return subprocess.run(
        [sys.executable, "-m", "melayani.cli", "demo", *options],
        cwd=root,
        env={**environment, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def test_the_class_has_twelve_with_ids_as_text_and_every_role_once() -> None:
    assert len(CLASS) == 12 == len({trainee.id for trainee in CLASS})
    assert all(re.fullmatch(r"0\d{3}", trainee.id) for trainee in CLASS)
    assert {trainee.role for trainee in CLASS} == set(STORIES)
    assert {trainee.way for trainee in CLASS} == {"folder", "zip"}


def test_manual_points_grow_with_the_words_up_to_the_maximum() -> None:
    assert manual_points("", 10) == 0
    assert manual_points("sepuluh " * 10, 10) == 5
    assert manual_points("banyak " * 50, 10) == 10


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_roles_differ_in_their_scores(name: str) -> None:
    assignment = Assignment(REPOSITORY, name, REPOSITORY / "assignments" / name)
    score = {role: assignment.hand_ins(role)[-1].score for role in STORIES}
    assert score["benar"] == score["cara lain"] == score["peringatan"] == assignment.maximum
    assert score["kosong"] == 0
    assert 0 < (score["sebagian"] or 0) < assignment.maximum
    assert (score["keliru"] or 0) < assignment.maximum
    assert score["bukan JSON"] is None and score["metadata hilang"] is None


def test_partial_credit_is_handed_in_where_an_assignment_gives_it() -> None:
    assignment = Assignment(REPOSITORY, "02-fungsi", REPOSITORY / "assignments" / "02-fungsi")
    tests = {"uji-uji": 8.0, "uji-uji-tersembunyi": 12.0}
    assert tests.items() <= assignment.tests.items()
    partial = assignment.partial()
    assert {item: answer.points for item, answer in partial.items()} == {"uji": 4}
    # Three right answers beside it: 20 + 15 + 15.
    assert assignment.hand_ins("sebagian")[-1].score == 54
    assert not Assignment(REPOSITORY, SOLUTIONS[0], REPOSITORY / "assignments" / SOLUTIONS[0]).partial()


def test_a_folder_of_others_is_not_emptied(tmp_path: Path) -> None:
    folder = tmp_path / "contoh"
    folder.mkdir()
    (folder / "skripsi.ipynb").write_text("penting")
    with pytest.raises(NotOursError, match="tidak dikosongkan"):
        prepare(folder)
    assert (folder / "skripsi.ipynb").read_text() == "penting"


def test_its_own_folder_is_emptied(tmp_path: Path) -> None:
    prepare(tmp_path / "contoh")
    (tmp_path / "contoh" / "lama.txt").write_text("lama")
    prepare(tmp_path / "contoh")
    assert [path.name for path in (tmp_path / "contoh").iterdir()] == [MARKER]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "sungguhan").mkdir()
    (tmp_path / "contoh").symlink_to(tmp_path / "sungguhan")
    with pytest.raises(NotOursError):
        prepare(tmp_path / "contoh")


@pytest.mark.slow
def test_the_demo_gives_every_expected_score_and_leaves_a_real_class_alone(tmp_path: Path) -> None:
    root = copy_course(tmp_path, SOLUTIONS)
    before = digests(root)
    done = demo(root)
    assert done.returncode == 0, done.stdout + done.stderr
    total = 12 * len(SOLUTIONS)
    assert f"Sesuai: {total} dari {total} skor" in done.stdout
    for trainee in CLASS:
        assert done.stdout.count(f"\n{trainee.id} ") == len(SOLUTIONS)
    assert "Traceback" not in done.stdout + done.stderr
    assert digests(root) == before
    first = CLASS[0].id
    for name in SOLUTIONS:
        assert list((root / "kelas" / "contoh" / "peserta" / first / name / "feedback").rglob("*.html"))
    assert (root / "kelas" / "contoh" / "skor.csv").is_file()


@pytest.mark.slow
def test_a_wrong_expectation_is_seen_and_the_next_run_by_stock_is_clean(tmp_path: Path) -> None:
    course = copy_course(tmp_path, SOLUTIONS[:1])
    answers = sorted((course / "tests" / "answers").rglob("*.py"))
    kept = {path: path.read_text("utf-8") for path in answers}
    # Each wrong answer is said to keep one point more than it does.
    for path, text in kept.items():
        path.write_text(re.sub(r"salah \((\d+)\)", lambda m: f"salah ({int(m[1]) + 1})", text), "utf-8")
    done = demo(course)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"BELUM SESUAI: [12] dari 12", done.stdout), done.stdout
    for path, text in kept.items():
        path.write_text(text, "utf-8")
    before = digests(course)
    done = demo(course, "--stock")
    assert done.returncode == 0, done.stdout + done.stderr
    assert digests(course) == before
