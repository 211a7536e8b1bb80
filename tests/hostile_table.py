"""The table in docs/grading-safety.md: the hostile hand-ins by stock nbgrader, in containers, and by ours.

`python tests/hostile_table.py` measures all of them and writes the table; with names of cases only their rows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hostile_class import (
    ASSIGNMENT,
    CASES,
    HONEST,
    ITEMS,
    QUICKLY,
    SECRETS,
    Case,
    Outcome,
    cases,
    grade_here,
    hand_in,
    item_scores,
    left_behind,
    make_class,
    outcome,
    read_case,
    secrets_in,
    services,
)
from kursus import REPOSITORY, environment

TABLE = REPOSITORY / "docs" / "grading-safety.md"
LONGEST = 600  # seconds for one run of stock nbgrader
_STOCK = """\
c = get_config()
c.CourseDirectory.course_id = "melayani"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
for name in ("submitted", "autograded", "feedback"):
    setattr(c.CourseDirectory, name + "_directory", "kelas/" + name)
c.CourseDirectory.db_url = "sqlite:///kelas/gradebook.db"
c.Execute.timeout = 15
"""


def stock(folder: Path, chosen: list[Case]) -> dict[str, dict[str, Any]]:
    """Return what stock nbgrader makes of cases handed in together, and of the honest hand-in after them.

    The run is bounded by a container. Where anything is amiss with it as a whole, each case is run alone.
    """
    command = ["prlimit", "--as=8000000000", "--", "bwrap", "--die-with-parent", "--unshare-all", "--new-session"]
    command += ["--cap-drop", "ALL"]
    command += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--size", str(700 << 20), "--tmpfs", "/tmp"]
    for place in (str(REPOSITORY), sys.prefix, str(folder)):  # which may lie in /tmp
        command += ["--ro-bind", place, "/tmp/asal" if place == str(folder) else place]
    command += ["--chdir", "/tmp"]
    command += [sys.executable, str(Path(__file__).resolve()), "--inside", *(case.name for case in chosen)]
    found: dict[str, Any] = {}
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST, check=False)
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        result = [line for line in lines if line.startswith("RESULT ")]
        why = done.stderr.decode("utf-8", "replace")[-300:]
        found = (
            json.loads(result[-1].removeprefix("RESULT ")) if result else {"ended": "the grader is killed", "why": why}
        )
    except subprocess.TimeoutExpired:
        found = {"ended": "the run never ends"}
    if len(chosen) == 1:
        return {chosen[0].name: {**found, "scores": found.get("scores", {}).get(chosen[0].name)}}
    if "ended" in found or found["left"] or found["honest"] != ITEMS:
        return {name: one for case in chosen for name, one in stock(folder, [case]).items()}
    return {
        case.name: {
            **found,
            "scores": found["scores"][case.name],
            "secrets": [said for said in found["secrets"] if said.startswith(f"{case.name} ")],
        }
        for case in chosen
    }


def _inside(names: list[str]) -> None:
    """Inside the container: hand in the cases, run stock nbgrader over the class, print what became of them."""
    folder = Path("/tmp/kerja")
    shutil.copytree("/tmp/asal", folder, symlinks=True)
    root = folder / "kursus"
    (root / "nbgrader_config.py").write_text(_STOCK, encoding="utf-8")
    for student in HONEST[:-1]:
        shutil.rmtree(root / "kelas" / "submitted" / student)
    with services(folder) as known, environment(root):
        for name in names:
            hand_in(root, name, read_case(CASES / f"{name}.case"), {**known, "@ROOT@": str(root)})
        os.environ |= {"HOME": str(folder / "rumah"), "KENARI": SECRETS["environment"]}
        os.environ["JUPYTER_RUNTIME_DIR"] = "/tmp/jalan"
        commands = [["autograde", ASSIGNMENT, "--create"]]
        if (folder / "kiriman").is_dir():
            drop = root / "downloaded" / ASSIGNMENT / "archive"
            drop.parent.mkdir(parents=True)
            shutil.copytree(folder / "kiriman", drop)
            commands.insert(0, ["zip_collect", ASSIGNMENT, "--force", f"--FileNameCollectorPlugin.named_regexp={_ZIP}"])
        start = time.monotonic()
        for arguments in commands:
            subprocess.run(
                [sys.executable, "-m", "nbgrader", *arguments], capture_output=True, timeout=270, check=False
            )
        found = {
            "scores": {name: item_scores(root, name) for name in names},
            "secrets": [f"{name} {secret}" for name in names for secret in secrets_in(root, name)],
            "left": left_behind(root),
            "honest": item_scores(root, HONEST[-1]),
            "seconds": round(time.monotonic() - start, 1),
        }
        print("RESULT " + json.dumps(found), flush=True)


_ZIP = r".*_(?P<student_id>[^/_]+)_(?P<timestamp>\d{8}T\d{6})/(?P<file_id>.+)$"


def in_words(case: Case, found: dict[str, Any]) -> str:
    """Say in the table what stock nbgrader made of a case."""
    if "ended" in found:
        return f"**{found['ended']}**; nobody after it is graded"
    said = []
    deserved = case.scores or dict.fromkeys(ITEMS, 0.0)
    scores = found["scores"]
    if scores is None:
        said.append("no grade at all" if case.scores else "not graded")
    elif case.scores is None:
        said.append("graded as it came")
    else:
        of_most = {item: f"{item} {scores.get(item, most):g} of {most:g}" for item, most in ITEMS.items()}
        gained = [text for item, text in of_most.items() if scores.get(item, 0.0) > deserved[item]]
        lost = [text for item, text in of_most.items() if scores.get(item, deserved[item]) < deserved[item]]
        said += [f"**gains**: {', '.join(gained)}"] if gained else []
        said += [f"loses what was right: {', '.join(lost)}"] if lost else []
    secrets = [secret.partition(" ")[2] for secret in found["secrets"]]
    said += [f"**reads**: {', '.join(secrets)}"] if secrets else []
    said += [f"**leaves**: {', '.join(found['left'][:3])}"] if found["left"] else []
    if found["honest"] != ITEMS:
        said.append("**the honest hand-in after it loses**")
    return "; ".join(said) or "nothing gained"


def here_in_words(case: Case, found: Outcome) -> str:
    """Say in the table what became of a case here."""
    if found.scores is None:
        scored = "set aside, no score"
    else:
        low = [
            f"{item} {found.scores[item]:g} of {most:g}" for item, most in ITEMS.items() if found.scores[item] < most
        ]
        scored = ", ".join(low) or "full score for what is right"
    return scored + ("; reported" if case.reported else "") + ("".join(f"; reads {s}" for s in found.secrets))


def measure(chosen: list[Case]) -> Iterator[tuple[Case, str, str]]:
    """Grade all cases here, then by stock nbgrader; give each with what became of it, in words."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = folder / "polos"
        make_class(plain)
        root = make_class(folder, QUICKLY)
        told = grade_here(root, chosen)
        harmless = [case for case in chosen if case.group not in _ALONE_GROUPS and case.name not in _ALONE]
        together = [harmless[at : at + _AT_ONCE] for at in range(0, len(harmless), _AT_ONCE)]
        alone = [[case] for case in chosen if case not in harmless]
        with ThreadPoolExecutor(2) as pool:
            by_stock = {
                k: v for found in pool.map(lambda some: stock(plain, some), together + alone) for k, v in found.items()
            }
        for case in sorted(chosen, key=lambda case: case.group):
            yield case, in_words(case, by_stock[case.name]), here_in_words(case, outcome(root, case.name, told))


