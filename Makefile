# For developers; needs `python3 -m venv .venv && .venv/bin/pip install -e '.[dev]'`. PYTHON=... for another environment.
PYTHON ?= .venv/bin/python
RECORDS := $(or $(TMPDIR),/tmp)/newsquotes-samples-$(shell id -u).jsonl

.PHONY: check test lint types samples ci

check: lint types test samples

test:
	$(PYTHON) -m pytest

lint:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

samples:
	$(PYTHON) -m quotes --format table --width 120 samples/*.txt samples/*.html
	$(PYTHON) -m quotes --format jsonl samples/*.txt samples/*.html > $(RECORDS)
	$(PYTHON) .ci/check_records.py $(RECORDS)

ci:
	.ci/run
