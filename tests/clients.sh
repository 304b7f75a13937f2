#!/bin/sh
# Calendar programs that are too heavy for tests/run.sh, beside those that are not: Thunderbird without
# a screen and Evolution's calendar engine, through the story of tests/scenario/clients.py. Takes two
# minutes. The last line is "N passed, N failed". Everything it writes lies in build/.
#   sh tests/clients.sh [CLIENT...]    of khal, calcurse, evolution, thunderbird; all
set -u
cd "$(dirname "$0")/.." || exit 1
packages_sh=tests/packages.sh
. tests/packages.sh
install_packages build test clients || exit 1

build=$PWD/build
mkdir -p "$build/home" "$build/tmp" "$build/logs"
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH LANG=C.UTF-8 HOME="$build/home" TMPDIR="$build/tmp" PYTHONDONTWRITEBYTECODE=1
[ -f "$build/gcc/build.ninja" ] ||
    CC=gcc meson setup "$build/gcc" -Dwerror=true -Dtests=enabled -Dtest_clock=true >"$build/gcc.setup.log" ||
    exit 1
ninja -C "$build/gcc" --quiet || exit 1

passed=0
failed=0
for client in ${*:-khal calcurse evolution thunderbird}; do
    printf '\n== %s\n' "$client"
    log=$build/logs/client-$client.log
    CLIENTS=$client BUILD=$build/gcc python3 tests/scenario/clients.py </dev/null >"$log" 2>&1
    cat "$log"
    set -- $(python3 tests/tally.py tap "$log")
    passed=$((passed + ${1:-0}))
    failed=$((failed + ${2:-1}))
done
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
