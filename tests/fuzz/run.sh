#!/bin/sh
# Runs fuzz targets, two side by side, each from its corpus on; prints TAP.
#   sh tests/fuzz/run.sh BUILD SECONDS [TARGET...]    of a build with -Dfuzz=true; all targets
# What is found lies in BUILD/found, what was learnt in BUILD/corpus.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1
seconds=$2
shift 2
if [ $# = 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        name=${source#tests/fuzz/fuzz_}
        set -- "$@" "${name%.c}"
    done
fi
TEST_DATA=$PWD/tests/data
export TEST_DATA

corpora() {
    case $1 in
    answer | calendar | json | query) echo "tests/data/fuzz/$1" ;;
    config) echo tests/data/config/broken tests/data/config/fuzz tests/data/kingsley ;;
    request | form) echo tests/data/requests ;;
    feed) echo tests/data/feed ;;
    instance) echo tests/data/instances ;;
    csv) echo tests/data/kingsley ;;
    tzif) echo /usr/share/zoneinfo/Europe ;;
    *) echo tests/data/requests ;;
    esac
}

one() {
    mkdir -p "$build/corpus/$1" "$build/found"
    "$build/tests/fuzz/fuzz_$1" -max_total_time="$seconds" -print_final_stats=1 -verbosity=1 -timeout=20 \
        -rss_limit_mb=4096 -artifact_prefix="$build/found/$1-" "$build/corpus/$1" $(corpora "$1") \
        >"$build/$1.log" 2>&1
}

number=0
failed=0
told() {
    number=$((number + 1))
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$2.log")
    if [ "$1" = 0 ]; then
        echo "ok $number - $2 takes anything for $seconds s (${runs:-?} inputs)"
    else
        failed=1
        echo "not ok $number - $2 takes anything for $seconds s"
        tail -n 60 "$build/$2.log" | sed 's/^/# /'
    fi
}

echo "1..$#"
while [ $# -gt 0 ]; do
    second=
    if [ $# -gt 1 ]; then
        one "$2" &
        second=$!
    fi
    one "$1"
    told $? "$1"
    if [ -n "$second" ]; then
        wait "$second"
        told $? "$2"
        shift
    fi
    shift
done
exit "$failed"
