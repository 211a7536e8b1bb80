"""nbgrader's own share of autograde made cheap: the same books, by its extension points.

For plain `nbgrader autograde` and Formgrader: an exporter and preprocessors, named in nbgrader_config.py. They open
the gradebook once, not for each step, and check nbgrader's metadata by a schema that is compiled once.
For `melayani nilai`: `ResidentAutograde`, which keeps all of this for a whole run, leaves the execution to others in
between, and enters all of a submission's scores at once or none.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import traceback
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import fastjsonschema
import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.writers.files import FilesWriter
from nbformat import NotebookNode
from nbgrader import preprocessors, utils
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.nbgraderformat.common import BaseMetadataValidator
from nbgrader.preprocessors.base import NbGraderPreprocessor
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from traitlets import Bool, validate
from traitlets.utils.importstring import import_item

from melayani.grading.execute import Execute
from melayani.grading.runner.job import Job, Report, Result

Resources = dict[str, Any]
Preprocessor = Callable[[NotebookNode, Resources], tuple[NotebookNode, Resources]]


# The gradebook.


class _HeldSession(Session):
    """A session whose commits, of which nbgrader makes one a cell, wait for `settle`."""

    def commit(self) -> None:
        """Do nothing: queries flush what they need, `settle` the rest."""

    def settle(self) -> None:
        """Commit."""
        super().commit()


class Books(Gradebook):  # type: ignore[misc]
    """A gradebook that stays open: one connection, the course's own cells read once, one transaction at a time.

    Whatever its methods change is in force after `settle`; `abandon` undoes it. The cells of an assignment must not
    change while it is open. To be used by one thread.
    """

    db: Any

    def __init__(self, db_url: str, course_id: str) -> None:
        """Open the gradebook at `db_url`."""
        super().__init__(db_url, course_id)
        self.db.remove()
        made = sessionmaker(class_=_HeldSession, autoflush=True, expire_on_commit=False, bind=self.engine, future=True)
        self.db = scoped_session(made)
        self._forget()

    def _forget(self) -> None:
        self._assignments: dict[str, Assignment] = {}
        self._notebooks: dict[tuple[str, str], Notebook] = {}
        self._cells: dict[tuple[str, str, str], SourceCell] = {}
        self._graded: dict[tuple[str, str, str], GradeCell | TaskCell] = {}
        self._names: dict[str, str] = {}  # of cells, by their ids
        self._known: list[Any] = []  # keeps all of them in the session
        self._close_submission()

    def _close_submission(self) -> None:
        self._submissions: dict[tuple[str, str], SubmittedAssignment] = {}
        self._grades: dict[tuple[str, ...], Grade] = {}
        self._comments: dict[tuple[str, ...], Comment] = {}
        self._opened: set[tuple[str, str, str]] = set()

    def settle(self) -> None:
        """Commit what was changed, and let go of the submission."""
        self.db().settle()
        for found in list(self.db()):
            if isinstance(found, (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)):
                self.db.expunge(found)
        for kept in (*self._assignments.values(), *self._notebooks.values()):
            self.db.expire(kept, ["submissions"])  # else they hold every submission of the run
        self._close_submission()

    def abandon(self) -> None:
        """Undo what was changed since the last `settle`."""
        self.db.remove()
        self._forget()

    # The course's own cells.

    def find_assignment(self, name: str) -> Assignment:
        """Find an assignment, read once."""
        if name not in self._assignments:
            self._assignments[name] = super().find_assignment(name)
        return self._assignments[name]

    def find_notebook(self, name: str, assignment: str) -> Notebook:
        """Find a notebook of an assignment, read once with all its cells."""
        place = assignment, name
        if place not in self._notebooks:
            notebook = super().find_notebook(name, assignment)
            self.find_assignment(assignment)
            kinds = [self.db.query(kind).filter(kind.notebook_id == notebook.id).all() for kind in _KINDS]
            cells = notebook._base_cells  # what grade_cells, solution_cells and task_cells choose from
            graded = [cell for cell in cells if isinstance(cell, TaskCell)]
            graded += [cell for cell in cells if isinstance(cell, GradeCell)]
            self._graded.update({(*place, cell.name): cell for cell in graded})
            self._cells.update({(*place, cell.name): cell for cell in notebook.source_cells})
            self._names.update({cell.id: cell.name for cell in cells})
            self._known += kinds
            self._notebooks[place] = notebook
        return self._notebooks[place]

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        """Find a source cell."""
        self.find_notebook(notebook, assignment)
        place = assignment, notebook, name
        return self._cells[place] if place in self._cells else super().find_source_cell(name, notebook, assignment)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> GradeCell | TaskCell:
        """Find a graded cell or a task."""
        self.find_notebook(notebook, assignment)
        place = assignment, notebook, name
        return self._graded[place] if place in self._graded else super().find_graded_cell(name, notebook, assignment)

    # One submission.

    def add_submission(self, assignment: str, student: str, **kwargs: Any) -> SubmittedAssignment:
        """Add a submission; not flushed half made, of which SQLAlchemy would warn."""
        self.db.flush()
        with self.db.no_autoflush:
            return super().add_submission(assignment, student, **kwargs)

    def find_submission(self, assignment: str, student: str) -> SubmittedAssignment:
        """Find a submission, read once until `settle`."""
        place = assignment, student
        if place not in self._submissions:
            self._submissions[place] = super().find_submission(assignment, student)
        return self._submissions[place]

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> SubmittedNotebook:
        """Find a submitted notebook."""
        for found in self.find_submission(assignment, student).notebooks:
            if found.name == notebook:
                return found
        return super().find_submission_notebook(notebook, assignment, student)

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """Find a grade; all of a submitted notebook are read at once."""
        self._open(notebook, assignment, student)
        place = assignment, student, notebook, grade_cell
        if place not in self._grades:
            return super().find_grade(grade_cell, notebook, assignment, student)
        return self._grades[place]

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """Find a comment; all of a submitted notebook are read at once."""
        self._open(notebook, assignment, student)
        place = assignment, student, notebook, solution_cell
        if place not in self._comments:
            return super().find_comment(solution_cell, notebook, assignment, student)
        return self._comments[place]

    def _open(self, notebook: str, assignment: str, student: str) -> None:
        place = assignment, student, notebook
        if place in self._opened:
            return
        self.find_notebook(notebook, assignment)
        found = self.find_submission_notebook(notebook, assignment, student)
        for kept, rows in ((self._grades, found.grades), (self._comments, found.comments)):
            kept.update({(*place, self._names.get(row.cell_id, "")): row for row in rows})
        self._opened.add(place)


_KINDS = (GradeCell, SolutionCell, TaskCell)


# For plain nbgrader: `c.Autograde.exporter_class` and the preprocessors of its lists.


class KeepsBooks:
    """An exporter that keeps the gradebook open for its preprocessors (`InBooks`)."""

    parent: Any
    one_transaction = False  # does someone else settle the books, or each preprocessor for itself?

    def books(self, db_url: str) -> Books:
        """Return the gradebook at `db_url`, open as long as this exporter is."""
        opened: dict[str, Books] = self.__dict__.setdefault("_opened_books", {})
        if db_url not in opened:
            course = getattr(self.parent, "coursedir", None)
            opened[db_url] = Books(db_url, course.course_id if course else "")
            weakref.finalize(self, opened[db_url].close)
        return opened[db_url]

    def abandon(self) -> None:
        """Undo what was changed in them, and forget what was read."""
        for book in self.__dict__.get("_opened_books", {}).values():
            book.abandon()


class AutogradeExporter(KeepsBooks, NotebookExporter):  # type: ignore[misc]
    """Writes the graded notebook; keeps the gradebook open for its preprocessors; checks a notebook once a pass.

    Raises NbGraderException, in Bahasa, before anything is touched when notebooks can't be run here.
    """

    optimistic_validation = Bool(True).tag(config=True)

    def __init__(self, config: Any = None, **kw: Any) -> None:
        """Refuse to work where the runner may not."""
        super().__init__(config, **kw)  # type: ignore[no-untyped-call]
        named = getattr(self.parent, "autograde_preprocessors", [])
        for step in (import_item(step) if isinstance(step, str) else step for step in named):
            if isinstance(step, type) and issubclass(step, Execute):
                execute = step(parent=self)
                if problem := execute.refusal():
                    self.log.error(problem)
                    raise NbGraderException(problem)
                execute.prepare()


class InBooks:
    """A preprocessor that reads or changes the gradebook."""

    parent: Any
    gradebook: Books

    @contextmanager
    def books(self, resources: Resources) -> Iterator[Books]:
        """Give the gradebook; what is changed is in force at the end, or nothing is."""
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        self.student_id, self.db_url = names["student"], names["db_url"]
        if not isinstance(self.parent, KeepsBooks):
            with Books(self.db_url, "") as self.gradebook:
                yield self.gradebook
                self.gradebook.settle()
            return
        self.gradebook = self.parent.books(self.db_url)
        try:
            yield self.gradebook
            if not self.parent.one_transaction:
                self.gradebook.settle()
        except BaseException:
            self.gradebook.abandon()
            raise


class OverwriteKernelspec(InBooks, preprocessors.OverwriteKernelspec):  # type: ignore[misc]
    """The kernel is the source notebook's, whatever the trainee's says."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with that kernel."""
        with self.books(resources) as book:
            kernel = json.loads(book.find_notebook(self.notebook_id, self.assignment_id).kernelspec or "null")
        if kernel:
            nb.metadata["kernelspec"] = kernel
        return nb, resources


class OverwriteCells(InBooks, preprocessors.OverwriteCells):  # type: ignore[misc]
    """Locked cells, points and checksums are the gradebook's."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with those cells."""
        with self.books(resources):
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            if self.add_missing_cells:
                nb, resources = self.add_missing_grade_cells(nb, resources)
                nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources


class SaveAutoGrades(InBooks, preprocessors.SaveAutoGrades):  # type: ignore[misc]
    """The scores go into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Enter the scores and automatic comments of the notebook, all at once."""
        with self.books(resources):
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        return nb, resources


class AssignLatePenalties(InBooks, preprocessors.AssignLatePenalties):  # type: ignore[misc]
    """The late penalty of the plugin goes into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Enter the penalty of the notebook, None if it came in time."""
        self.init_plugin()
        with self.books(resources) as book:
            late = book.find_submission(self.assignment_id, self.student_id).total_seconds_late
            notebook = book.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
            notebook.late_submission_penalty = None
            if late > 0:
                book.db.flush()  # the score is summed up by the database
                penalty = self.plugin_inst.late_submission_penalty(self.student_id, notebook.score, late)
                self.log.warning("%s is %s seconds late, penalty %s", self.student_id, late, penalty)
                if penalty is not None:
                    notebook.late_submission_penalty = self._check_late_penalty(notebook, penalty)
        return nb, resources


