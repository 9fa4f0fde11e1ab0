# Two commands do everything: `make run` and `make test`. The others help those who work on Espalier.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
PACKAGES := plotthedots smallnumbers careerflows
PORT ?= 8000

.PHONY: run test soak check fix bench lock clean help
.DEFAULT_GOAL := help

help: ## what you can type
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | column -t -s '	'

# A stamp is written last, so an installation that was cut off is simply done again.
.stamps/venv: requirements/uv.txt
	@bash bin/check-machine $(PYTHON)
	@rm -rf $(VENV) .stamps && mkdir -p .stamps
	@echo "Making the virtual environment …"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt 2>&1 | { grep -v -i warning || true; }
	@test -x $(UV) && touch $@

.stamps/runtime: requirements/runtime.txt .stamps/venv
	@echo "Installing what Espalier needs (once, about half a minute) …"
	@if [ ! -f .stamps/dev ]; then $(UV) pip install -q --require-hashes -r $<; fi
	@touch $@

.stamps/dev: requirements/dev.txt .stamps/runtime
	@echo "Installing what the tests need (once) …"
	@$(UV) pip install -q --require-hashes -r $<
	@touch $@

.stamps/code: pyproject.toml .stamps/runtime $(addprefix packages/,$(addsuffix /pyproject.toml,$(PACKAGES)))
	@$(UV) pip install -q --no-deps --no-build-isolation $(addprefix -e packages/,$(PACKAGES)) -e .
	@touch $@

run: .stamps/code ## set everything up and serve http://localhost:8000
	@$(VENV)/bin/espalier start --port $(PORT)

test: .stamps/dev .stamps/code ## every check and test, in a real browser too
	@bash bin/test

soak: .stamps/dev .stamps/code ## the long suites
	@$(PY) -m pytest -m slow

check: .stamps/dev .stamps/code ## lint, types and architecture only
	@bash bin/check

fix: .stamps/dev ## tidy the code
	@$(VENV)/bin/ruff check --fix -q . ; $(VENV)/bin/ruff format -q .

bench: .stamps/dev .stamps/code ## the speed budgets, as ratios in one run
	@$(PY) -m benchmarks

lock: .stamps/venv ## make the lock files anew (releases younger than a week wait)
	@for name in uv runtime dev spark; do $(UV) pip compile -q --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --exclude-newer "$$(date -d '7 days ago' +%Y-%m-%d)" -c requirements/runtime.txt requirements/$$name.in -o requirements/$$name.txt; done

clean: ## remove what was installed and the demonstration database
	@if [ -x $(VENV)/bin/espalier ]; then $(VENV)/bin/espalier stop --delete || exit 1; fi
	@rm -rf $(VENV) .stamps
