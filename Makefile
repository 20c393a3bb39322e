# Two commands do everything: `make demo` and `make test`. The others are for working on the program.
PYTHON ?= python3
BIN := .venv/bin
# A file's tests stay together. More at once take more memory, not only more processors.
TESTS := -m pytest --numprocesses 2 --dist loadfile
# How often `make soak` kills the worker, the program or the database while a source sends.
KILLS ?= 200

.PHONY: help demo test check fix bench soak lock assets sbom audit

help:
	@echo "make demo   set up, load the demonstration region, serve it, say where to look"
	@echo "make test   set up and pass every test"
	@echo "make check  formatting, lint, types, who may import whom, secrets, known faults, bill of materials"
	@echo "make fix    put right what can be put right"
	@echo "make bench  measure speed and size on this machine"
	@echo "make soak   the long form of the tests that storm, kill and fuzz (hours)"
	@echo "make sbom   a bill of materials (CycloneDX) from the lock file, to sbom.json"
	@echo "make audit  known faults of what is locked, asked of a public service: needs the network"
	@echo "make lock   resolve the dependencies again and write their hashes"
	@echo "make assets fetch the NHS design system's files again into the package"

# The stamp holds the lock's own hash, so that an interrupted installation is done again and a
# changed lock is noticed.
$(BIN)/.runtime: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Wholerecord needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(BIN)/.develop: requirements-dev.txt $(BIN)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

demo: $(BIN)/.runtime
	@$(BIN)/wholerecord demo || test $$? -eq 130 # Ctrl-C is how it is meant to end

test: check
	tests/e2e/chromium.sh
	tests/unit/node_clients/fetch.sh || echo "the JavaScript clients' tests are skipped"
	$(BIN)/python $(TESTS)

check: $(BIN)/.develop
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python tools/scan.py
	$(BIN)/python tools/sbom.py requirements.txt > sbom.json
	$(BIN)/python tools/audit.py requirements.txt

fix: $(BIN)/.develop
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BIN)/.develop
	$(BIN)/python -m benchmarks

soak: $(BIN)/.develop
	tests/e2e/chromium.sh
	WHOLERECORD_SOAK=1 $(BIN)/python $(TESTS) tests/property tests/conformance tests/fuzz tests/e2e
	$(BIN)/python -m benchmarks.kills --kills $(KILLS)

sbom: $(BIN)/.runtime
	$(BIN)/python tools/sbom.py requirements.txt > sbom.json

# As `make check` asks, of what is only for developing too; fails where nobody can be asked.
audit: $(BIN)/.develop
	AUDIT=must $(BIN)/python tools/audit.py requirements.txt requirements-dev.txt

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv==0.13.8
	.venv-lock/bin/uv pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 pyproject.toml --group pyproject.toml:build -o requirements.txt
	.venv-lock/bin/uv pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 pyproject.toml --group pyproject.toml:build --group pyproject.toml:dev -c requirements.txt -o requirements-dev.txt
	rm -rf .venv-lock

assets: $(BIN)/.develop
	sh tools/fetch_design_system.sh
