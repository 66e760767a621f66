#!/bin/sh
# Builds dist/ and .native/. Quick when nothing changed.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p .native
coordinator/scheduler/native/build.sh .native
launcher/native/build.sh .native
agent/native/build.sh .native
# It would not write again what somebody has removed.
[ -e dist/tools/cpectl/main.js ] || rm -f .build/tsc.tsbuildinfo
node_modules/.bin/tsc --incremental --tsBuildInfoFile .build/tsc.tsbuildinfo
# What was compiled from a source that is gone would still be run as a test.
find dist -name '*.js' ! -path 'dist/proto/generated/*' | while read -r file; do
  source=${file#dist/}
  [ -e "${source%.js}.ts" ] || rm -f "$file" "$file.map" "${file%.js}.d.ts"
done
mkdir -p dist/proto/generated
cp proto/generated/cpe.js dist/proto/generated/
chmod +x dist/tools/cpectl/main.js
bundle=dist/agent/cpe-agent.mjs
if [ ! -e "$bundle" ] || [ -n "$(find agent proto package-lock.json tools/setup -newer "$bundle" -print -quit)" ]; then
  node dist/tools/setup/bundle-agent.js
fi
# `npx cpectl` finds the command of this checkout through node_modules/.bin.
ln -sf ../../dist/tools/cpectl/main.js node_modules/.bin/cpectl
