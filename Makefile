# `make` alone lists what there is. Everything lives in .venv; nothing is installed elsewhere but the Debian packages of
# packaging/system-packages.txt, and those only by `make test` and `make screenshots`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REQUIREMENTS := packaging/requirements
PROJECTS := . $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The app is frozen out of an environment of its own: what is installed there is what goes in.
PACKAGER := build/package/venv
PACKAGER_PIP := $(PACKAGER)/bin/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help install run test lint bench bench-reference model texts screenshots package test-package lock clean
.DELETE_ON_ERROR:

help: ## list these targets
	@echo "Tidemill. What make can do here:"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-24s %s\n", $$1, $$2 }'
	@echo
	@echo "Options: make run ARGS=\"--headless --take PATH --until-idle\"   make test ARGS=\"tests/app -x\""

install: $(VENV)/installed ## make .venv with Tidemill and its four plugins, editable
	@echo "$(BIN)/tidemill is installed."

run: $(VENV)/installed ## install what is needed and open the window
	@$(BIN)/tidemill run $(ARGS)

test: $(VENV)/installed-test ## install what is needed (as root on Debian: system packages too) and run all tests
	@packaging/install-system-packages.sh
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/installed-test ## check style, format, types and the doors between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright --project pyproject.toml --warnings
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/installed-bench ## run the benchmarks and print what they measured
	@packaging/install-system-packages.sh
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/benchmarks -s $(ARGS)

bench-reference: $(VENV)/installed-test ## the workloads of the Rust reference of this field; ARGS="--rounds N --only WORDS"
	$(BIN)/python -m tests.benchmarks.reference.run $(ARGS)

model: $(VENV)/installed-test ## 200,000 random steps of the scheduler against a simple model; ARGS="--steps N --seed N"
	$(BIN)/python -m tests.reliability.run_model $(ARGS)

texts: $(VENV)/installed-test ## bring the translations up to date and list what is unfinished; ARGS="--fill FILE.toml"
	$(BIN)/python packaging/texts/update.py $(ARGS)

screenshots: $(VENV)/installed-test ## photograph every page into build/pictures; ARGS="--scene busy --theme dark --page jobs"
	@packaging/install-system-packages.sh
	$(BIN)/python packaging/screenshots.py $(ARGS)

package: $(PACKAGER)/made ## freeze the app into dist/tidemill and pack it as a .deb (Debian 12; some minutes)
	@packaging/install-system-packages.sh build-packages.txt
	@$(PACKAGER_PIP) install --no-deps --no-build-isolation --force-reinstall $(PROJECTS:%=./%)
	$(PACKAGER)/bin/python packaging/freeze/build.py $(ARGS)

test-package: $(VENV)/installed-test ## try the .deb in a clean Debian 12, as root: install, work, photograph, remove
	@packaging/install-system-packages.sh build-packages.txt
	$(BIN)/python packaging/try_package.py $(ARGS)
	$(BIN)/python packaging/compare_starts.py

lock: $(VENV)/installed-lock ## write packaging/requirements/*.txt anew; newest versions with ARGS=--upgrade
	$(BIN)/python packaging/lock.py $(ARGS)

clean: ## remove .venv and every cache
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tidemill needs Python 3.11 or newer; $(PYTHON) is older or missing. Try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "On Debian: sudo apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/installed: $(VENV)/made $(REQUIREMENTS)/run.txt $(PROJECTS:%=%/pyproject.toml)
	@echo "Installing Tidemill into $(VENV) (about 120 MB to download the first time) ..."
	@$(PIP) install --require-hashes --requirement $(REQUIREMENTS)/run.txt
	@$(PIP) install --no-deps --no-build-isolation $(PROJECTS:%=--editable ./%)
	@touch $@

$(VENV)/installed-test: $(VENV)/installed $(REQUIREMENTS)/test.txt
	@echo "Installing what the tests need ..."
	@$(PIP) install --require-hashes --requirement $(REQUIREMENTS)/test.txt
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed-test $(REQUIREMENTS)/bench.txt
	@echo "Installing the peers that the benchmarks measure beside ..."
	@$(PIP) install --require-hashes --requirement $(REQUIREMENTS)/bench.txt
	@touch $@

$(PACKAGER)/made: $(REQUIREMENTS)/run.txt $(REQUIREMENTS)/package.txt
	@echo "Making $(PACKAGER), which the app is frozen out of ..."
	@$(PYTHON) -m venv --clear $(PACKAGER)
	@$(PACKAGER_PIP) install --require-hashes --requirement $(REQUIREMENTS)/run.txt
	@$(PACKAGER_PIP) install --require-hashes --requirement $(REQUIREMENTS)/package.txt
	@touch $@

$(VENV)/installed-lock: $(VENV)/made $(REQUIREMENTS)/lock.txt
	@$(PIP) install --require-hashes --requirement $(REQUIREMENTS)/lock.txt
	@touch $@
