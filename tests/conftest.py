"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

# Machines that run these tests are shared: how long one example takes says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


#: Test files that need what Windows lacks, fork or a POSIX shell: there they are skipped, and counted.
NOT_ON_WINDOWS = {
    *("test_answers.py", "test_bench.py", "test_binder.py", "test_books.py", "test_drop_in.py", "test_execute.py"),
    *("test_hostile.py", "test_many_graders.py", "test_mutants.py", "test_nbgrader_cases.py", "test_nilai.py"),
    *("test_pages.py", "test_remote.py", "test_runner.py", "test_setup.py", "test_shell.py"),
}

#: Files that take minutes, the longest first: the processes of `make test` begin with them, and end together.
LONG = (
    *("test_drop_in.py", "test_demo.py", "test_nilai.py", "test_running_class.py", "test_hostile.py"),
    *("test_setup.py", "test_nbgrader_cases.py", "test_answers.py", "test_many_graders.py", "test_galat.py"),
    *("test_first_class.py", "test_intake.py", "test_shell.py", "test_binder.py", "test_archives.py", "test_pages.py"),
    *("test_instructor_journey.py", "test_notebooks.py", "test_bench.py", "test_mutants.py", "test_books.py"),
    *("test_release.py", "test_lab.py", "test_pictures.py", "test_accessibility.py", "test_trainee_journey.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first; skip on Windows what can't run there."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONG)))
    if os.name == "nt":
        for item in items:
            if item.path.name in NOT_ON_WINDOWS:
                item.add_marker(pytest.mark.skip(reason="needs fork or a POSIX shell"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI a skipped test is a failed one: there, nothing that a test needs may be absent."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
    return report
