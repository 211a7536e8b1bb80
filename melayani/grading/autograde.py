"""`melayani nilai`: intake, the books and the executions of all hand-ins of an assignment, and who needs a person.

The books (nbgrader's gradebook and folders, our records) are kept here, in one thread; only the notebooks' code runs
elsewhere, as many at a time as there is room for. A hand-in is locked while it is in hand, so that several runs share
the work; whatever ends before its record is written is graded again by the next run.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
import warnings
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import chdir, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from melayani.course import CourseError, class_folder, load_config
from melayani.grading import records
from melayani.grading.again import Earlier, aside_of, bring_back, put_aside, settle
from melayani.grading.cells import Cells, of_folder
from melayani.grading.edition import fingerprint, make_known, open_api
from melayani.grading.executors import ClusterError, Grader, Local
from melayani.grading.feedback import number
from melayani.grading.intake import (
    LOOK_AGAIN,
    NOT_AGAIN,
    SUSPECT,
    WAITING,
    Finding,
    mark_ungradable,
    released,
    take_in,
)
from melayani.grading.lock import Lock, LockedError, assignment_lock, edition_lock, hand_in_lock
from melayani.grading.partial import refused
from melayani.grading.progress import Progress, Silent
from melayani.grading.records import Record, content, submitted
from melayani.grading.runner.job import Job, Result
from melayani.grading.runner.job import Report as Odd
from melayani.grading.runner.runner import RunnerError
from melayani.grading.stopping import asked
from melayani.grading.times import UnreadableTimeError, handed_in_at

NOT_GRADED, BUSY = "belum dinilai", "sedang dinilai"
TRIES = 3  # of one hand-in, when what failed was not its notebook
_LOOK = 0.2  # seconds between two looks at what a person asked for


@dataclass
class Report:
    """The outcome of one run over one assignment."""

    assignment: str
    graded: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  # graded before, and nothing has changed since
    left: list[str] = field(default_factory=list)  # not looked at, because the run stopped
    findings: list[Finding] = field(default_factory=list)
    changed: list[tuple[str, float, float]] = field(default_factory=list)  # graded again: student, score before, now
    without_sandbox: list[str] = field(default_factory=list)  # of those graded
    stopped: bool = False  # by Ctrl-C
    forced: bool = False  # by a second Ctrl-C: code may still run
    trouble: str = ""  # why the run could not go on, in Bahasa
    seconds: float = 0.0


class Prepared(Protocol):
    """A hand-in that is ready to be executed."""

    @property
    def jobs(self) -> Sequence[Job]:
        """What is to be executed."""


class Outcome(Protocol):
    """What is to be told of a graded hand-in."""

    @property
    def reports(self) -> Sequence[tuple[str, Odd]]:
        """What was odd: (notebook without .ipynb, report)."""

    @property
    def sandboxed(self) -> bool:
        """Whether all of it ran in a sandbox."""


class Books(Protocol):
    """Keeps nbgrader's books; used by one thread."""

    def prepare(self, assignment: str, student: str) -> Any:
        """Return a hand-in sanitized (`Prepared`); nothing that was there before is changed."""

    def finish(self, prepared: Any, results: Sequence[Result]) -> Outcome:
        """Save what came of it, all or nothing. Raises whatever makes this hand-in one that can't be graded."""

    def fail(self, prepared: Any) -> None:
        """Forget a hand-in that was prepared."""

    def close(self) -> None:
        """Close the gradebook."""


@dataclass
class _HandIn:
    """A hand-in that is being graded."""

    student: str
    lock: Lock
    again: bool  # is there a grade of the same content, which stays if this fails?
    content: str
    tries: int = 1
    prepared: Prepared | None = None
    futures: list[Future[Any]] = field(default_factory=list)

    @property
    def is_executed(self) -> bool:
        return all(future.done() for future in self.futures)


