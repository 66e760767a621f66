#!/bin/sh
# Builds dist/ and .native/. Quick when nothing changed.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p .native
coordinator/scheduler/native/build.sh .native
launcher/native/build.sh .native
node_modules/.bin/tsc --incremental --tsBuildInfoFile .build/tsc.tsbuildinfo
mkdir -p dist/proto/generated
cp proto/generated/cpe.js dist/proto/generated/
chmod +x dist/tools/cpectl/main.js
# `npx cpectl` finds the command of this checkout through node_modules/.bin.
ln -sf ../../dist/tools/cpectl/main.js node_modules/.bin/cpectl