class GetGrades(InBooks, preprocessors.GetGrades):  # type: ignore[misc]
    """Scores and comments of the gradebook, for feedback pages."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Lay them into the cells, and the sums into `resources`, as nbgrader's own does."""
        with self.books(resources) as book:
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            notebook = book.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
            penalty = notebook.late_submission_penalty or 0
            resources["nbgrader"] |= {
                "score": notebook.score - penalty,
                "max_score": notebook.max_score,
                "late_penalty": penalty,
            }
        return nb, resources


@functools.cache
def _compiled() -> Callable[[Any], Any]:
    check: Callable[[Any], Any] = fastjsonschema.compile(MetadataValidator().schema, use_default=False)
    return check


class _Compiled(BaseMetadataValidator):  # type: ignore[misc]
    """Lets pass what the compiled schema lets pass; of anything else nbgrader itself says what is wrong."""

    def validate_cell(self, cell: NotebookNode) -> None:
        """Check the metadata of one cell against the schema."""
        mark = cell.metadata.get("nbgrader")
        try:
            if mark is not None:
                _compiled()(mark)
        except fastjsonschema.JsonSchemaException:
            super().validate_cell(cell)


class CompiledValidator(MetadataValidator, _Compiled):  # type: ignore[misc]
    """nbgrader's validator of cells with the schema compiled once: nbgrader checks the schema itself for each cell."""


