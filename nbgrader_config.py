"""The course for every nbgrader command, Formgrader, Assignment List and Validate."""

import os
from pathlib import Path

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
c.CourseDirectory.db_url = f"sqlite:///{CLASS / 'gradebook.db'}"
c.Exchange.root = str(CLASS / "exchange")
c.Exchange.cache = str(CLASS / "cache")
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

# Grading: one kernel whatever the notebook says; warnings on stderr cost nothing; every hand-in is looked at first.
c.Execute.kernel_name = "python3"
c.Execute.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    "--log-level=ERROR",
    "--InteractiveShellApp.extensions=melayani.grading.stderr",
]
c.Autograde.pre_convert_hook = "melayani.grading.intake.before_autograde"

# Zips as `melayani serahkan` names them: TUGAS_PESERTA_WAKTU.zip; `melayani terima` checks them first.
c.ZipCollectApp.downloaded_directory = str(CLASS / "downloaded")
c.FileNameCollectorPlugin.named_regexp = (
    r".*/extracted/[a-z0-9-]+_(?P<student_id>[^/]+?)_(?P<timestamp>\d{8}T\d{6})/(?P<file_id>.+)$"
)

# Feedback and export.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "melayani.grading.feedback.HideHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.ExportApp.plugin_class = "melayani.grading.export.StatusExportPlugin"
