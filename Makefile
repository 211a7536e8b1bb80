# Each target does its own set-up (scripts/setup.sh). PYTHON=python3.12 names another interpreter.
.PHONY: help setup setup-test demo test thorough check mutants profile lab instructor notebooks release pictures bench hostile lock
.DEFAULT_GOAL := help

export PYTHON ?= python3
IN_VENV = PATH="$(CURDIR)/.venv/bin:$$PATH"
# Three for two cores: tests wait for kernels, browsers and time limits.
PARALLEL = -n 3 --dist loadfile
LAB = $(IN_VENV) jupyter lab --ServerApp.root_dir="$(CURDIR)" $(LAB_OPTIONS)

help:
	@sed -n 's/^\([a-z]*\):.*##/make \1 :/p' Makefile

setup:
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh test

demo: setup ## the whole loop with a sample class, from release to returned grades
	@$(IN_VENV) melayani demo

test: setup-test ## everything that CI runs
	@$(IN_VENV) ruff check .
	@$(IN_VENV) mypy
	@$(IN_VENV) pytest -q -rs $(PARALLEL) --no-loadscope-reorder -m "not thorough" tests
	@$(IN_VENV) pytest -q -rs --nbval $(PARALLEL) course solutions

thorough: setup-test ## what stock nbgrader alone makes of the test cases: make test leaves that out
	@$(IN_VENV) pytest -q -rs $(PARALLEL) --no-loadscope-reorder -m thorough tests

check: setup ## the quick part of make test
	@$(IN_VENV) ruff check .
	@$(IN_VENV) mypy
	@$(IN_VENV) pytest -q -rs $(PARALLEL) --no-loadscope-reorder -m "not slow" tests

mutants: setup ## what small mistakes the tests of the assignments let through
	@$(IN_VENV) python -m melayani.authoring.mutants

profile: setup ## lengths of every lesson beside the aims: a report
	@$(IN_VENV) python -m melayani.authoring.profile

lab: setup ## JupyterLab on the first lesson, as a trainee sees it
	@JUPYTER_CONFIG_PATH="$(CURDIR)/config:$(CURDIR)" $(LAB)

instructor: setup ## the same server with Formgrader and Assignment List
	@JUPYTER_CONFIG_PATH="$(CURDIR)/config/pengajar:$(CURDIR)/config:$(CURDIR)" $(LAB)

notebooks: setup ## run every lesson and assignment, store the outputs in their normal form
	@$(IN_VENV) python -m melayani.authoring.notebooks course solutions

release: setup ## make assignments/ from solutions/
	@$(IN_VENV) python -m melayani.authoring.release

pictures: setup ## take README's pictures with a browser: docs/gambar
	@$(IN_VENV) python tests/pictures.py

hostile: setup ## hostile hand-ins by stock nbgrader and by ours: the table in docs/grading-safety.md (some 15 minutes)
	@$(IN_VENV) python tests/hostile_table.py

bench: setup ## our grading beside stock nbgrader, measured: docs/bench.md (15 to 35 minutes; BENCH_OPTIONS=--quick: 5)
	@$(IN_VENV) PYTHONPATH=tests python -m bench $(BENCH_OPTIONS)

lock: setup ## pin the newest versions: requirements.lock, environment.yml, binder/
	@$(IN_VENV) uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --extra dev \
		--no-header --output-file requirements.lock pyproject.toml
	@$(IN_VENV) python -m melayani.authoring.environment
