"""Runs notebooks in forked children of one warm Python, kept apart from everything else."""

from melayani.grading.runner.runner import NoSandboxError as NoSandboxError
from melayani.grading.runner.runner import Runner as Runner
from melayani.grading.runner.runner import RunnerError as RunnerError
from melayani.grading.runner.runner import run_job as run_job