def grade(
    root: Path,
    assignment: str,
    progress: Progress | None = None,
    *,
    students: Collection[str] | None = None,
    again: bool = False,
    outdated: bool = False,
    grader: Grader | None = None,
    stock: bool = False,
    patient: bool = False,
) -> Report:
    """Take in and autograde the hand-ins of `assignment` (of `students`) that need it; none ever stops the others.

    Without `students`, those in nbgrader's student_id_exclude are left out. Graded are those without a grade, and
    those whose content or environment is another now; with `outdated` also those graded by another edition, with
    `again` all. They run on `grader` (default: this machine's cores), or with `stock` by nbgrader alone. What another
    run has in hand is named, or waited for (`patient`).
    Raises FileNotFoundError, UnknownAssignmentError, CorrectedError or LockedError, in Bahasa, before anything is
    graded: it has no release, no source or another source now, or is being corrected.
    """
    begun = time.monotonic()
    os.environ["PYTHONWARNINGS"] = os.environ.get("PYTHONWARNINGS", "ignore::DeprecationWarning")
    with chdir(root), warnings.catch_warnings(), assignment_lock(root, assignment, shared=True).held(wait=patient):
        warnings.simplefilter("ignore")  # nbgrader's own SQL warnings say nothing to an instructor
        with edition_lock(root, assignment).held(wait=True):
            known = make_known(root, assignment)
        found = sorted(path.parent.name for path in (class_folder(root) / "submitted").glob(f"*/{assignment}"))
        excluded = CourseDirectory(config=load_config(root)).student_id_exclude.split(",")
        wanted = [name for name in found if name not in excluded] if students is None else sorted(set(students))
        if found:
            released(root, assignment)
        with asked() as stop:
            run = _Run(root, assignment, known, progress or Silent(), stop, again, outdated, patient)
            for student in set(wanted) - set(found):
                run.tell(student, "tidak ada kiriman untuk tugas ini", NOT_GRADED)
            queue = [student for student in wanted if student in found]
            if stock:
                run.run(queue, None)
            elif grader:
                run.run(queue, grader)
            else:
                with Local() as own:
                    run.run(queue, own)
    report = run.report
    report.findings += _waiting(root, assignment, wanted)
    report.findings.sort(key=lambda finding: finding.student)
    for names in (report.graded, report.skipped, report.left, report.without_sandbox, report.changed):
        names.sort()  # type: ignore[attr-defined]
    report.seconds = time.monotonic() - begun
    return report


