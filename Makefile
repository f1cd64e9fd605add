# Corkboard: `make run` and `make test` need Python 3.11+ and make, and do the rest themselves.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
TOOLS := .venv/.tools

.DEFAULT_GOAL := help
.PHONY: help run test lint format demo migration lock

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) .env ## Run the server on port 8080 (PORT=… changes it), with a database
	@exec $(BIN)/python -m api serve

test: $(INSTALLED) ## Run all tests on a real PostgreSQL
	@$(BIN)/python -m pytest

demo: $(INSTALLED) .env ## Fill the database with a team's boards (tasks=100000 for a large one)
	@$(BIN)/python -m api demo $(if $(tasks),--tasks $(tasks))

lint: $(INSTALLED) $(TOOLS) ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .

format: $(TOOLS) ## Put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

migration: $(INSTALLED) ## Write a migration for what changed in models/ (name=… says what)
	@$(BIN)/aerich migrate --offline --name $(or $(name),$(error say what changed: make migration name=add_labels))

lock: $(TOOLS) ## Pin every package anew in requirements.txt and requirements-dev.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --upgrade requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --upgrade -c requirements.txt \
		requirements-dev.in -o requirements-dev.txt

.env: .env.example
	@test -f .env || (umask 077 && sed "s|^JWT_SECRET=.*|JWT_SECRET=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))')|" .env.example > .env)
	@touch .env

.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Corkboard needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv .venv

$(INSTALLED): requirements.txt | .venv
	@echo "Installing…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(TOOLS): requirements-dev.txt | $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
