PYTHON ?= python3
BIN := .venv/bin
CLUSTER := tests/integration/kube
FAULTS := $(CLUSTER)/faults

.PHONY: help install demo test faults lint bench screenshots lock clean
help:  ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "redraft needs Python 3.11 or newer: make PYTHON=python3.12 " + "$(MAKECMDGOALS)")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

install: .venv/installed  ## set up .venv with pinned, hashed packages

demo: install  ## open the cockpit on a sample web app
	$(BIN)/redraft demo

test: install  ## run every test this machine can run; says what it skipped
	$(BIN)/python -m pytest -n auto --dist loadgroup --ignore=$(CLUSTER)
	$(BIN)/python -m pytest $(wildcard $(CLUSTER)/test_*.py) $(FAULTS)  # one by one: they share one cluster

faults: install  ## of these only those that break a cluster: takes about ten minutes
	$(BIN)/python -m pytest $(FAULTS)

lint: install  ## formatting, lint, types and the picture of the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install  ## measure speed and size beside baselines; writes bench.json
	$(BIN)/python -m tests.bench

screenshots: install  ## make screenshots/*.svg and *.png from real runs
	$(BIN)/python -m tests.screenshots

lock:  ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --group test --group lint --group build --group screenshots --universal \
	  --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --no-emit-find-links --no-config --upgrade -o requirements.lock

clean:  ## remove the environment and the caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
