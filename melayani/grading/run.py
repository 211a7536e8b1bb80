"""What `melayani nilai` does and prints: one run over some assignments, and its summary."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from melayani.course import class_folder
from melayani.grading.autograde import Report, grade
from melayani.grading.executors import Grader
from melayani.grading.feedback import number
from melayani.grading.intake import REPAIRED
from melayani.grading.progress import for_standard_output, span

STOPPED = 130  # the exit code of what Ctrl-C ended
_MOST_NAMES = 20


def run(
    root: Path,
    names: Sequence[str],
    students: Sequence[str] | None,
    grader: Grader | None,
    *,
    again: bool = False,
    patient: bool = False,
) -> int:
    """Grade the assignments `names` by `grader`, or by stock nbgrader if there is none, and print what came of each.

    Returns the exit code of `melayani nilai`.
    """
    code = 0
    for assignment in names:
        if not list((class_folder(root) / "submitted").glob(f"*/{assignment}")):
            print(f"{assignment}: belum ada kiriman baru.")
        report = grade(
            root,
            assignment,
            for_standard_output(),
            students=students,
            again=again,
            grader=grader,
            stock=grader is None,
            patient=patient,
        )
        code = max(code, tell(report, f"{len(report.graded)} kiriman dinilai"))
        if report.forced:
            sys.stdout.flush()
            os._exit(STOPPED)  # threads may still wait for code that never ends
        if report.stopped:
            return STOPPED
        if report.trouble:
            break
    return code


def tell(report: Report, done: str) -> int:
    """Print the summary of one assignment; return 1 if something needs a person, else 0."""
    took = f" dalam {span(report.seconds)}" if report.graded and report.seconds >= 1 else ""
    print(f"{report.assignment}: {done}{took}.")
    if report.skipped:
        print(f"  {len(report.skipped)} kiriman sudah dinilai dan tidak berubah; --ulang menilainya lagi.")
    if report.without_sandbox:
        print(f"  Dinilai tanpa kurungan (sandbox): {_names(report.without_sandbox)}.")
    for student, before, now in report.changed:
        print(f"  {student}: skor {number(before)} menjadi {number(now)}.")
    for finding in report.findings:
        file = f" · {finding.file}" if finding.file else ""
        print(f"  [{finding.kind}] {finding.student}{file}: {finding.reason}.")
    if report.trouble:
        print(f"  {report.trouble}")
    if report.stopped:
        print(f"  Dihentikan. Yang sudah dinilai tetap tersimpan: {len(report.graded)} kiriman.")
    if report.left:
        print(f"  Belum dinilai: {len(report.left)} kiriman ({_names(report.left)}).")
        print("  Jalankan lagi perintah yang sama untuk melanjutkan.")
    needs_person = any(finding.kind != REPAIRED for finding in report.findings)
    return 1 if needs_person or report.trouble else 0


def _names(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f", dan {more} lainnya" if more > 0 else "")