class CheckCellMetadata(preprocessors.CheckCellMetadata):  # type: ignore[misc]
    """Checks nbgrader's metadata of all cells, and that grade ids are unique."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook unchanged. Raises what nbgrader's own does."""
        try:
            _validator().validate_nb(nb)
        except ValidationError:
            self.log.error(traceback.format_exc())
            message = "Notebook failed to validate; the nbgrader metadata may be corrupted."
            self.log.error(message)
            raise ValidationError(message) from None
        return nb, resources


@functools.cache
def _validator() -> CompiledValidator:
    return CompiledValidator()


#: What `ResidentAutograde` takes in the place of nbgrader's own classes in a course's lists.
OURS = {
    preprocessors.OverwriteKernelspec: OverwriteKernelspec,
    preprocessors.OverwriteCells: OverwriteCells,
    preprocessors.SaveAutoGrades: SaveAutoGrades,
    preprocessors.AssignLatePenalties: AssignLatePenalties,
    preprocessors.CheckCellMetadata: CheckCellMetadata,
    preprocessors.Execute: Execute,
}


# For `melayani nilai`.


@dataclass
class _Notebook:
    node: NotebookNode
    resources: Resources
    job: Job | None


@dataclass
class Prepared:
    """A submission that is ready to be run: its files lie in `folder`, a hidden one beside `target`."""

    assignment: str
    student: str
    folder: Path
    target: Path
    paths: list[str]
    notebooks: list[_Notebook]

    @property
    def jobs(self) -> list[Job]:
        """Return what to run, in order; `finish` wants as many results."""
        return [notebook.job for notebook in self.notebooks if notebook.job]


@dataclass(frozen=True)
class Graded:
    """What is to be told of a graded submission: (notebook without .ipynb, report), and whether it ran in a sandbox."""

    reports: list[tuple[str, Report]]
    sandboxed: bool


