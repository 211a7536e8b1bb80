"""CI and citation: both files are what their schemas say, and CI proves what the README promises."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = ROOT / ".github/workflows/test.yml"
CITATION = ROOT / "CITATION.cff"
SCHEMAS = {CITATION: "vendor.citation-file-format"} | dict.fromkeys(
    sorted(WORKFLOW.parent.iterdir()), "vendor.github-workflows"
)


def check(path: Path, schema: str) -> subprocess.CompletedProcess[str]:
    """Check a file against a schema that comes with check-jsonschema: no network."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("path", "schema"), SCHEMAS.items(), ids=[path.name for path in SCHEMAS])
def test_the_file_is_what_its_schema_says(path: Path, schema: str, tmp_path: Path) -> None:
    done = check(path, schema)
    assert done.returncode == 0, done.stdout
    broken = tmp_path / path.name
    text = path.read_text(encoding="utf-8")
    broken.write_text(re.sub("(runs-on|cff-version):", r"\1x:", text), encoding="utf-8")
    assert check(broken, schema).returncode == 1


def test_everything_runs_on_each_python_and_the_quick_part_elsewhere() -> None:
    everything, quick = load(WORKFLOW)["jobs"].values()
    assert everything["strategy"]["matrix"] == {"python": ["3.11", "3.12", "3.13"]}
    assert everything["runs-on"].startswith("ubuntu-")
    assert [step["run"] for step in everything["steps"] if "run" in step][-1] == ".ci/run"
    assert everything["env"]["CI"] == "true"  # nothing is skipped
    systems = quick["strategy"]["matrix"]["system"]
    assert [system.partition("-")[0] for system in systems] == ["macos", "windows"]
    assert [step["run"] for step in quick["steps"] if "run" in step][-1].endswith('pytest -q -rs -m "not slow"')
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={everything['strategy']['matrix']['python'][0]}"


def test_actions_are_pinned_and_may_only_read() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+\.\d+\.\d+", action) for action in used)
    assert load(WORKFLOW)["permissions"] == {"contents": "read"}
    assert text.count("permissions:") == 1
    assert "secrets." not in text


def test_the_citation_is_of_this_version_and_names_nobody_by_name() -> None:
    citation = load(CITATION)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == project["version"]
    assert project["license"] in citation["license"]
    assert citation["title"] == (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    assert [list(author) for author in citation["authors"]] == [["name"]]  # an entity, as in LICENSE
    assert citation["authors"][0]["name"].lower() in (ROOT / "LICENSE").read_text(encoding="utf-8").lower()
