# What one can do here. `make help` lists it; everything else needs nothing typed before it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/pytest
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast test-long pictures check translations bench lock build clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make the environment: Python packages, screens, translations
	@PYTHON='$(PYTHON)' tools/setup

run: setup ## Start the desk, with a demo desk on the first start; Ctrl-C stops it
	@exec $(BIN)/steward up --demo

test: setup ## Everything: checks, then the whole test suite
	@tools/chromium
	@PYTHON='$(PYTHON)' tools/synapse
	@$(MAKE) --no-print-directory check
	@exec $(PYTEST) -n $(WORKERS) -m "not long$$(tools/chromium --without)$$(tools/synapse --without)"

test-fast: setup ## The tests without browser and crashes, in under 90 seconds
	@exec $(PYTEST) -n $(WORKERS) -m "not long and not browser and not crash and not synapse"

test-long: setup ## The heavy sizes
	@STEWARD_TEST_LONG=1 exec $(PYTEST) -n $(WORKERS) -m long -o faulthandler_timeout=0

pictures: setup ## Take pictures of every screen, light and dark, wide and narrow, into test-results/
	@STEWARD_TEST_PICTURES=1 exec $(PYTEST) -n $(WORKERS) tests/browser/test_screens.py

check: setup ## Format, lint, types, import contracts, migrations, documentation
	@tools/check

translations: setup ## Bring the catalogs up to date with the texts marked in the source
	@$(BIN)/python tools/translations.py
	@PYTHON='$(PYTHON)' tools/setup

bench: setup ## Measure what an agent feels, against plain SQL in the same run
	@exec $(BIN)/python -m bench

lock: ## Renew requirements.lock from pyproject.toml; wants uv on the PATH
	@uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet -o requirements.lock

build: setup ## Build the wheel, screens and translations inside, into dist/
	@exec $(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## Remove what was made here, except the data
	@rm -rf $(VENV) dist build frontend/node_modules steward/web/static .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find steward -name '*.mo' -delete
	@find steward tests -name __pycache__ -prune -exec rm -rf {} +
