# From a bare Debian with Python 3.11 or later: `make demo` to look, `make test` before a change goes in.
# Everything lands in this folder (.venv, .tools, node_modules, static/vendor, instance).

PYTHON ?= python3
PORT ?= 5000
BIN := .venv/bin
# Which databases the browser stories run on; the rest of the suite always runs on both.
BROWSER_DATABASES ?= sqlite postgresql
PYTEST_FLAGS ?=
# A file's tests stay together; each process has a database of its own. The browser's stories run one after another.
PARALLEL ?= -n logical --maxprocesses 4 --dist loadfile

# With it Python compiles the whole program again at every start.
unexport PYTHONDONTWRITEBYTECODE
# PostgreSQL takes its order and its letters from here; C knows no Chinese ones, and C.UTF-8 is on every Debian.
export LC_ALL := C.UTF-8
export PEOPLE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo setup serve test check test-sqlite test-postgresql test-browser bench migration lint fmt lock dev-setup

help: ## this list
	@awk 'BEGIN {FS = ":.*## "; print "make …"} /^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' Makefile

demo: setup ## a believable demo world from nothing, served on http://127.0.0.1:5000 (PORT=…)
	@$(BIN)/yishang demo --if-empty
	@exec $(BIN)/yishang serve --host 127.0.0.1 --port $(PORT)

setup: ## environment and front-end files only; afterwards the command is .venv/bin/yishang
	@$(PYTHON) tools/setup.py runtime

serve: setup ## web and timetable on 127.0.0.1 (PORT=…), on the data in instance/
	@exec $(BIN)/yishang serve --host 127.0.0.1 --port $(PORT)

test: check test-sqlite test-postgresql test-browser ## everything from nothing: checks, the suite on SQLite and PostgreSQL, the browser

check: lint ## style, types, the order of rooms, templates, the repository: what needs no running program
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -d templates ]; then echo $(BIN)/djlint --lint templates; $(BIN)/djlint --quiet --lint templates; fi
	$(BIN)/python tools/check_repository.py

test-sqlite: dev-setup ## the suite on SQLite, without the browser (PYTEST_FLAGS="…")
	$(BIN)/pytest -m "not browser" $(PARALLEL) $(PYTEST_FLAGS)

test-postgresql: dev-setup ## the suite on PostgreSQL, without the browser
	YISHANG_TEST_DATABASE=postgresql $(BIN)/pytest -m "not browser" $(PARALLEL) $(PYTEST_FLAGS)

test-browser: dev-setup ## the stories in a real Chromium, on both databases
	@$(PYTHON) tools/setup.py browser
	@for database in $(BROWSER_DATABASES); do \
	  echo "YISHANG_TEST_DATABASE=$$database $(BIN)/pytest -m browser $(PYTEST_FLAGS)"; \
	  YISHANG_TEST_DATABASE=$$database $(BIN)/pytest -m browser $(PYTEST_FLAGS) || exit 1; \
	done

bench: dev-setup ## the bars of speed, measured beside their floors (PEOPLE=200000)
	$(BIN)/python tests/bench/run.py

migration: dev-setup ## a new migration from the models: make migration m="add the reply deadline"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add the reply deadline"'; exit 2; }
	$(BIN)/alembic revision --autogenerate -m "$(m)"

lint: dev-setup ## style of the code only
	$(BIN)/ruff check
	$(BIN)/ruff format --check

fmt: dev-setup ## bring the code into the house's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: dev-setup ## resolve the pinned packages anew, within pyproject.toml and package.json
	tools/lock

dev-setup:
	@$(PYTHON) tools/setup.py dev
