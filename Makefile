# Set-up is a virtual environment from pinned versions; nothing else is assumed than Python 3.11 or newer and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Processes that run tests; auto is one for each core.
WORKERS ?= auto
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench docs screenshots lock test-tools clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) scripts/check_python.py
	@echo "setting up a virtual environment, about a minute …"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: $(READY) ## the demo on a simulated ward, or CONFIG=ward.yml on your own
	$(if $(CONFIG),$(BIN)/linkward run --config.file=$(CONFIG),$(BIN)/linkward demo) $(ARGS)

test: $(READY) test-tools ## all tests (ARGS=… for pytest, WORKERS=0 for one at a time)
	$(BIN)/python scripts/run_tests.py $(WORKERS) $(ARGS)

check: $(READY) ## format, lint, types, imports, spelling
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell

fix: $(READY) ## format and mend what can be mended
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --fix --quiet .

bench: $(READY) test-tools ## costs, as ratios against other exporters in the same run
	$(BIN)/python -m bench $(ARGS)

docs: $(READY) ## write the generated pages of docs/, the rules and the dashboards anew
	$(BIN)/python scripts/generate_docs.py

screenshots: $(READY) test-tools ## take the pictures of docs/ anew, in Chromium from the demo: about eight minutes
	$(BIN)/python scripts/take_screenshots.py

test-tools:
	@sh scripts/install-test-tools

lock: ## pin the newest allowed versions anew
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check '.[dev]'
	build/lock/bin/python -m pip freeze --exclude linkward --exclude-editable | grep -v '^linkward' > constraints.txt

clean: ## remove what make made
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
