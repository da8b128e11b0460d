# Loa. `make help` lists the targets. Everything is made in .venv; nothing is installed on the machine
# except by `make servers`, which asks apt for the real servers the tests use.
PYTHON ?= python3
BIN := .venv/bin
# Each takes whole files, so that what a file starts is started once.
TEST_PROCESSES ?= 3

.PHONY: help setup setup-dev run test fuzz chaos day guide-pictures check format servers clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

setup: .venv/.run ## Make .venv with all that Loa needs to run (.venv/bin/loa)
setup-dev: .venv/.dev ## ... and all that its tests and checks need

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Loa needs Python 3.11 or newer; set PYTHON=python3.12, say."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt setuptools -e .
	@touch $@

.venv/.dev: .venv/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: setup ## Start everything at http://127.0.0.1:8000 (LOA_HOST, LOA_PORT, LOA_HOME change it)
	@exec $(BIN)/loa serve

check: setup-dev ## Linters, types, import contracts, migrations, bars of size, dead code, commits
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/loa migrate --check
	$(BIN)/python tools/bars.py
	$(BIN)/vulture
	$(BIN)/python tools/commits.py

test: setup-dev servers ## Every test; what has no server here is named at the end as skipped
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

fuzz: setup-dev ## Nasty inputs at every door of a Loa that serves (FUZZ_SEED, FUZZ_INPUTS, FUZZ_ONLY)
	$(BIN)/python -m tests.fuzz

chaos: setup-dev servers ## Faults at every part of both shapes of a Loa that works (CHAOS_SEED, CHAOS_ROUNDS, CHAOS_SHAPE)
	$(BIN)/python -m tests.chaos

day: setup-dev servers ## A whole working day at the desk, on SQLite and PostgreSQL (DAY_ARTICLES)
	DAY_ARTICLES=$(or $(DAY_ARTICLES),100) $(BIN)/python -m pytest tests/system/test_working_day.py

guide-pictures: setup-dev servers ## The pictures of docs/huong-dan.md, of a made-up commune
	$(BIN)/python tools/guide_pictures.py

servers:
	@sh tests/install-servers.sh

format: setup-dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove what was made (not var/, which holds the newsroom)
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
