"""nbgrader's steps as the demo takes them: in this process, logged to a file, for one class folder."""

from __future__ import annotations

import copy
import csv
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory
from traitlets.config import Config

from melayani.course import load_config

#: What `--stock` keeps of our configuration: folders and texts.
STOCK_SECTIONS = ("CourseDirectory", "Exchange", "NbGraderAPI", "ClearSolutions", "Validator")
SECRET = "submission_secret.txt"


class StepError(Exception):
    """A step that had to work did not; the message says which one, in Bahasa."""


class Steps:
    """The steps of one class: release, hand in by the exchange, collect, feedback, export.

    `folder` is the class folder, which MELAYANI_KELAS must name already; all that nbgrader says goes to
    `folder`/log.txt.
    """

    def __init__(self, root: Path, folder: Path, stock: bool) -> None:
        """Open the class in `folder`; with `stock`, by nbgrader's own preprocessors, collectors, exporter."""
        self.root, self.folder, self.stock = root, folder, stock
        self.log_file = folder / "log.txt"
        self.log = logging.getLogger("melayani.demo")
        self.log.propagate = False
        self.close()
        handler = logging.FileHandler(self.log_file, encoding="utf-8")
        handler.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))
        self.log.addHandler(handler)
        config = load_config(root)
        if stock:
            config = Config({section: config[section] for section in STOCK_SECTIONS if section in config})
            # Every nbgrader command also reads the configuration in the course's root: give it one without ours.
            config.CourseDirectory.source_directory = str(root / str(config.CourseDirectory.source_directory))
            config.CourseDirectory.root = str(folder / "stok")
            (folder / "stok").mkdir()
            config.ZipCollectApp.collect_directory_structure = str(
                folder / "downloaded" / "{assignment_id}" / "{collect_step}"
            )
            config.FileNameCollectorPlugin.named_regexp = (
                r".*_(?P<student_id>[^/_]+)_(?P<timestamp>\d{8}T\d{6})/(?P<file_id>.+)$"
            )
        # The committed assignments/ is compared elsewhere; the demo makes a release of its own.
        config.CourseDirectory.release_directory = str(folder / "rilis")
        self.config = config
        self.api = NbGraderAPI(CourseDirectory(config=config), config=config, log=self.log)
        self.log.setLevel(logging.INFO)
        if stock:
            (folder / "stok" / "nbgrader_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")

    def close(self) -> None:
        """Close the log file."""
        for handler in list(self.log.handlers):
            self.log.removeHandler(handler)
            handler.close()

    def gradebook(self) -> Gradebook:
        """Return the class's gradebook, to be used in a `with`."""
        return self.api.gradebook

    def released(self, assignment: str) -> Path:
        """Return the folder of the release of `assignment`."""
        return self.folder / "rilis" / assignment

    def autograded(self, student: str, assignment: str) -> Path:
        """Return the folder of one trainee's autograded work."""
        return self.folder / "autograded" / student / assignment

    def _must(self, step: str, result: dict[str, object]) -> None:
        if not result["success"]:
            raise StepError(f"{step} gagal. Keterangannya ada di {self.log_file}.")

    def release(self, assignment: str) -> None:
        """Generate `assignment` and release it to the exchange."""
        self._must(f"Menyiapkan {assignment}", self.api.generate_assignment(assignment))
        self._must(f"Membagikan {assignment}", self.api.release_assignment(assignment))

    def _exchange(self, step: str, student: str, assignment: str, home: Path) -> None:
        """Do one step of the exchange (`FetchAssignment`, `Submit`, `FetchFeedback`) as one trainee at `home`."""
        config = copy.deepcopy(self.config)
        config.Exchange.assignment_dir = str(home)
        config.Exchange.cache = str(home / ".cache")
        config.CourseDirectory.student_id = student
        config.CourseDirectory.assignment_id = assignment
        factory = ExchangeFactory(config=config)
        course = CourseDirectory(config=config)
        authenticator = Authenticator(config=config)
        authenticator.log = self.log
        app = getattr(factory, step)(coursedir=course, authenticator=authenticator, config=config)
        app.log = self.log
        try:
            app.start()
        except ExchangeError as error:
            raise StepError(f"Bursa (exchange) menolak {step} untuk {student}: {error}") from error

    def fetch(self, student: str, assignment: str, home: Path) -> Path:
        """Fetch `assignment` as `student`; return the folder it came to."""
        self._exchange("FetchAssignment", student, assignment, home)
        return home / assignment

    def submit(self, student: str, assignment: str, home: Path) -> None:
        """Submit `home`/`assignment` as `student` (nbgrader submit --student)."""
        self._exchange("Submit", student, assignment, home)

    def fetch_feedback(self, student: str, assignment: str, home: Path) -> list[Path]:
        """Fetch the feedback of `student`; return the pages that came."""
        self._exchange("FetchFeedback", student, assignment, home)
        return sorted((home / assignment / "feedback").rglob("*.html"))

    def collect(self, assignment: str) -> int:
        """Collect what the exchange holds; return the number of hand-ins in submitted/ now."""
        self._must(f"Mengambil kiriman {assignment} dari folder pertukaran", self.api.collect(assignment))
        return len(list((self.folder / "submitted").glob(f"*/{assignment}")))

    def feedback(self, assignment: str) -> int:
        """Make the feedback pages and release those of the exchange; return the number of trainees with pages.

        nbgrader can't release to a trainee whose work came as a zip: it holds no secret of the exchange.
        """
        self._must(f"Membuat umpan balik {assignment}", self.api.generate_feedback(assignment))
        folders = sorted((self.folder / "feedback").glob(f"*/{assignment}"))
        for folder in folders:
            if (folder / SECRET).is_file():
                student = folder.parent.name
                self._must(f"Mengembalikan umpan balik {student}", self.api.release_feedback(assignment, student))
        return len(folders)

    def command(self, *arguments: str, module: str = "nbgrader") -> int:
        """Run a command (`nbgrader …`, or `melayani …`) as a person would, logged; return its exit code."""
        environment = {**os.environ, "MELAYANI_KELAS": str(self.folder), "PYTHONWARNINGS": "ignore"}
        if self.stock:
            environment.pop("JUPYTER_CONFIG_PATH", None)
        with self.log_file.open("a", encoding="utf-8") as log:
            log.write(f"$ {module} {' '.join(arguments)}\n")
            log.flush()
            done = subprocess.run(
                [sys.executable, "-m", module, *arguments],
                cwd=self.folder / "stok" if self.stock else self.root,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        return done.returncode

    def export(self) -> list[dict[str, str]]:
        """Run nbgrader export; return the rows of its table."""
        target = self.folder / "grades.csv"
        if self.command("export", "--to", str(target)) != 0 or not target.is_file():
            raise StepError(f"Ekspor gagal. Keterangannya ada di {self.log_file}.")
        with target.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
