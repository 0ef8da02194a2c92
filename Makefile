# `make` alone lists what there is. Everything runs in .venv, made once from setup.cfg.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
READY := .venv/.ready
N ?= 5000
BENCH ?=

.PHONY: help demo test bare check check-deep fuzz lint types fmt bench laws equivalence corpus cloud cloud-demo \
	cloud-runs cloud-kills clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## count the words of 128 MB of text by the shell and by leashc, and compare
	@$(BIN)/python -m benchmarks.demo

test: $(READY) ## run the tests, on all cores
	$(BIN)/python -m pytest -n auto --dist loadfile

bare: ## run the tests with the tools alone: by --kernels off, and installed without a compiler
	LEASH_KERNELS=off $(MAKE) test
	rm -rf build/bare
	mkdir -p build/bare
	git ls-files -z | xargs -0 cp --parents --target-directory build/bare
	CC=false $(MAKE) -C build/bare test

check: lint types test ## lint, types and tests, as CI does

check-deep: $(READY) ## the tests of kernels, and the inputs that fuzzing kept, under valgrind too; some minutes
	LEASH_DEEP=1 LEASH_EXAMPLES=0.02 $(BIN)/python -m pytest -n auto --dist loadfile \
		-k valgrind tests/test_kernel*.py tests/test_fuzz_corpus.py

fuzz: $(READY) ## look for inputs that kernels fail on, by clang's libFuzzer; GROUP=grep SECONDS=900
	$(BIN)/python -m tests.fuzz $(or $(GROUP),grep) $(or $(SECONDS),900)

lint: $(READY) ## mistakes and formatting, by ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## types, by mypy
	$(BIN)/mypy

fmt: $(READY) ## format the code and mend what lint can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## measure against the shell and its peers on 1 GB; BENCH='--size 100M --only sort', PEERS=1
	$(if $(PEERS),$(BIN)/python -m pip install --quiet --editable '.[bench]')
	$(BIN)/python -m benchmarks.run $(BENCH)

laws: $(READY) ## hold every law against its command, N=3 inputs each; write docs/operators.md
	$(BIN)/python -m tests.every_law --inputs $(or $(filter-out 5000,$(N)),3) $(ONLY)
	$(BIN)/python -m tests.coverage > docs/operators.md

equivalence: $(READY) ## compare N=5000 random pipelines with bash
	$(BIN)/python -m tests.equivalence --count $(N)

corpus: $(READY) ## hold the one-liners of tests/corpus against bash; write docs/corpus.md
	$(BIN)/python -m tests.corpus --page docs/corpus.md

cloud: $(READY) ## a local S3 and Lambda until Ctrl-C; prints the variables that lead there
	@$(BIN)/python -m tests.cloud

cloud-demo: $(READY) ## deploy to a local cloud, sort and count words there, compare with the shell
	@$(BIN)/python -m tests.cloud -- $(BIN)/python -m benchmarks.cloud_demo

cloud-runs: $(READY) ## N=300 random pipelines on a local cloud; FAULTS=0.05 injects faults
	$(BIN)/python -m tests.cloud.cases --count $(or $(filter-out 5000,$(N)),300) --faults $(or $(FAULTS),0)

cloud-kills: $(READY) ## kill 20 runs of a local cloud at random moments and resume them
	$(BIN)/python -m tests.cloud.killed

clean: ## remove what was made, .venv too
	rm -rf build .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): setup.cfg setup.py pyproject.toml grammar/*.lark runtime/kernels/*.[ch]
	@test -n "$(PYTHON)" || { echo "leashc needs Python 3.11 or newer: make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment: install its venv package" \
			"(on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@
