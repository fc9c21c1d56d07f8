# Python 3.11 or newer and make are all that a machine needs; everything else is set up in .venv on the first run.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
TSC    := reference_app/node_modules/typescript/bin/tsc

# Each worker of pytest-xdist and each run within a test loads what the first has compiled, where that may be kept.
unexport PYTHONDONTWRITEBYTECODE

SHARD ?= 1/1
BASE  ?= HEAD
SERVE := $(CURDIR)/$(BIN)/python -m reference_app --port {port} --scale 0.1
GATE  := $(BIN)/brownout gate --serve "$(SERVE)" --guide e2e.guide:REFERENCE

.PHONY: help e2e full smoke shard merged gate baseline mutants nightly test lint types unit bench constraints clean
.DEFAULT_GOAL := help

help:  ## Show what can be typed
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

e2e: $(READY)  ## The main job: real browsers through the real proxy against the real app
	$(BIN)/python -m pytest e2e -n 2

full: $(READY)  ## That, and what it leaves to other tests
	$(BIN)/python -m pytest e2e --in-full -n 2

smoke: $(READY)  ## A first look at that, in some seconds
	$(BIN)/python -m pytest e2e -m smoke -n 2

shard: $(READY)  ## A part of all of them, such as SHARD=2/4, with recoveries beside the baseline
	$(BIN)/python -m pytest e2e --in-full -n 2 --shard $(SHARD) --brownout-gate --junitxml report/junit.xml

merged: $(READY)  ## One report of the parts that lie in parts/
	$(BIN)/brownout merge parts/*

gate: $(READY)  ## Did a change make recovery worse than at BASE (a commit, else the last one)? In some minutes
	$(GATE) --base-commit $(BASE)

baseline: $(READY)  ## Make what recoveries are like now the rule
	$(GATE) --update

mutants: $(READY)  ## The gate proves itself: the app made wrong in ninety ways, and who says so; writes docs/mutants.md
	$(BIN)/python -m e2e.mutant_table

nightly: $(READY)  ## What takes its time, such as 1,000 random schedules: says how long, goes on where it was broken off
	BROWNOUT_NIGHTLY=1 $(BIN)/python -m pytest reference_app/tests/test_kills.py
	$(BIN)/python -m e2e.nightly

test: lint types unit full  ## Every check there is

lint: $(READY)  ## Style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)  ## Types of Python and of JavaScript
	$(BIN)/mypy
	$(BIN)/node $(TSC) -p reference_app/client/jsconfig.json
	$(BIN)/node $(TSC) -p reference_app/tests/client/jsconfig.json

unit: $(READY)  ## Unit and property tests of Python, unit tests of JavaScript
	$(BIN)/node --test 'reference_app/tests/client/**/*.test.js'
	$(BIN)/python -m pytest proxy_addons reference_app property_tests

bench: $(READY)  ## How fast: the proxy beside its peers, and the server under many readers, in some minutes
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.fan_out
	$(BIN)/python -m benchmarks.judge

constraints:  ## Pin the newest versions that fit, for all supported Pythons (needs uv)
	uv pip compile --universal --python-version 3.11 --extra dev pyproject.toml -o constraints.txt \
		--upgrade --no-annotate --no-emit-index-url --no-emit-find-links --no-header --quiet

clean:  ## Remove what set-up and runs have made
	rm -rf $(VENV) report reference_app/node_modules .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml constraints.txt reference_app/package-lock.json
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "brownout needs Python 3.11 or newer; type: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix reference_app --no-audit --no-fund --loglevel=error
	$(BIN)/brownout browser --install
	@touch $@
