# `make` alone explains everything. Works with make 3.81 (macOS) and newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# bytecode is written when a module is first imported: most of what libraries bring never is
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt
TEST_ARGS ?=
GATHER := -F translations/babel.cfg --no-location --sort-output
FILL := -d translations --no-fuzzy-matching --ignore-pot-creation-date
export PYTHONUTF8 = 1
# with the bytecode of an earlier one a process starts in less than half the time, and tests start many
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help doctor demo serve test prove check format lint types contract docs translations migration clean

##@ Start here
help: doctor ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo

doctor: ## Check that Python, venv and make are good enough
	@case "$(MAKE_VERSION)" in 3.8[1-9]*|3.9*|[4-9]*) ;; *) \
	  echo "Koebako needs make 3.81 or newer, this is $(MAKE_VERSION). Debian/Ubuntu: apt-get install make"; exit 1;; esac
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "Python is missing. Debian/Ubuntu: apt-get install python3 python3-venv; macOS: brew install python"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Koebako needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version`. Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "The venv module is missing. Debian/Ubuntu: apt-get install python3-venv"; exit 1; }

demo: $(VENV)/.runtime ## Fill an invented chain with 26 weeks of answers, analyse, serve
	$(BIN)/koebako demo

serve: $(VENV)/.runtime ## Start the survey server on your own data (see docs/operating.md)
	$(BIN)/koebako serve

##@ For developers
test: $(VENV)/.dev ## Run the whole test suite (under 5 minutes)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not long" $(TEST_ARGS)

check: $(VENV)/.dev lint types contract docs test ## Everything that CI asks for

prove: $(VENV)/.dev ## The long runs: fault, fuzz and calibration in full
	KOEBAKO_EFFORT=20 $(BIN)/python -m pytest -n 2 --dist worksteal $(TEST_ARGS)
	$(BIN)/python benchmarks/calibration.py

format: $(VENV)/.dev ## Lay out the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.dev ## Format and lint, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev ## mypy --strict on the three packages
	$(BIN)/mypy

contract: $(VENV)/.dev ## The one way through the house: surveys -> analysis -> feedback
	$(BIN)/lint-imports

docs: $(VENV)/.dev ## Settings, commands and links in the manual are true
	$(BIN)/python -m pytest -q tests/test_docs.py

translations: $(VENV)/.dev ## Gather new page texts, then compile translations/ (zh_Hans and ko: customers' pages only)
	$(BIN)/pybabel -q extract $(GATHER) -o translations/messages.pot .
	$(BIN)/pybabel -q extract $(GATHER) -o translations/customers.pot surveys
	$(BIN)/pybabel -q update $(FILL) -i translations/messages.pot -l en
	$(BIN)/pybabel -q update $(FILL) -i translations/customers.pot -l zh_Hans
	$(BIN)/pybabel -q update $(FILL) -i translations/customers.pot -l ko
	$(BIN)/pybabel -q compile -d translations

migration: $(VENV)/.dev ## Draft a migration from the tables: make migration NAME="add x"
	$(BIN)/alembic -c migrations/alembic.ini revision --autogenerate -m "$(NAME)"

clean: ## Remove the environment (never the data under var/)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(MAKE) --no-print-directory doctor
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	$(PIP) --no-deps ja-ginza
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) --editable '.[dev]'
	@touch $@
