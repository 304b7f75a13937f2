#!/bin/sh
# Installs the readers from npm (calendars, webhooks) into BUILD/readers; everything npm writes stays in BUILD.
#   sh tests/readers/install.sh BUILD
set -eu
here=$(dirname "$0")
mkdir -p "$1/readers"
cp "$here/package.json" "$here/package-lock.json" "$1/readers/"
npm_config_cache=$(cd "$1" && pwd)/npm-cache
export npm_config_cache
cd "$1/readers"
npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
