#!/bin/sh
# Builds the native part of the drivers whose instances are processes: build.sh OUTDIR writes OUTDIR/cpe-instance-init.
# Does nothing when that is newer than its source; replaces a binary that is in use by renaming, so that running instances keep theirs.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
source_dir=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
[ ! "$1/cpe-instance-init" -nt "$source_dir/instance-init.c" ] || exit 0
fresh="$1/cpe-instance-init.$$"
trap 'rm -f "$fresh"' EXIT
"${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -Werror -o "$fresh" "$source_dir/instance-init.c"
mv "$fresh" "$1/cpe-instance-init"