class ResidentAutograde(Autograde):  # type: ignore[misc]
    """nbgrader's autograde of many submissions, in two steps each, with one gradebook, exporter and set of steps.

    Between `prepare` and `finish` the jobs are run, by whom and where does not matter. What it leaves (gradebook,
    autograded files, their modes) is what nbgrader's own leaves, with two differences: nothing of a submission is
    changed before all of it is, and the notebooks of one submission don't see each other's new files while they run.
    The caller does what nbgrader's pre_convert_hook would do; a post_convert_hook is called. One thread at a time.
    A context manager.

    Raises NbGraderException, in Bahasa, where notebooks can't be run.
    """

    autograde_preprocessors: Any
    exporter: Any

    def __init__(self, coursedir: CourseDirectory, **kw: Any) -> None:
        """Open the gradebook of `coursedir`; `config` or `parent` as for any nbgrader converter."""
        super().__init__(coursedir=coursedir, **kw)
        self._folder: Path | None = None
        self.autograde_preprocessors = [_ours(step) for step in self.autograde_preprocessors]
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = AutogradeExporter(parent=self, config=self.config)
        self.exporter.one_transaction = True
        self.book = self.exporter.books(coursedir.db_url)
        steps = self._made(self.autograde_preprocessors)
        place = next((n for n, step in enumerate(steps) if isinstance(step, Execute)), None)
        if place is None:
            raise ValueError("autograde_preprocessors must name an Execute step")
        self._before, self._execute, self._after = steps[:place], steps[place], steps[place + 1 :]
        self._before = [*self._made([_ours(step) for step in self.sanitize_preprocessors]), *self._before]

    @validate("post_convert_hook")
    def _validate_post_convert_hook(self, proposal: Any) -> Any:
        """Let it be None, too."""
        named = proposal["value"]
        return None if named is None else BaseConverter._validate_post_convert_hook(self, proposal)

    def _made(self, steps: Sequence[type]) -> list[Any]:
        self.exporter._preprocessors = []  # as Autograde itself does
        for step in steps:
            self.exporter.register_preprocessor(step)
        made: list[Any] = self.exporter._preprocessors
        return made

    def __enter__(self) -> Self:
        """Return the converter itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the gradebook."""
        self.close()

    def close(self) -> None:
        """Close the gradebook; what is not finished is undone."""
        self.book.close()

    # Before the run.

    def prepare(self, assignment: str, student: str) -> Prepared:
        """Sanitize a submission and return what to run. Nothing that was there before is changed.

        Raises NbGraderException when there is nothing that the gradebook knows, or whatever a sanitizing step raises
        about this submission; then nothing is left of it.
        """
        target = Path(super()._format_dest(assignment, student))
        folder = target.with_name(f".{target.name}-sementara")
        prepared = Prepared(assignment, student, folder, target, [], [])
        try:
            self._clear(prepared)
            prepared.paths = self._known_notebooks(assignment, student)
            with self._at(prepared):
                BaseConverter.init_assignment(self, assignment, student)
                self._copy_masters(assignment)
                folder.mkdir(parents=True, exist_ok=True)
                prepared.notebooks = [self._sanitized(path) for path in prepared.paths]
            self.book.settle()  # nothing was changed: no transaction stays open while the jobs run
        except BaseException:
            self.fail(prepared)
            raise
        return prepared

    def _known_notebooks(self, assignment: str, student: str) -> list[str]:
        try:
            self.book.find_assignment(assignment)
        except MissingEntry:
            raise NbGraderException(f"No assignment with ID '{assignment}' exists in the database") from None
        found = []
        for path in sorted(Path(self._format_source(assignment, student)).glob("*.ipynb")):
            try:
                self.book.find_notebook(path.stem, assignment)
            except MissingEntry:
                self.log.warning("Skipping unknown notebook: %s", path)
            else:
                found.append(str(path))
        if not found:
            raise NbGraderException("No notebooks found, did you forget to run 'nbgrader generate_assignment'?")
        return found

    def _copy_masters(self, assignment: str) -> None:
        """Lay the files beside the source notebooks over the trainee's, as Autograde.init_assignment does."""
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment))
        kept = {str(source / name) for name in self.exclude_overwriting.get(assignment, [])}
        for name in utils.find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"]):
            if name not in kept:
                target = Path(self._format_dest(assignment, "")) / os.path.relpath(name, source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                shutil.copy(name, target)

    def _sanitized(self, path: str) -> _Notebook:
        resources = ResourcesDict()
        resources.update(self.init_single_notebook_resources(path))
        resources["metadata"] = ResourcesDict(name=Path(path).stem, path=str(self._folder))
        resources["output_extension"] = self.exporter.file_extension
        text = Path(path).read_text(encoding="utf-8")
        node = nbformat.convert(nbformat.reader.reads(text), 4)
        for step in self._before:
            node, resources = step(node, resources)
        nbformat.validate(node, relax_add_props=True)
        job = self._execute.job_of(node, resources) if self._execute.enabled else None
        return _Notebook(node, resources, job)

    # After the run.

    def finish(self, prepared: Prepared, results: Sequence[Result]) -> Graded:
        """Enter the scores that `results` (of `prepared.jobs`) come to, and lay the graded files in their place.

        Either all of it happens or, when something is raised, nothing: the earlier scores and files stay.
        """
        reports: list[tuple[str, Report]] = []
        try:
            with self._at(prepared):
                self._enter(prepared)
                run = [notebook for notebook in prepared.notebooks if notebook.job]
                for notebook, result in zip(run, results, strict=True):
                    node, resources = self._execute.apply(notebook.node, notebook.resources, result)
                    notebook.node, notebook.resources = node, resources
                    name = str(resources["unique_key"])
                    reports += [(name, report) for report in resources["melayani"]["reports"]]
                for notebook in prepared.notebooks:
                    node, resources = notebook.node, notebook.resources
                    for step in self._after:
                        node, resources = step(node, resources)
                    self.write_single_notebook(_text(node), resources)
                self.set_permissions(prepared.assignment, prepared.student)
            self._put_in_place(prepared)
        except BaseException:
            self.fail(prepared)
            raise
        self.notebooks = prepared.paths
        with utils.temp_attrs(self.coursedir, assignment_id=prepared.assignment, student_id=prepared.student):
            self.run_post_convert_hook()
        return Graded(reports, all(result.sandboxed for result in results))

    def _enter(self, prepared: Prepared) -> None:
        """Make sure of the student and the submission in the books, as Autograde.init_assignment does."""
        assignment, student = prepared.assignment, prepared.student
        if self.create_student:
            self.book.update_or_create_student(student)
        else:
            try:
                self.book.find_student(student)
            except MissingEntry:
                raise NbGraderException(f"No student with ID '{student}' exists in the database") from None
        source = self._format_source(assignment, student)
        timestamp = self.coursedir.get_existing_timestamp(source)
        when = {"timestamp": timestamp} if timestamp else {}
        submission = self.book.update_or_create_submission(assignment, student, **when)
        for notebook in submission.notebooks:
            if not Path(source, f"{notebook.name}.ipynb").exists():
                self.log.warning("No submitted file: %s.ipynb", notebook.name)
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False

    def _put_in_place(self, prepared: Prepared) -> None:
        """Commit the scores and let the new folder take the place of an earlier one, both or neither."""
        earlier = prepared.target.with_name(f"{prepared.folder.name}-lama")
        replaces = prepared.target.exists()
        if replaces:
            prepared.target.rename(earlier)
        try:
            prepared.folder.rename(prepared.target)
            self.book.settle()
        except BaseException:
            if not prepared.folder.exists():
                prepared.target.rename(prepared.folder)
            if replaces:
                earlier.rename(prepared.target)
            raise
        if replaces:
            utils.rmtree(str(earlier))

    def fail(self, prepared: Prepared) -> None:
        """Forget a submission that can't be finished: what there was of it before `prepare` is what there is."""
        self.book.abandon()
        self._clear(prepared)

    def _clear(self, prepared: Prepared) -> None:
        shutil.rmtree(prepared.folder, ignore_errors=True)

    # Where its files go meanwhile.

    @contextmanager
    def _at(self, prepared: Prepared) -> Iterator[None]:
        self._folder = prepared.folder
        try:
            yield
        finally:
            self._folder = None

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        """Return the folder of the submission at hand."""
        if self._folder is not None and not escape:
            return str(self._folder)
        return str(super()._format_dest(assignment_id, student_id, escape))


def _ours(step: Any) -> Any:
    kind = import_item(step) if isinstance(step, str) else step
    return OURS.get(kind, kind)


def _text(node: NotebookNode) -> str:
    """Return the notebook as nbconvert's exporter writes it. Raises nbformat's ValidationError if it is none."""
    problem: dict[str, Exception] = {}
    text = str(nbformat.writes(node, capture_validation_error=problem))
    if problem:
        nbformat.validate(node, relax_add_props=True)
    return text if text.endswith("\n") else text + "\n"
