#!/bin/sh
# Builds OUTDIR/cpe-scheduler. Needs gcc, pkg-config and pacemaker-dev (2.1.5) with its dependencies.
set -eu

if [ $# -ne 1 ]; then
  echo "usage: $0 OUTDIR" >&2
  exit 64
fi
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
packages='libpacemaker pacemaker-pe_status pacemaker-cib libqb libxml-2.0 glib-2.0'

for tool in gcc pkg-config; do
  command -v "$tool" >/dev/null || { echo "$0: $tool is missing (apt-get install gcc pkg-config)" >&2; exit 69; }
done
# shellcheck disable=SC2086 # a list of words
pkg-config --exists $packages || { echo "$0: Pacemaker's headers are missing (apt-get install pacemaker-dev)" >&2; exit 69; }

# Their headers are not ours to keep free of warnings.
# shellcheck disable=SC2046,SC2086
set -- $(pkg-config --cflags $packages | sed 's/-I/-isystem /g')
# The new binary replaces the old one at once: a running child keeps the one it has.
# shellcheck disable=SC2046,SC2086
gcc -std=gnu11 -O2 -g -Wall -Wextra -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong "$@" \
  -o "$out/cpe-scheduler.new" "$source"/*.c \
  -Wl,-z,relro,-z,now -Wl,--export-dynamic-symbol=regcomp,--export-dynamic-symbol=regexec,--export-dynamic-symbol=regfree \
  $(pkg-config --libs $packages)
mv "$out/cpe-scheduler.new" "$out/cpe-scheduler"
# The directory holds build products only: it ignores itself.
[ -e "$out/.gitignore" ] || echo '*' >"$out/.gitignore"
