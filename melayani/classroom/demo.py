"""`melayani demo`: a sample class from the release to the returned grade, without a browser.

All of it lies in `<class folder>/contoh`; a real class beside it is never touched.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from melayani.classroom.nbgrader_steps import StepError, Steps
from melayani.classroom.sample_class import (
    CLASS,
    EXCHANGE,
    FULL_WORDS,
    GRADED,
    STOCK_STORIES,
    STORIES,
    UNREADABLE,
    ZIP,
    Assignment,
    HandIn,
    Trainee,
    manual_points,
    stock_score,
)
from melayani.course import assignments, class_folder
from melayani.grading.archives import ArchiveError, pack, receive
from melayani.grading.autograde import grade
from melayani.grading.executors import Local
from melayani.grading.progress import Bar, Silent
from melayani.grading.runner import sandbox

MARKER = ".melayani-contoh"
#: What a person must be told of, besides the score.
TOLD = ("ganti nama", "bukan JSON", "metadata hilang", "sel ganda")
_COLUMNS = (("siapa", 25), ("cara", 6), ("skor", 7), ("alasan", 36), ("seharusnya", 10), ("cocok", 5))


class NotOursError(Exception):
    """The folder of the sample class holds something that the demo did not make."""


def prepare(folder: Path) -> None:
    """Make `folder` an empty home of the sample class; raise NotOursError if another's files are in it."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NotOursError(f"{folder} bukan folder biasa. Pindahkan dahulu, lalu ulangi.")
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARKER).is_file():
            raise NotOursError(
                f"{folder} berisi berkas yang tidak dibuat oleh demo sehingga tidak dikosongkan. "
                "Pindahkan dahulu isinya, lalu ulangi."
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARKER).write_text(
        "Folder ini dibuat oleh melayani demo dan dikosongkan setiap kali demo dijalankan.\n", encoding="utf-8"
    )


def run(root: Path, stock: bool = False) -> int:
    """Run the sample class of the course in `root` and print its table.

    Returns 0 if every score and status is the expected one and nobody is missing, 1 if not, 2 if it could not
    run. With `stock`, nbgrader works alone and the expected scores are those that it is known to give.
    """
    folder = class_folder(root) / "contoh"
    try:
        prepare(folder)
    except NotOursError as error:
        print(error, file=sys.stderr)
        return 2
    with _environment(folder):
        steps = Steps(root, folder, stock)
        try:
            return _Demo(steps).run()
        except (StepError, ArchiveError) as error:
            print(error, file=sys.stderr)
            return 2
        finally:
            steps.close()


