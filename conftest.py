"""What nbval needs to be strict and repeatable; `pytest --nbval course solutions` at the root uses it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell

from melayani.authoring.notebooks import kernel_environment

MOST_IGNORED = 0.05  # share of code cells whose output may go uncompared
_environment = contextlib.ExitStack()
_cells: dict[str, bool] = {}  # node id (cell id): is its output compared?


def pytest_configure(config: pytest.Config) -> None:
    """Fix the kernels' environment, and find the sanitize file from any folder."""
    if config.option.nbval:
        _environment.enter_context(kernel_environment())
        config.option.nbval_sanitize_with = str(config.rootpath / config.option.nbval_sanitize_with)
        RunningKernel.execute_cell_input = _execute_with_history


def _execute_with_history(kernel: RunningKernel, cell_input: str, allow_stdin: bool | None = None) -> str:
    """Run a cell as JupyterLab and nbgrader do: nbval keeps no history, which hidden checks of module 01 read."""
    message: str = kernel.kc.execute(cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)
    return message


def pytest_unconfigure() -> None:
    """Give the environment back."""
    _environment.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note on each cell whether it is compared; reports carry that to the summary, also from xdist's workers."""
    for item in items:
        if isinstance(item, IPyNbCell):
            compared = bool(item.options["check"]) and not item.options["skip"]
            item.user_properties.append(("compared", compared))
            item.user_properties.append(("cell", item.cell.get("id", "?")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail the cells that nbval lets through: no expected error, unknown magic, never executed."""
    yield
    if not isinstance(item, IPyNbCell):
        return
    outputs = item.test_outputs or []
    if item.options["check_exception"] and not any(output.output_type == "error" for output in outputs):
        item.raise_cell_error("The cell is tagged raises-exception, but it raises nothing")
    if any(output.get("name") == "stderr" and "UsageError:" in output.text for output in outputs):
        item.raise_cell_error("A magic is unknown or misused, and the rest of its cell did not run")
    if item.cell.execution_count is None and item.cell.source.strip():
        item.raise_cell_error("The stored cell was never executed. Run `make notebooks`.")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count the cells that ran or were skipped."""
    properties = dict(report.user_properties)
    if "compared" in properties and (report.when == "call" or report.skipped):
        _cells[f"{report.nodeid} ({properties['cell']})"] = bool(properties["compared"])


def ignored() -> list[str]:
    """Return the cells of this run whose output nothing compares."""
    return sorted(name for name, compared in _cells.items() if not compared)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Fail when too many cells go uncompared."""
    yield
    if _cells and len(ignored()) >= MOST_IGNORED * len(_cells):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which cells go uncompared."""
    if _cells:
        terminalreporter.section("outputs that are not compared")
        for name in ignored():
            terminalreporter.line(name)
        share = len(ignored()) / len(_cells)
        terminalreporter.line(f"{len(ignored())} of {len(_cells)} code cells ({share:.1%}; under 5 % is allowed)")