class _Run:
    """One run over one assignment."""

    def __init__(
        self,
        root: Path,
        assignment: str,
        known: Cells,
        progress: Progress,
        stop: threading.Event,
        again: bool,
        outdated: bool,
        patient: bool,
    ) -> None:
        self.root, self.assignment, self.known, self.progress, self.stop = root, assignment, known, progress, stop
        self.again, self.outdated, self.patient = again, outdated, patient
        self.report = Report(assignment)
        self.course = CourseDirectory(config=load_config(root))
        self.edition = fingerprint(self.course, assignment, known)
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            self.in_gradebook = {one.student_id for one in gradebook.assignment_submissions(assignment)}
        self.in_hand: list[_HandIn] = []
        self.busy: dict[str, str] = {}  # student: who has the hand-in
        self.grader: Grader | None = None
        self.books: Books | None = None

    def run(self, students: Sequence[str], grader: Grader | None) -> None:
        """Grade `students`; on Ctrl-C, what is not begun is left, and what runs is finished or put back."""
        self.grader = grader
        queue = deque(students)
        self.progress.begin(len(queue))
        try:
            while self._goes_on(queue):
                while queue and not self.stop.is_set() and len(self.in_hand) < (grader.room if grader else 1):
                    self._look_at(queue.popleft())
                self._collect()
        except KeyboardInterrupt:
            self.report.forced = True
        except ClusterError as error:
            self.report.trouble = str(error)
        finally:
            self.report.stopped = self.stop.is_set()
            for hand_in in list(self.in_hand):
                self._put_back(hand_in)
            self.report.left += queue
            for student, holder in self.busy.items():
                self.tell(student, f"sedang dikerjakan oleh {holder}", BUSY)
            if self.books:
                self.books.close()
            self.progress.end()

    def _goes_on(self, queue: deque[str]) -> bool:
        if self.stop.is_set():
            for hand_in in list(self.in_hand):
                if not hand_in.is_executed and all([future.cancel() for future in hand_in.futures]):
                    self._put_back(hand_in)  # what runs already can't be cancelled: it is finished
        elif not queue and not self.in_hand and self.busy and self.patient:
            time.sleep(_LOOK)
            queue.extend(self.busy)
            self.busy.clear()
        return bool(self.in_hand) or (bool(queue) and not self.stop.is_set())

    def tell(self, student: str, reason: str, kind: str, file: str = "") -> None:
        """Add a finding."""
        self.report.findings.append(Finding(student, self.assignment, file, reason, kind))

    # One hand-in, up to its execution.

    def _look_at(self, student: str) -> None:
        """Take a hand-in into hand, unless another run has it or it needs no grading."""
        lock = hand_in_lock(self.root, self.assignment, student)
        try:
            lock.take()
        except LockedError as error:
            self.busy[student] = error.holder
            return
        kept = False
        try:
            kept = self._take(student, lock)
        except UnreadableTimeError as error:
            self.tell(student, str(error), NOT_GRADED)
            self.progress.done(student)
        except OSError as error:  # a file of this hand-in that can't be read or written
            self.tell(student, f"berkasnya tidak dapat dibaca atau ditulis ({error})", NOT_GRADED)
            self.progress.done(student)
        except (SQLAlchemyError, ClusterError, CourseError):
            raise
        except Exception as error:  # whatever else stands in this hand-in must not stop the others
            self.tell(student, f"berkasnya tidak dapat diperiksa ({_line(error)})", NOT_GRADED)
            self.progress.done(student)
        finally:
            if not kept:
                lock.free()

    def _take(self, student: str, lock: Lock) -> bool:
        """Return whether the hand-in is in hand now, and keeps its lock."""
        intake = take_in(self.root, self.assignment, student)
        self.report.findings += intake.findings
        if not intake.readable:
            self.progress.skip()
            return False
        graded = Path(self.course.format_path(self.course.autograded_directory, student, self.assignment))
        aside = aside_of(self.course, self.assignment, student)
        folder = submitted(self.root, self.assignment, student)
        older = handed_in_at(aside if aside.is_dir() else graded) != handed_in_at(folder)
        fresh = older or (intake.new and not intake.first)  # whatever grade there is belongs to another attempt
        if fresh:
            shutil.rmtree(aside, ignore_errors=True)
        now = content(folder)
        if not fresh and not aside.is_dir() and not self.again and self._is_done(student, now):
            self.progress.skip()
            return False
        hand_in = _HandIn(student, lock, not fresh, now)
        self.in_hand.append(hand_in)
        self._begin(hand_in)
        return True

    def _was_graded(self, student: str) -> bool:
        graded = Path(self.course.format_path(self.course.autograded_directory, student, self.assignment))
        if not any(graded.glob("*.ipynb")):
            return False
        if student not in self.in_gradebook:  # by another run, since this one began?
            with Gradebook(self.course.db_url, self.course.course_id) as gradebook, suppress(MissingEntry):
                self.in_gradebook.add(gradebook.find_submission(self.assignment, student).student_id)
        return student in self.in_gradebook

    def _is_done(self, student: str, now: str) -> bool:
        """Return whether a hand-in is left as it is, and tell what should be told of it."""
        if not self._was_graded(student):
            return False
        record = Record.read(self.root, self.assignment, student)
        old = record.edition != self.edition if record else self._is_outdated(student)
        if old and not self.outdated:
            reason = f"dinilai dengan soal atau uji yang lama; jalankan: melayani koreksi {self.assignment}"
            self.tell(student, reason, NOT_AGAIN)
            return True
        if record and record.is_of(now, self.edition):
            self.report.skipped.append(student)
            self.report.findings += record.findings
            return True
        return False

    def _is_outdated(self, student: str) -> bool:
        """Return whether the autograded notebooks show that other texts or tests were in force at that time."""
        graded = Path(self.course.format_path(self.course.autograded_directory, student, self.assignment))
        known = self.known
        return any(place in known and known[place].text != cell.text for place, cell in of_folder(graded).items())

    def _begin(self, hand_in: _HandIn) -> None:
        if self.books is None:
            self.books = _open_books(self.root, self.grader)
        try:
            hand_in.prepared = self.books.prepare(self.assignment, hand_in.student)
            if self.grader:
                hand_in.futures = [self.grader.submit(job) for job in hand_in.prepared.jobs]
        except (SQLAlchemyError, RunnerError) as error:
            self._try_again(hand_in, error)
        except ClusterError:
            raise
        except Exception as error:  # whatever this hand-in does to nbgrader must not stop the others
            self._give_up(hand_in, error)

    # One hand-in, from its execution on.

    def _collect(self) -> None:
        """Wait a moment for executions, and finish the hand-ins whose executions have all ended."""
        running = [future for hand_in in self.in_hand for future in hand_in.futures if not future.done()]
        if running and not any(hand_in.is_executed for hand_in in self.in_hand):
            wait(running, timeout=_LOOK, return_when=FIRST_COMPLETED)
        for hand_in in list(self.in_hand):
            if hand_in.is_executed:
                self._end(hand_in)

    def _end(self, hand_in: _HandIn) -> None:
        """Enter what came of the execution into the books."""
        try:
            results = [self.grader.result(future) for future in hand_in.futures] if self.grader else []
        except ClusterError:
            raise
        except Exception as error:  # the machinery's: a runner or a worker died
            self._try_again(hand_in, error)
            return
        assert self.books
        earlier = put_aside(self.course, self.assignment, hand_in.student) if hand_in.again else None
        try:
            outcome = self.books.finish(hand_in.prepared, results)
        except BaseException as error:
            if earlier:
                bring_back(self.course, earlier)
            if isinstance(error, SQLAlchemyError):
                self._try_again(hand_in, error)
            elif isinstance(error, Exception):  # whatever this hand-in does to nbgrader must not stop the others
                self._give_up(hand_in, error, earlier)
            else:
                raise
        else:
            self._record(hand_in, outcome, earlier)

    def _record(self, hand_in: _HandIn, outcome: Outcome, earlier: Earlier | None) -> None:
        """Write down that a hand-in is graded, and what a person should look at because of it."""
        student = hand_in.student
        graded = Path(self.course.format_path(self.course.autograded_directory, student, self.assignment))
        told = [(f"{notebook}.ipynb", report.text.rstrip(".")) for notebook, report in outcome.reports]
        told += [(notebook, _no_score(cell)) for notebook, cell in refused(graded)]
        odd = [Finding(student, self.assignment, notebook, reason, SUSPECT) for notebook, reason in told]
        if earlier:
            self._settle(earlier)
        record = Record(hand_in.content, self.edition, outcome.sandboxed, stock=self.grader is None, findings=odd)
        record.write(self.root, self.assignment, student)
        self.report.findings += odd
        self.report.graded.append(student)
        if not outcome.sandboxed:
            self.report.without_sandbox.append(student)
        self._let_go(hand_in)

    def _settle(self, earlier: Earlier) -> None:
        look, score = settle(self.course, earlier)
        if score != earlier.score:
            self.report.changed.append((earlier.student, earlier.score, score))
        for notebook, cell, manual in look:
            reason = f"soal atau hasil uji sel {cell} berubah; skor dari Anda tetap {number(manual)}, tetapi lihat lagi"
            self.tell(earlier.student, reason, LOOK_AGAIN, notebook)

    def _try_again(self, hand_in: _HandIn, error: Exception) -> None:
        """Begin a hand-in anew after a failure that is not its own; name it when that does not help."""
        self._undo(hand_in)
        if hand_in.tries < TRIES and not self.stop.is_set():
            hand_in.tries += 1
            time.sleep(_LOOK * hand_in.tries)
            self._begin(hand_in)
            return
        what = "buku skor tidak dapat dipakai" if isinstance(error, SQLAlchemyError) else "penilaian terhenti"
        reason = f"{what} ({_line(error)}); jalankan lagi melayani nilai, atau periksa kiriman ini"
        self.tell(hand_in.student, reason, NOT_GRADED)
        self._let_go(hand_in)

    def _give_up(self, hand_in: _HandIn, error: Exception, earlier: Earlier | None = None) -> None:
        """Name a hand-in that can't be graded: an older grade of the same content stays, one of older content goes."""
        self._undo(hand_in)
        reason = str(error) if isinstance(error, UngradableError) else _not_finished(error)
        if hand_in.again and (earlier or self._was_graded(hand_in.student)):
            self.tell(hand_in.student, f"skor lama tetap berlaku karena {reason}", NOT_AGAIN)
        else:
            found = mark_ungradable(self.root, self.assignment, hand_in.student, reason)
            self.report.findings.append(found)
        self._let_go(hand_in)

    def _undo(self, hand_in: _HandIn) -> None:
        if self.books and hand_in.prepared is not None:
            self.books.fail(hand_in.prepared)
        hand_in.prepared, hand_in.futures = None, []

    def _let_go(self, hand_in: _HandIn) -> None:
        self.in_hand.remove(hand_in)
        hand_in.lock.free()
        self.progress.done(hand_in.student)

    def _put_back(self, hand_in: _HandIn) -> None:
        """Leave a hand-in as it was before this run."""
        for future in hand_in.futures:
            future.cancel()
        self._undo(hand_in)
        self.in_hand.remove(hand_in)
        hand_in.lock.free()
        self.report.left.append(hand_in.student)


