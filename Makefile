# Everything that a newcomer needs, each in one command. Python 3.11 and make are enough.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONPATH := .
export PORT

.PHONY: help install demo phone desk recordings callbacks outbox test lint detection learn mutations faults bench texts clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/installed  ## the .venv with everything pinned, nothing else

.venv/installed: requirements.txt requirements-dev.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Warmline needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

demo: install  ## the whole service with a pretend carrier: ring it, text it
	@$(BIN)/python -m simulator.demo

phone: install  ## a phone in the terminal, for the demo that runs
	@SIMULATOR_PORT=$$(( $${PORT:-8000} + 10 )) $(BIN)/python -m simulator.phone

recordings: install  ## placeholders by espeak-ng for what LANGUAGE=sw has no recording of
	@$(BIN)/python -m simulator.demo audio record $(or $(LANGUAGE),sw)

outbox: install  ## what the demo sends, and what holds it up
	@$(BIN)/python -m simulator.demo outbox

desk: install  ## how to sign in at the desk of the demo that runs
	@$(BIN)/python -m simulator.demo desk

callbacks: install  ## who asked the demo to be rung
	@$(BIN)/python -m simulator.demo callbacks

# Tests wait for servers half of the time: three side by side on two processors.
test: install  ## all tests
	@$(BIN)/pytest -n $$($(BIN)/python -c 'import os; print(max(1, os.cpu_count() * 3 // 2))')

lint: install  ## ruff, mypy strict, import-linter, flows check
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m ivr.checking

detection: install  ## how much of what people may write is heard as danger or as STOP
	@PYTHONPATH=.:tests $(BIN)/python tests/detecting.py

learn: install  ## what is like danger, from the sentences in locales/*/danger.txt
	@$(BIN)/python -m ivr.hearing.learning

mutations: install  ## break the house in each important place and see that a test notices
	@$(BIN)/python tests/mutations.py

faults: install  ## kill workers, Redis and the carrier and see that nothing is lost or sent twice
	@$(BIN)/python -m faults

bench: install  ## side-by-side figures
	@$(BIN)/python -m bench

texts: install  ## collect texts for translators into locales/*/LC_MESSAGES/messages.po
	@mkdir -p var
	@$(BIN)/pybabel -q extract --add-location=file --sort-by-file -F locales/babel.cfg -o var/messages.pot .
	@$(BIN)/pybabel -q update --width=120 --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete -i var/messages.pot -d locales

clean:  ## what was installed and what the demo kept
	rm -rf .venv var
