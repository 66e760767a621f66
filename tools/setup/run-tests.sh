#!/bin/sh
# run-tests.sh quick|golden|sim|all: node's test runner over the compiled tests. `all` ends with everything in test/e2e
# and what runs on a booted Debian (test/booted, which runs the files of its inside/ there and nowhere else);
# `golden` with the comparison with crm_simulate over SEED, COUNT and CASES, whose last two lines are its figures;
# `sim` plays COUNT seeds of the simulation from SEED on. The tests of `quick` play a few seeds, those of `all` hundreds.
set -eu
cd "$(dirname "$0")/../.."
find_tests() { find dist \( -path dist/test/booted/inside "$@" \) -prune -o -name '*.test.js' -print | sort; }
case "${1:-all}" in
  quick) files=$(find_tests -o -path dist/test/e2e -o -path dist/test/booted) ;;
  golden) files=$(find dist/test/golden -name '*.test.js' | sort) ;;
  sim) exec node --enable-source-maps dist/test/sim/sim-main.js --seed "${SEED:-1}" --count "${COUNT:-50}" --trace "${TRACE:-}" ;;
  all) files=$(find_tests); export SIM_COUNT="${SIM_COUNT:-320}" ;;
  *) echo "usage: run-tests.sh quick|golden|sim|all" >&2; exit 2 ;;
esac
[ -n "$files" ] || { echo "run-tests: no test found" >&2; exit 1; }
run_tests() { node --enable-source-maps --test --test-reporter="${REPORTER:-spec}" $files; }
[ "${1:-all}" = golden ] || { run_tests; exit; }
status=0
run_tests || status=$?
node --enable-source-maps dist/test/golden/golden-run.js || status=$?
exit "$status"
