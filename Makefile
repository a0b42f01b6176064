# `make run` and `make test` need nothing before them but Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test check install test-fast system format schema bench clean

run: install
	$(BIN)/python server.py serve --demo $(ARGS)

# A file's tests stay in one process. Browsers are not shared out: they play and hear sound in real time.
test: install system
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --ignore tests/browser $(ARGS)
	$(BIN)/python -m pytest tests/browser $(ARGS)
	$(MAKE) --no-print-directory test-js

test-fast: install
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile tests/pure tests/db -q $(ARGS)

test-js:
	@if command -v node >/dev/null 2>&1; then node --test tests/js/*.test.js; \
	else echo "!!! SKIPPED: tests/js need Node 20 or newer, which is not installed."; fi

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# After a change of the migrations: what stands in an empty database when they have run.
schema: install
	$(BIN)/python -m migrations.dump

install: $(STAMP)

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "CallX needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $(STAMP)

# System parts that only tests need: installed if they can be, else those tests say loudly that they are skipped.
system:
	@sh tests/install_system_parts.sh

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