@contextmanager
def _environment(folder: Path) -> Iterator[None]:
    """Work on the class in `folder`, with the commands of this Python first (nbgrader calls alembic)."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with mock.patch.dict(os.environ, {"MELAYANI_KELAS": str(folder), "PATH": path}), warnings.catch_warnings():
        os.environ.pop("MELAYANI_DB_URL", None)
        warnings.simplefilter("ignore")  # nbgrader's own SQL warnings say nothing here
        yield


@dataclass
class _Row:
    """One line of the table: a trainee in one assignment."""

    trainee: Trainee
    score: str
    reason: str
    expected: str
    fits: bool


@dataclass
class _Demo:
    """One run: the steps in their order, each telling what it did."""

    steps: Steps
    work: dict[str, Assignment] = field(default_factory=dict)
    handed_in: dict[tuple[str, str], list[HandIn]] = field(default_factory=dict)
    reasons: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    zips: dict[str, list[Path]] = field(default_factory=dict)
    number: int = 0

    def run(self) -> int:
        how = "nbgrader polos (--stock)" if self.steps.stock else "melayani dan nbgrader"
        print(f"Kelas contoh: {len(CLASS)} peserta, dengan {how}.", flush=True)
        self._release()
        self._hand_in()
        self._collect()
        self._grade()
        self._grade_by_hand()
        arrived = self._feedback()
        return self._compare(arrived)

    def _tell(self, text: str) -> None:
        self.number += 1
        print(f"[{self.number}/9] {text}", flush=True)

    def _home(self, trainee: Trainee) -> Path:
        return self.steps.folder / "peserta" / trainee.id

    def _release(self) -> None:
        names = assignments(self.steps.root)
        if not names:
            raise StepError("Kursus ini belum mempunyai tugas di solutions/.")
        for name in names:
            self.steps.release(name)
            self.work[name] = Assignment(self.steps.root, name, self.steps.released(name))
        self._tell(f"Membagikan {len(self.work)} tugas: {', '.join(self.work)}.")
        with self.steps.gradebook() as book:
            for trainee in CLASS:
                book.update_or_create_student(trainee.id, first_name=trainee.first_name, last_name=trainee.last_name)

    def _hand_in(self) -> None:
        prompt = [trainee for trainee in CLASS if trainee.role != "terlambat"]
        late = [trainee for trainee in CLASS if trainee.role == "terlambat"]
        for trainee in CLASS:
            self._home(trainee).mkdir(parents=True)
            for name, assignment in self.work.items():
                self.handed_in[name, trainee.id] = assignment.hand_ins(trainee.role)
                if trainee.way == EXCHANGE:
                    self.steps.fetch(trainee.id, name, self._home(trainee))
                else:
                    shutil.copytree(self.steps.released(name), self._home(trainee) / name)
        self._tell(f"{len(CLASS)} peserta mengambil tugas dan mengerjakannya.")
        for trainee in prompt:
            self._hand_in_all(trainee)
        self._tell(f"{len(prompt)} peserta menyerahkan sebelum tenggat, lewat folder pertukaran (exchange) atau {ZIP}.")
        due = datetime.now(UTC).replace(tzinfo=None)
        with self.steps.gradebook() as book:
            for name in self.work:
                book.update_or_create_assignment(name, duedate=due)
        for trainee in late:
            self._hand_in_all(trainee)
        self._tell(f"Tenggat berlalu; {len(late)} peserta menyerahkan sesudahnya.")

    def _hand_in_all(self, trainee: Trainee) -> None:
        home = self._home(trainee)
        for name, assignment in self.work.items():
            folder = home / name
            for attempt, hand_in in enumerate(self.handed_in[name, trainee.id]):
                (folder / assignment.file).unlink(missing_ok=True)
                (folder / hand_in.file).write_bytes(hand_in.content)
                if trainee.way == EXCHANGE:
                    self.steps.submit(trainee.id, name, home)
                else:
                    when = datetime.now(UTC) - timedelta(days=1, minutes=-attempt)
                    self.zips.setdefault(name, []).append(pack(folder, trainee.id, home, when))

    def _collect(self) -> None:
        archives = [path for paths in self.zips.values() for path in paths]
        if self.steps.stock:
            for name, paths in self.zips.items():
                drop = self.steps.folder / "downloaded" / name / "archive"
                drop.mkdir(parents=True)
                for path in paths:
                    shutil.copy(path, drop)
                if self.steps.command("zip_collect", name) != 0:
                    raise StepError(f"nbgrader zip_collect {name} gagal; lihat {self.steps.log_file}.")
        else:
            for finding in receive(self.steps.root, archives):
                self.reasons.setdefault((finding.assignment, finding.student), []).append(finding.reason)
        collected = sum(self.steps.collect(name) for name in self.work)
        self._tell(
            f"Menerima {len(archives)} zip dan isi folder pertukaran: {collected} kiriman dari {len(CLASS)} peserta."
        )

    def _grade(self) -> None:
        self._tell("Menilai otomatis …")
        if self.steps.stock:
            for name in self.work:
                code = self.steps.command("autograde", name)
                print(f"      {name}: nbgrader autograde selesai dengan kode {code}.", flush=True)
            return
        confined = sandbox.available() is None
        if not confined:
            print("      Tanpa kurungan (sandbox), yang tidak ada di komputer ini: hanya kelas contoh kursus sendiri.")
        progress = Bar() if sys.stdout.isatty() else Silent()
        with Local(sandboxed=confined) as grader:
            for name in self.work:
                report = grade(self.steps.root, name, progress, grader=grader)
                for finding in report.findings:
                    self.reasons.setdefault((name, finding.student), []).append(finding.reason)
                print(f"      {name}: {len(report.graded)} dari {len(CLASS)} kiriman dinilai otomatis.", flush=True)

    def _grade_by_hand(self) -> None:
        """Grade what waits for a person, by the rule that is printed, as far as there is a notebook to look at."""
        count = 0
        with self.steps.gradebook() as book:
            for name, assignment in self.work.items():
                for submission in book.assignment_submissions(name):
                    graded = self.steps.autograded(submission.student.id, name) / assignment.file
                    if not graded.is_file():
                        continue
                    for notebook in submission.notebooks:
                        for item in notebook.grades:
                            if item.needs_manual_grade and item.name in assignment.manual:
                                text = assignment.text_of(item.name, graded.read_bytes())
                                item.manual_score = manual_points(text, item.max_score)
                                item.needs_manual_grade = False
                                count += 1
            book.db.commit()
        self._tell(
            f"Menilai {count} jawaban uraian; aturan contoh: poin penuh mulai {FULL_WORDS} kata, "
            "kurang dari itu sebanding."
        )

    def _feedback(self) -> bool:
        pages = sum(self.steps.feedback(name) for name in self.work)
        first = CLASS[0]
        arrived = all(self.steps.fetch_feedback(first.id, name, self._home(first)) for name in self.work)
        what = "menerima" if arrived else "TIDAK menerima"
        self._tell(
            f"Membuat umpan balik untuk {pages} kiriman; {first.name} {what} umpan baliknya lewat folder pertukaran."
        )
        return arrived

    def _compare(self, arrived: bool) -> int:
        rows = {(row["assignment"], row["student_id"]): row for row in self.steps.export()}
        table = self.steps.folder / "skor.csv"
        if not self.steps.stock and self.steps.command("ekspor", str(table), module="melayani.cli") != 0:
            raise StepError(f"melayani ekspor gagal; lihat {self.steps.log_file}.")
        self._tell(f"Mengekspor skor: {len(rows)} baris.")
        wrong = 0
        for name, assignment in self.work.items():
            found = [self._row(assignment, trainee, rows.get((name, trainee.id))) for trainee in CLASS]
            _print_table(f"{name} ({_number(assignment.maximum)} poin)", found)
            wrong += sum(not row.fits for row in found)
        self._print_places(table)
        total = len(CLASS) * len(self.work)
        if wrong or not arrived:
            print(f"BELUM SESUAI: {wrong} dari {total} skor tidak seperti seharusnya.")
            return 1
        print(f"Sesuai: {total} dari {total} skor seperti seharusnya, dan semua peserta ada dalam tabel.")
        return 0

    def _row(self, assignment: Assignment, trainee: Trainee, row: dict[str, str] | None) -> _Row:
        told = self.reasons.get((assignment.name, trainee.id), [])
        if self.steps.stock:
            expected: float | None = stock_score(trainee.role, assignment)
            status = ""
            reason = STOCK_STORIES.get(trainee.role) or STORIES[trainee.role]
        else:
            latest = self.handed_in[assignment.name, trainee.id][-1]
            expected, status = latest.score, latest.status
            reason = "; ".join([STORIES[trainee.role], *(text for text in told if "menunggu dinilai" not in text)])
        wanted = UNREADABLE if expected is None else _number(expected)
        if row is None:
            return _Row(trainee, "tidak ada", reason, wanted, False)
        score = float(row["score"]) if row["score"] else None
        fits = score == expected
        if not self.steps.stock:
            fits = fits and row.get("status") == status and (trainee.role not in TOLD or bool(told))
            fits = fits and (status != GRADED or self._late(assignment.name, trainee) == (trainee.role == "terlambat"))
        shown = row.get("status", "") if score is None else _number(score)
        return _Row(trainee, shown, reason, wanted, fits)

    def _late(self, name: str, trainee: Trainee) -> bool:
        with self.steps.gradebook() as book:
            return bool(book.find_submission(name, trainee.id).total_seconds_late > 0)

    def _print_places(self, table: Path) -> None:
        folder = self.steps.folder
        first = next(iter(self.work), "")
        print("Hasilnya dapat dilihat di sini:")
        print(f"  buku skor           {folder / 'gradebook.db'}")
        print(f"  skor nbgrader       {folder / 'grades.csv'}")
        if table.is_file():
            print(f"  tabel skor          {table}")
        print(f"  umpan balik         {folder / 'feedback' / CLASS[0].id / first}")
        print(f"  notebook dinilai    {folder / 'autograded'}")
        print(f"  notebook diserahkan {folder / 'submitted'}")
        print(f"  catatan nbgrader    {self.steps.log_file}")


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _print_table(title: str, rows: Sequence[_Row]) -> None:
    print(f"\n{title}")
    print("  ".join(heading.ljust(width) for heading, width in _COLUMNS).rstrip())
    print("  ".join("-" * width for _, width in _COLUMNS))
    for row in rows:
        cells = (
            f"{row.trainee.id} {row.trainee.name}",
            row.trainee.way,
            row.score,
            row.reason,
            row.expected,
            "ya" if row.fits else "TIDAK",
        )
        wrapped = [
            textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
            for cell, (_, width) in zip(cells, _COLUMNS, strict=True)
        ]
        for line in range(max(map(len, wrapped))):
            print(
                "  ".join(
                    (lines[line] if line < len(lines) else "").ljust(width)
                    for lines, (_, width) in zip(wrapped, _COLUMNS, strict=True)
                ).rstrip()
            )
    print()
