"""Runs notebooks in forked children of one warm Python, kept apart from everything else."""

from melayani.grading.runner.old import Run as Run
from melayani.grading.runner.old import Runner as Runner
