#!/bin/sh
# Installs what judges our pages from npm into BUILD/browser; everything npm writes stays in BUILD.
#   sh tests/browser/install.sh BUILD
set -eu
here=$(dirname "$0")
mkdir -p "$1/browser"
[ -d "$1/browser/node_modules" ] && cmp -s "$here/package-lock.json" "$1/browser/package-lock.json" && exit 0
cp "$here/package.json" "$here/package-lock.json" "$1/browser/"
npm_config_cache=$(cd "$1" && pwd)/npm-cache
export npm_config_cache
cd "$1/browser"
npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
