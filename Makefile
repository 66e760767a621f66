# `make` alone prints what there is. Every target does all of its own set-up.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help setup setup-tests build proto check format test test-quick golden sim demo bench clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the Debian and npm packages that are missing (root for Debian's)
	@tools/setup/setup.sh

setup-tests:
	@tools/setup/setup.sh tests

build: setup ## Compile the native programs and TypeScript
	@tools/setup/build.sh

proto: setup ## Generate the protobuf code again
	@proto/generate.sh

check: build ## Types, lint, formatting, import rules, generated code fresh
	@tsc --noEmit
	@biome check --error-on-warnings .
	@proto/generate.sh --check
	@node dist/tools/rules/check-rules.js

format: setup ## Format the sources
	@biome check --write .

test-quick: setup-tests build ## Unit, contract and golden tests (up to 5 minutes)
	@tools/setup/run-tests.sh quick

test: setup-tests check ## Everything that CI runs (up to 40 minutes)
	@tools/setup/run-tests.sh all

golden: build ## Graphs, orders and end states against Pacemaker's: SEED= COUNT= generated cases, CASES=DIR saved ones
	@tools/setup/run-tests.sh golden

sim: build ## Seeds of the deterministic simulation: SEED= COUNT= choose them, TRACE=1 tells the story
	@tools/setup/run-tests.sh sim

demo: build ## Three assemblies of real software: start, failures, recoveries with times, stop
	@node dist/tools/demo/demo.js

bench: build ## Measured figures beside peers; JSON=1 for one JSON object a line
	@node dist/tools/bench/bench.js

clean: ## Remove everything that was built
	@rm -rf dist .build .native
