# Corkboard: `make run` and `make test` need Python 3.11+ and make, and do the rest themselves.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
TOOLS := .venv/.tools
NODE_TOOLS := examples/client/node_modules/.package-lock.json
WEB_TOOLS := web/node_modules/.package-lock.json
NODE_PEERS := $(patsubst %,bench/peers/%/node_modules/.package-lock.json,bun fastify)
GO_PEER := bench/peers/go/build/server
PYTHON_PEERS := bench/peers/.venv/.installed

.DEFAULT_GOAL := help
.PHONY: help run test test-all nightly lint format architecture demo migration schema lock deployment \
	web page pictures clients example browser proxies poolers live \
	fuzz chaos races sessions mutants sbom plans bench

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) .env ## Run the server on port 8080 (PORT=… changes it), with a database
	@exec $(BIN)/python -m api serve

# Each worker has its own PostgreSQL; a worker that runs out of tests takes some from another.
PYTEST := $(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

test: $(INSTALLED) ## Run the tests on a real PostgreSQL, some three minutes on two cores
	@$(PYTEST) -m "not slow"

test-all: $(INSTALLED) ## Run the slow tests, too
	@$(PYTEST)

nightly: ## Run all that takes long: every test, fault, race and mutant, and the benchmarks
	@$(MAKE) test-all
	@$(MAKE) chaos
	@$(MAKE) races
	@$(MAKE) sessions
	@$(MAKE) poolers
	@$(MAKE) live
	@$(MAKE) page
	@$(MAKE) fuzz cases=50000
	@$(MAKE) bench
	@$(MAKE) mutants

demo: $(INSTALLED) .env ## Fill the database with a team's boards (tasks=100000 for a large one)
	@$(BIN)/python -m api demo $(if $(tasks),--tasks $(tasks))

lint: $(INSTALLED) $(TOOLS) ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .

format: $(TOOLS) ## Put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

architecture: $(INSTALLED) ## Draw the packages and their imports in docs/architecture.md
	@$(BIN)/python -m checks.architecture

migration: $(INSTALLED) .env ## Write a migration for what changed in models/ (name=… says what)
	@$(BIN)/aerich migrate --offline --name $(or $(name),$(error say what changed: make migration name=add_labels))
	@$(BIN)/python -m api.db.schema

schema: $(INSTALLED) .env ## Write down anew what the migrations make (migrations/schema.txt)
	@$(BIN)/python -m api.db.schema

lock: $(TOOLS) ## Pin every package anew in requirements.txt and requirements-dev.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --upgrade requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --upgrade -c requirements.txt \
		requirements-dev.in -o requirements-dev.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --upgrade -c requirements.txt \
		bench/peers/requirements.in -o bench/peers/requirements.txt

# A quick run ends with the first failure, since its checks share a server.
CHECK := $(BIN)/python -m pytest -vv $(if $(quick),--quick --exitfirst)

deployment: $(INSTALLED) $(TOOLS) ## Check Dockerfile and docker-compose.yml, and the server they start
	@$(CHECK) checks/test_deployment.py

web: $(WEB_TOOLS) ## Build the board's page (web/) into web/dist, which is committed
	@cd web && npm run --silent check && npm run --silent test && npm run --silent build

page: $(INSTALLED) $(TOOLS) $(WEB_TOOLS) ## Use the board's page in Chromium, by mouse and by keyboard, with two people (quick=1: less)
	@$(CHECK) checks/test_page.py

pictures: $(INSTALLED) $(TOOLS) $(WEB_TOOLS) ## Make the README's pictures anew, in two browsers
	@$(CHECK) checks/test_page.py -k dragged_in_one --pictures

clients: $(INSTALLED) $(TOOLS) $(NODE_TOOLS) ## Generate a TypeScript and a Python client, and use them
	@$(CHECK) checks/test_clients.py -k "not example"

example: $(INSTALLED) $(TOOLS) $(NODE_TOOLS) ## Compile the client in examples/client, and play a team's day with it
	@$(CHECK) checks/test_clients.py -k example

browser: $(INSTALLED) $(TOOLS) ## Use Swagger in a headless Chromium
	@$(CHECK) checks/test_browser.py

proxies: $(INSTALLED) ## Serve behind nginx and HAProxy, as docs/deployment.md sets them up
	@command -v nginx > /dev/null && command -v haproxy > /dev/null || \
		{ echo "nginx or HAProxy is missing; on Debian: apt-get install nginx haproxy"; exit 1; }
	@$(CHECK) checks/test_proxies.py

poolers: $(INSTALLED) ## Serve through PgBouncer, as docs/deployment.md sets it up
	@command -v pgbouncer > /dev/null || \
		{ echo "PgBouncer is missing; on Debian: apt-get install pgbouncer"; exit 1; }
	@$(CHECK) checks/test_poolers.py

live: $(INSTALLED) ## Watch boards while servers and PostgreSQL are killed (quick=1: a few times)
	@$(CHECK) checks/test_live.py

fuzz: $(INSTALLED) $(TOOLS) ## Try 10,000 generated requests (cases=…, seed=…) in every role
	@$(CHECK) checks/fuzz $(if $(cases),--cases=$(cases)) $(if $(seed),--seed=$(seed))

chaos: $(INSTALLED) ## Kill, stop and starve a server and its PostgreSQL under load (quick=1: a few times)
	@$(CHECK) checks/test_chaos.py

races: $(INSTALLED) ## Change the same boards from everywhere at once (quick=1: a few times)
	@$(CHECK) checks/test_races.py

sessions: $(INSTALLED) ## Try ended sessions and passwords on four workers (quick=1: a few times, on two)
	@$(CHECK) checks/sessions

mutants: $(INSTALLED) $(TOOLS) ## Break what decides on rights, one thing at a time: do the tests notice? (files=… some)
	@$(BIN)/python -m checks.mutants $(files)

plans: $(INSTALLED) ## Time each list at 100,000 and at 1,000,000 tasks, and write build/plans.md
	@$(BIN)/python -m bench.plans

bench: $(INSTALLED) $(NODE_PEERS) $(PYTHON_PEERS) $(GO_PEER) ## Measure beside other servers, and write docs/performance.md (quick=1, only=PART)
	@command -v wrk > /dev/null || { echo "wrk is missing; on Debian: apt-get install wrk"; exit 1; }
	@$(BIN)/python -m bench $(if $(quick),--quick) $(if $(only),--only $(only))

sbom: $(INSTALLED) $(TOOLS) ## Write down every package, by version and hash (build/sbom.json)
	@mkdir -p build
	@$(BIN)/python -W ignore -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml --output-reproducible \
		--of JSON -o build/sbom.json

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
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile -r requirements-dev.txt
	@touch $@

$(PYTHON_PEERS): bench/peers/requirements.txt
	@$(PYTHON) -m venv bench/peers/.venv
	@bench/peers/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# With Debian's packages instead of modules.
$(GO_PEER): bench/peers/go/server.go
	@command -v go > /dev/null && test -d /usr/share/gocode/src/github.com/jackc/pgx || \
		{ echo "Go or pgx is missing; on Debian: apt-get install golang-go golang-github-jackc-pgx-v4-dev"; exit 1; }
	@GO111MODULE=off GOPATH=/usr/share/gocode go build -o $@ $<

$(NODE_TOOLS) $(WEB_TOOLS) $(NODE_PEERS): %/node_modules/.package-lock.json: %/package-lock.json
	@command -v npm > /dev/null || { echo "npm is missing; on Debian: apt-get install nodejs npm"; exit 1; }
	@cd $* && npm ci --loglevel=error --ignore-scripts --no-audit --no-fund
	@touch $@
