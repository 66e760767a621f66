#!/bin/sh
# Builds the agent's native parts: build.sh OUTDIR writes OUTDIR/cpe-spawner and OUTDIR/cpe-boot.
# Does nothing for what is newer than its source; replaces it by renaming.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
source_dir=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
fresh="$1/agent-native.$$"
trap 'rm -f "$fresh"' EXIT
build() {
  program=$1 source="$source_dir/$2"
  shift 2
  [ ! "$program" -nt "$source" ] || return 0
  "${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -Werror -s "$@" -o "$fresh" "$source"
  mv "$fresh" "$program"
}
build "$1/cpe-spawner" spawner.c
# Static: it runs in guests with whatever libc.
build "$1/cpe-boot" boot.c -static
