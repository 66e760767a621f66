#!/bin/sh
# run-tests.sh quick|golden|sim|vm|all: node's test runner over the compiled tests. `all` has everything in test/e2e and test/network, what
# runs on a booted Debian (test/booted, which runs the files of its inside/ there and nowhere else), and the drivers of
# machines and clouds against the real platforms beside what `quick` has;
# `golden` with the comparison with crm_simulate over SEED, COUNT and CASES, whose last two lines are its figures;
# `vm` runs three machines with real services on nspawn, QEMU and libvirt (test/vm), which takes minutes for each;
# `sim` plays COUNT seeds of the simulation from SEED on. The tests of `quick` play a few seeds, those of `all` hundreds.
set -eu
cd "$(dirname "$0")/../.."
find_tests() { find dist \( -path dist/test/booted/inside "$@" \) -prune -o -name '*.test.js' -print | sort; }
case "${1:-all}" in
  quick) files=$(find_tests -o -path dist/test/e2e -o -path dist/test/booted -o -path dist/test/vm -o -path dist/test/network -o -name 'launcher-driver-*.test.js') ;;
  golden) files=$(find dist/test/golden -name '*.test.js' | sort) ;;
  vm) files=$(find dist/test/vm -name '*.test.js' | sort) ;;
  sim) exec node --enable-source-maps dist/test/sim/sim-main.js --seed "${SEED:-1}" --count "${COUNT:-50}" --trace "${TRACE:-}" ;;
  all)
    machines='dist/test/vm/libvirt.test.js dist/test/vm/qemu.test.js'
    files=$(find_tests -o -name libvirt.test.js -o -name qemu.test.js)
    export SIM_COUNT="${SIM_COUNT:-160}"
    ;;
  *) echo "usage: run-tests.sh quick|golden|sim|vm|all" >&2; exit 2 ;;
esac
[ -n "$files" ] || { echo "run-tests: no test found" >&2; exit 1; }
# Most tests wait for something most of the time; an emulated machine never does, and beside others it seems dead.
failed=$(mktemp)
trap 'rm -f "$failed"' EXIT
run_tests() {
  at_once=$1
  shift
  : >"$failed"
  node --enable-source-maps --test --test-concurrency="$at_once" \
    --test-reporter="${REPORTER:-spec}" --test-reporter-destination=stdout \
    --test-reporter="$PWD/dist/tools/setup/failed-files.js" --test-reporter-destination="$failed" "$@"
}
# A machine that others use as well can be too slow for a while. What fails is run once more, alone, and named at the end:
# what fails for a reason of its own fails again. Where many files fail, nothing is repeated.
most_repeated=6
repeated=
run_all() {
  run_tests "$@" && return 0 || code=$?
  again=$(cat "$failed")
  count=$(printf '%s\n' "$again" | wc -l)
  if [ -z "$again" ] || [ "$count" -gt "$most_repeated" ]; then
    status=$code
    return 0
  fi
  printf '\nrun-tests: once more, alone: %s\n' "$(echo $again)"
  run_tests 1 $again || { status=$?; return 0; }
  repeated="$repeated $again"
}
status=0
case "${1:-all}" in
  vm) run_all 1 $files ;;
  golden)
    run_all 2 $files
    node --enable-source-maps dist/test/golden/golden-run.js || status=$?
    ;;
  all)
    run_all 3 $files
    run_all 1 $machines
    ;;
  *) run_all 3 $files ;;
esac
[ -z "$repeated" ] || printf '\nrun-tests: failed beside others and passed alone: %s\n' "$(echo $repeated)"
exit "$status"
