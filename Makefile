# Two commands: `make demo` shows what innspill does, `make test` runs the whole suite. Both need only python3 and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test evaluate corpus clean

demo: $(VENV)/.installed
	$(BIN)/innspill demo -o out/demo

test: $(VENV)/.installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

evaluate: $(VENV)/.installed
	$(BIN)/innspill evaluate

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-for-tests: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable '.[test,notebooks,transformers]'
	touch $@ $(VENV)/.installed

# The invented consultations from their sources; needs LibreOffice (writer), hyphen-no and poppler-utils.
corpus: $(VENV)/.installed-for-tests
	for plan in corpora/*/source/plan.toml; do \
		$(BIN)/python corpora/build.py "$${plan%/source/plan.toml}" || exit 1; done

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache
