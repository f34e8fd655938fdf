# Two commands matter: `make demo` and `make test`. Everything else is a part of them.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-ready
DEV_STAMP := $(VENV)/.dev-ready
CODE_STAMP := $(VENV)/.code-ready
ROOMS := school pages curriculum lessons parents safeguarding staff bot
PEERS := .venv-peers
PEERS_STAMP := $(PEERS)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup setup-distributed setup-dev demo test golden check format bench bench-long crash fuzz clean

help: ## Show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# A stamp holds until a pinned file changes, so that every target may call set-up and it costs nothing.
$(RUN_STAMP): requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Lollipop needs Python 3.11 or newer: run make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements/dev.txt requirements/distributed.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/distributed.txt
	@touch $@

# Compiled here, because a machine may be told to write no bytecode as it goes: then every start would compile it all.
$(CODE_STAMP): $(RUN_STAMP) $(shell find $(ROOMS) -name '*.py')
	@$(BIN)/python -m compileall -q $(ROOMS)
	@touch $@

setup: $(RUN_STAMP) $(CODE_STAMP) ## Make .venv with what running needs
setup-distributed: setup ## The extra for several processes on one PostgreSQL
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/distributed.txt
setup-dev: $(DEV_STAMP) $(CODE_STAMP) ## Make .venv with what tests need as well

demo: setup ## A sample school with local stand-ins for Slack and Telegram (PORT=, OPEN=1, RESET=1)
	@$(BIN)/lollipop demo --port $(PORT) $(if $(OPEN),--open) $(if $(RESET),--reset)

test: setup-dev ## Every test
	@$(BIN)/python -m pytest $(ARGS)

golden: setup-dev ## Keep every page in every language and form as it is drawn now; read the diff before you commit
	@$(BIN)/python -m tests.content.golden

check: setup-dev ## Format, lint, types, walls, content
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/lollipop content check

format: setup-dev ## Put the code in house style
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# What we are measured beside and never run: apart, so that no pin of a peer's moves one of ours. Without it a row says so.
$(PEERS_STAMP): requirements/peers.txt
	@{ $(PYTHON) -m venv $(PEERS) && \
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt && \
	touch $@; } || { rm -rf $(PEERS); echo "The peers could not be installed; their rows will say so."; }

bench: setup-dev $(PEERS_STAMP) ## Our figures beside the peers' (ONLY=prefix)
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY))

bench-long: setup-dev $(PEERS_STAMP) ## The large sizes: a million families, 2,000 schools (minutes)
	@$(BIN)/python -m benchmarks --long $(if $(ONLY),--only $(ONLY))

fuzz: setup-dev ## Throw a million inputs at every parser, and count (INPUTS=, MINUTES= at most)
	@$(BIN)/python -m tests.fuzz $(if $(INPUTS),--inputs $(INPUTS)) $(if $(MINUTES),--minutes $(MINUTES))

crash: setup-dev ## Kill delivery 500 times, on both databases, and count (KILLS=)
	@$(BIN)/python -m tests.crash $(if $(KILLS),--kills $(KILLS))

clean: ## Remove .venv and what tests leave behind
	@rm -rf $(VENV) $(PEERS) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
