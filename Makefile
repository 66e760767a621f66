# `make` alone prints what there is. Every target does all of its own set-up.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help setup setup-tests setup-image build proto check format test test-quick test-vm golden sim fuzz chaos demo image bench deb clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the Debian and npm packages that are missing (root for Debian's)
	@tools/setup/setup.sh

setup-tests:
	@tools/setup/setup.sh tests

setup-image:
	@tools/setup/setup.sh image

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

test-vm: setup-tests build ## Machines with real services on nspawn, QEMU and libvirt, and what can happen to them
	@tools/setup/run-tests.sh vm

golden: build ## Graphs, orders and end states against Pacemaker's: SEED= COUNT= generated cases, CASES=DIR saved ones
	@tools/setup/run-tests.sh golden

fuzz: build ## Garbage for everything that takes bytes from outside: MINUTES= SEED= TARGET= choose, REPLAY=FILE feeds one again
	@node --enable-source-maps dist/test/fuzz/fuzz-main.js --minutes "$(MINUTES)" --seed "$(SEED)" --target "$(TARGET)" --replay "$(REPLAY)"

chaos: build ## Kills and pauses of every process under load, and what must hold: ROUNDS= SEED= choose; last line is the summary
	@node --enable-source-maps dist/test/chaos/chaos-main.js --rounds "$(ROUNDS)" --seed "$(SEED)"

sim: build ## Seeds of the deterministic simulation: SEED= COUNT= choose them, TRACE=1 tells the story
	@tools/setup/run-tests.sh sim

demo: build ## Three assemblies of real software: start, failures, recoveries with times, stop
	@node dist/tools/demo/demo.js

image: setup-image build ## Bake the default image of virtual machines, debian-12 (a minute or two; root, or subordinate ids)
	@node dist/tools/cpectl/main.js image bake debian-12

bench: build ## Measured figures beside peers; JSON=1 for one JSON object a line
	@node dist/tools/bench/bench.js

deb: build ## The agent as Debian packages, in packages/: VERSION= chooses another than package.json's
	@node dist/tools/deb/build-deb.js $(if $(VERSION),--version $(VERSION))

clean: ## Remove everything that was built
	@rm -rf dist .build .native
