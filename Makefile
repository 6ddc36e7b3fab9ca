# Everything lives in .venv, made by uv, which is installed there when it is missing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.synced
UV := $(BIN)/uv
export UV_PROJECT_ENVIRONMENT := .venv
export UV_NO_PROGRESS := 1
# Hundreds of processes are started here: what is compiled once must be kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test check crash lint format bench docs transcript lab clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "nornir-slp needs Python 3.11 or newer; $(PYTHON) is older. Run: make PYTHON=python3.12 …" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@echo "setting up .venv, once; this takes a minute or two"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check 'uv>=0.8'

$(STAMP): uv.lock pyproject.toml | $(UV)
	@echo "installing what uv.lock names"
	@$(UV) sync --quiet --frozen --all-groups --inexact --python $(BIN)/python
	@touch $@

setup: $(STAMP) ## make the environment in .venv

demo: $(STAMP) ## the main job on 24 simulated routers over real SSH
	@$(BIN)/slp demo $(DEMO)

# One more than processors: tests wait for routers, too.
WORKERS ?= $(shell echo $$(( $$(nproc) + 1 )))

test: $(STAMP) ## the fast tests, in parallel
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m "not slow" $(TESTS)

check: $(STAMP) interop ## the slower ones: clean wheel, crash runs, the demo, clients of others
	$(BIN)/pytest -q -n auto --dist worksteal -m "slow and not long" --timeout 900 $(TESTS)

crash: $(STAMP) ## kill runs at every kind of instant and hold the routers' own logs against it
	$(BIN)/pytest -q --timeout 900 tests/crash

lint: $(STAMP) ## format, style, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## benchmarks; they print ratios and judge nothing
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench; done

docs: $(STAMP) ## write the generated pages again: schemas, decision table, command sequences, faults
	$(BIN)/python -m slp_lab.schemas docs/schemas
	$(BIN)/python -m slp_core.rules.table > docs/decision-table.md
	PYTHONPATH=tests $(BIN)/python -m journeys.page > docs/command-sequences.md
	PYTHONPATH=tests $(BIN)/python -m faults.page > docs/faults.md
	PYTHONPATH=tests $(BIN)/python -m docs.conformance > docs/conformance.md

transcript: $(STAMP) ## record docs/lab-transcript.md over SSH again
	PYTHONPATH=src:tasks:playbooks $(BIN)/python tests/docs/transcript.py

lab: $(STAMP) ## a simulated network until Ctrl-C
	$(BIN)/slp lab start $(LAB)

clean: ## remove what was made here
	rm -rf .venv .venv-interop .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build

include tests/interop/Makefile.inc
