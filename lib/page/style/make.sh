#!/bin/sh
# Makes the style sheet anew: make.sh OUT FOLDER TEMPLATE...
# What npm writes lies in FOLDER. Copy the outcome over page.css to commit it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
shift 2
cp "$here/package.json" "$here/package-lock.json" "$folder/"
(cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error --cache "$folder/npm-cache" >&2)
node "$here/build.mjs" "$folder/node_modules" "$out" "$@"
