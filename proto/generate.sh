#!/bin/sh
# Generates proto/generated/cpe.js and cpe.d.ts from proto/cpe/v1/*.proto.
#
#   proto/generate.sh           writes proto/generated/
#   proto/generate.sh --check   writes nothing; exits 1 when proto/generated/ is not what the .proto files give
#   proto/generate.sh --code DIR FILE   writes the code alone, of the .proto files in another directory, to FILE
#
# Two passes, because the types come out of the comments and the comments are two thirds of the code.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
protos=$root/proto
[ "${1-}" != --code ] || protos=$2

pbjs() {
  "$root/node_modules/.bin/pbjs" -t static-module -w esm --force-number --no-create --no-verify --no-convert \
    --no-delimited --no-typeurl --no-service "$@" -p "$protos" "$protos/cpe/v1/envelope.proto"
}

[ "${1-}" = --code ] || pbjs --dts --out "$work/cpe.js"
pbjs --no-comments --out "$work/cpe.js"

# The runtime comes from our own module, which configures it before the generated code is evaluated.
sed -i "s#^import \\\$protobuf from .*#import { protobuf as \$protobuf } from '../protobuf-runtime.js';#" "$work/cpe.js"
grep -q '^import { protobuf as \$protobuf }' "$work/cpe.js"

if [ "${1-}" = --code ]; then
  cp "$work/cpe.js" "$3"
  exit
fi
sed -i '/^import Long = require/d' "$work/cpe.d.ts"

if [ "${1-}" = --check ]; then
  for file in cpe.js cpe.d.ts; do
    if ! cmp -s "$work/$file" "$root/proto/generated/$file"; then
      echo "proto/generated/$file does not match proto/cpe/v1/*.proto: run proto/generate.sh" >&2
      exit 1
    fi
  done
else
  mkdir -p "$root/proto/generated"
  cp "$work/cpe.js" "$work/cpe.d.ts" "$root/proto/generated/"
fi