#: Stock nbgrader runs cases of these groups one by one, of the others several in one run, except these.
_ALONE_GROUPS = {"disk", "leftovers", "signals", "writing", "zips"}
_ALONE = {
    "bonus-cell",
    "crash-of-python",
    "fork-bomb",
    "marks-changed",
    "shadow-settings",
    "test-doubled",
    "thread-bomb",
}
_AT_ONCE = 12


def write_table(chosen: list[Case]) -> None:
    """Measure, and put the rows between the marks in docs/grading-safety.md, beside those of cases not measured."""
    text = TABLE.read_text(encoding="utf-8")
    start, end = text.index(_BEGIN) + len(_BEGIN), text.index(_END)
    rows = {line.split("`")[1]: line for line in text[start:end].splitlines() if "`" in line}
    for case, by_stock, here in measure(chosen):
        rows[case.name] = f"| {case.group} | `{case.name}` | {case.tries} | {by_stock} | {here} |"
        print(rows[case.name], flush=True)
    lines = ["| kind | case | what it tries | stock nbgrader | here |", "|---|---|---|---|---|"]
    lines += [rows[case.name] for case in sorted(cases(), key=lambda case: case.group) if case.name in rows]
    TABLE.write_text(text[:start] + "\n\n" + "\n".join(lines) + "\n\n" + text[end:], encoding="utf-8")


_BEGIN, _END = "<!-- table: make hostile -->", "<!-- end of the table -->"


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", nargs="+", metavar="CASE", help=argparse.SUPPRESS)
    parser.add_argument("only", nargs="*", help="names of cases")
    options = parser.parse_args()
    if options.inside:
        _inside(options.inside)
    else:
        write_table([case for case in cases() if not options.only or case.name in options.only])


if __name__ == "__main__":
    main()