class UngradableError(Exception):
    """A hand-in can't be graded; the message says in Bahasa why."""


@dataclass(frozen=True)
class _Whole:
    """A hand-in that nbgrader grades in one go, and what came of it."""

    assignment: str
    student: str
    jobs: tuple[Job, ...] = ()
    reports: tuple[tuple[str, Odd], ...] = ()
    sandboxed: bool = False


class _Stock:
    """nbgrader's own books, with its own execution in between."""

    def __init__(self, root: Path) -> None:
        self.api = open_api(root, stock=True)

    def prepare(self, assignment: str, student: str) -> _Whole:
        return _Whole(assignment, student)

    def finish(self, prepared: _Whole, results: Sequence[Result]) -> _Whole:
        result = self.api.autograde(prepared.assignment, prepared.student, force=True, create=True)
        course = self.api.coursedir
        graded = Path(course.format_path(course.autograded_directory, prepared.student, prepared.assignment))
        if not result["success"] or not any(graded.glob("*.ipynb")):
            raise UngradableError(_why(result))
        return prepared

    def fail(self, prepared: _Whole) -> None:
        """Do nothing: nbgrader cleans up itself."""

    def close(self) -> None:
        """Do nothing: nbgrader opens a gradebook for each thing it does."""


def _open_books(root: Path, grader: Grader | None) -> Books:
    """Return the books of a run on `grader`, or of nbgrader alone."""
    if grader is None:
        return _Stock(root)
    from melayani.grading.books import ResidentAutograde

    api = open_api(root)
    api.config.Execute.sandbox = grader.sandboxed
    try:
        books = ResidentAutograde(api.coursedir, parent=api)
    except NbGraderException as error:
        raise CourseError(str(error)) from error
    if books.post_convert_hook is records.after_autograde:
        books.post_convert_hook = None  # the run itself writes the record
    return books


