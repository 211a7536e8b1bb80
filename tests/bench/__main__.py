"""`python -m bench [--quick]`: measure, print the tables, write docs/bench.md and its picture.

Exit code 1 when a promised number is missed (not with --quick, whose numbers are rough and which writes nothing to
docs/), 2 when the grades are not those that stock gives.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.notebooks import ROOT
from bench.report import DOCUMENT, PICTURE, document, draw, promises
from bench.runs import QUICK, Bench, DifferentGradesError, Sizes


def main() -> int:
    """Run the bench; return its exit code."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--quick", action="store_true", help="small classes, for development")
    quick = parser.parse_args().quick
    start = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - start:6.0f} s  {line}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            found = Bench(Path(folder), QUICK if quick else Sizes(), say).everything()
        except DifferentGradesError as error:
            print(error, file=sys.stderr)
            return 2
    text = document(found, "make bench")
    print(text)
    if quick:
        return 0
    (ROOT / DOCUMENT).write_text(text, encoding="utf-8")
    draw(found, ROOT / PICTURE)
    return 0 if all(promise.kept for promise in promises(found)) else 1


if __name__ == "__main__":
    sys.exit(main())
