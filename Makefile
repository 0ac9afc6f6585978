# Tangerang Satu Data: `make demo` runs the portal, `make test` runs the tests; `make help`.

# The first Python that is new enough; PYTHON=… names another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.10; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $$p && break; \
	done || echo python3)
ifeq ($(strip $(PYTHON)),)
override PYTHON := python3
endif
STACK = "$(PYTHON)" -m stack
VENV = .local/venv/bin
PORT_OPTION = $(if $(PORT),--port $(PORT))

.PHONY: help demo up down status logs clean test test-all test-up lint format types storm wheel bench \
	screenshots lock translations docs clients

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

demo: ## Run the portal with demo content until Ctrl-C (PORT=…)
	@$(STACK) demo $(PORT_OPTION)

up: ## Run the portal in the background (PORT=…)
	@$(STACK) up $(PORT_OPTION)

down: ## Stop the portal
	@$(STACK) down

status: ## Show what is running
	@$(STACK) status

logs: ## Follow the logs
	@$(STACK) logs

clean: ## Stop everything and remove all state (.local/)
	@$(STACK) clean

test: ## Run the tests (ARGS="-k opd")
	@$(STACK) test $(ARGS)

test-all: ## Run the tests and all of CKAN's own test modules
	@$(STACK) test --core-full $(ARGS)

test-up: ## Start the services of the tests and leave them running, for plain pytest
	@$(STACK) prepare-tests

lint: ## Check style, types and templates
	@$(STACK) install
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/pyright --pythonpath $(VENV)/python
	$(VENV)/djlint --lint --quiet ckanext/tangerang
	$(VENV)/python -m stack.translations check
	$(VENV)/python -m stack.documentation check

format: ## Put the code into the house style
	@$(STACK) install
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

storm: ## Let people of all roles work at servers that are killed (minutes; STORM_SEED=…)
	@$(MAKE) test ARGS="tests/review/storm.py -q -s"

wheel: ## Build the wheel and check that nothing is missing from it
	@$(STACK) install
	$(VENV)/python -m stack.wheel

bench: ## Compare with a stock CKAN
	@$(STACK) install
	$(VENV)/python -m bench

screenshots: ## Picture all pages of the running demo in both languages, by role (Chromium)
	@$(STACK) install
	$(VENV)/python -m stack.screenshots

lock: ## Renew all lock files
	@$(STACK) lock

translations: ## Collect the texts and compile the catalogues
	@$(STACK) install
	$(VENV)/python -m stack.translations update

docs: ## Renew the generated parts of README and docs
	@$(STACK) install
	$(VENV)/python -m stack.documentation update

clients: ## Renew the tables of docs/en/clients.md from what arrives at other programs
	TANGERANG_UPDATE_CLIENTS=1 $(STACK) test tests/clients