def _no_score(cell: str) -> str:
    return f"hasil sel {cell} bukan angka skor sehingga dihitung 0; periksa kodenya"


def _line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]


def _why(result: dict[str, object]) -> str:
    text = f"{result.get('error', '')}{result.get('log', '')}"
    if "DeadKernelError" in text or "Kernel died" in text:
        return "kode dalam notebook menghentikan kernel (misalnya dengan exit()) sehingga penilaian tidak selesai"
    if "unresponsive" in text or "Timeout" in text:
        return "kode dalam notebook tidak pernah selesai sehingga penilaian dihentikan"
    return _not_finished(text)


def _not_finished(what: object) -> str:
    lines = [line.strip() for line in str(what).splitlines() if line.strip()]
    return f"penilaian otomatis tidak selesai ({lines[-1][:120] if lines else 'tanpa keterangan'})"


def _waiting(root: Path, assignment: str, students: Collection[str]) -> list[Finding]:
    """Return the cells of `students` that wait for a person, by one query."""
    config = load_config(root).CourseDirectory
    with Gradebook(config.db_url, config.course_id) as gradebook:
        rows = (
            gradebook.db.query(SubmittedAssignment.student_id, Notebook.name, BaseCell.name)
            .select_from(Grade)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == assignment, Grade.needs_manual_grade)
            .order_by(SubmittedAssignment.student_id, Notebook.name, BaseCell.name)
            .all()
        )
    wanted = set(students)
    return [
        Finding(student, assignment, f"{notebook}.ipynb", f"sel {cell} menunggu dinilai", WAITING)
        for student, notebook, cell in rows
        if student in wanted
    ]
