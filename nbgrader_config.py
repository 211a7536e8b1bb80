"""The course for every nbgrader command, Formgrader, Assignment List and Validate."""

import os
from pathlib import Path

import nbgrader

import melayani

c = get_config()  # noqa: F821  (given by traitlets)

ROOT = Path(__file__).resolve().parent
CLASS = Path(os.environ.get("MELAYANI_KELAS") or ROOT / "kelas").resolve()
for folder in ("exchange", "cache"):
    (CLASS / folder).mkdir(parents=True, exist_ok=True)

# Folders: solutions/ is nbgrader's source, assignments/ its release; all that a class makes lies in kelas/.
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "melayani"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = str(CLASS / "submitted")
c.CourseDirectory.autograded_directory = str(CLASS / "autograded")
c.CourseDirectory.feedback_directory = str(CLASS / "feedback")
c.CourseDirectory.solution_directory = str(CLASS / "solution")
# One file; for several graders at once a PostgreSQL server, named as SQLAlchemy names it.
c.CourseDirectory.db_url = os.environ.get("MELAYANI_DB_URL") or f"sqlite:///{CLASS / 'gradebook.db'}"
c.Exchange.root = str(CLASS / "exchange")
c.Exchange.cache = str(CLASS / "cache")
# A class may hand in both ways: pages of zips are named and left out, and the command goes on.
c.ExchangeFactory.release_feedback = "melayani.classroom.give_back.ReleaseFeedback"
# The exchange stays in UTC (another zone here is read as UTC by nbgrader); people are shown WIB.
c.NbGraderAPI.timezone = "Asia/Jakarta"

# Stubs.
c.ClearSolutions.code_stub = {"python": "# Tulis jawaban Anda di bawah baris ini\n..."}
c.ClearSolutions.text_stub = "*Tulis jawaban Anda di sini.*"
# nbgrader's own list, with our ClearSolutions in place of its.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "melayani.authoring.stubs.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Before anything is deleted: a running class keeps its cells.
c.GenerateAssignment.exporter_class = "melayani.authoring.version.KeepsGradedCells"

# Grading: one kernel whatever the notebook says; warnings on stderr cost nothing; every hand-in is looked at first.
c.Execute.kernel_name = "python3"
c.Execute.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    "--log-level=ERROR",
    "--InteractiveShellApp.extensions=melayani.grading.stderr",
]
c.Autograde.pre_convert_hook = "melayani.grading.intake.before_autograde"
c.Autograde.post_convert_hook = "melayani.grading.records.after_autograde"
# nbgrader's own lists: notebooks run by our runner in its sandbox, our look at the results of test cells before they
# are counted, and the same books with fewer openings of the gradebook and checks of the schema.
c.Autograde.exporter_class = "melayani.grading.books.AutogradeExporter"
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "melayani.grading.books.OverwriteKernelspec",
    "melayani.grading.books.OverwriteCells",
    "melayani.grading.books.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "melayani.grading.execute.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "melayani.grading.partial.PlainScores",
    "melayani.grading.books.SaveAutoGrades",
    "melayani.grading.books.AssignLatePenalties",
    "melayani.grading.books.CheckCellMetadata",
]

# Zips as `melayani serahkan` names them: TUGAS_PESERTA_WAKTU.zip; `melayani terima` checks them first.
c.ZipCollectApp.collect_directory_structure = str(CLASS / "downloaded" / "{assignment_id}" / "{collect_step}")
c.FileNameCollectorPlugin.named_regexp = (
    r".*/extracted/[a-z0-9-]+_(?P<student_id>[^/]+?)_(?P<timestamp>\d{8}T\d{6})/(?P<file_id>.+)$"
)

# What `nbgrader validate` says, where its texts can be set.
# Wide, because nbgrader cuts longer lines off, the message of a failed check too.
c.Validator.width = 400
c.Validator.failed_warning = (
    "{num_failed} SEL BELUM LOLOS. Bacalah pesan di bawah setiap sel, perbaiki jawabannya, lalu periksa lagi. "
    "Jika diserahkan sekarang, tugas ini belum memperoleh skor penuh."
)
c.Validator.changed_warning = (
    "ISI {num_changed} SEL UJI BERUBAH. Sel uji diganti dengan aslinya saat penilaian sehingga hasil uji di sini "
    "dapat berbeda. Ambil lagi notebook tugas yang asli, lalu salin jawaban Anda ke dalamnya."
)
c.Validator.type_changed_warning = (
    "JENIS {num_changed} SEL BERUBAH (kode menjadi teks atau sebaliknya). Kembalikan jenisnya "
    "agar tugas ini dapat dinilai."
)
c.Validator.passed_warning = "{num_passed} SEL SUDAH LOLOS."

# Feedback and export.
c.GenerateFeedback.exporter_class = "melayani.grading.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "melayani.grading.books.GetGrades",
    "melayani.grading.feedback.HideHiddenTests",
]
# Our page before Formgrader's templates; never HTMLExporter.template_name, which would replace Formgrader's page too.
c.HTMLExporter.extra_template_basedirs = [
    str(Path(melayani.__file__).parent / "grading" / "templates"),
    str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"),
]
c.HTMLExporter.filters = {
    name: f"melayani.grading.sanitize.{name}" for name in ("code", "markdown", "safe_html", "picture", "paragraphs")
} | {"number": "melayani.grading.feedback.number"}
c.ExportApp.plugin_class = "melayani.grading.export.StatusExportPlugin"
