#!/bin/sh
# What takes too long for tests/run.sh: each fuzz target for a while, a thousand seeded wards against
# other solvers, the style sheet made anew, the scenarios again and again. The last line is "N passed, N failed".
#   sh tests/long.sh [SECONDS]    for each fuzz target; 300
# What a fuzz target finds lies in build/fuzz/found. Everything it writes lies in build/.
set -u
cd "$(dirname "$0")/.." || exit 1
packages_sh=tests/packages.sh
. tests/packages.sh
install_packages build test || exit 1

seconds=${1:-300}
root=$PWD
build=$root/build
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH LANG=C.UTF-8 HOME="$build/home" TMPDIR="$build/tmp" PYTHONDONTWRITEBYTECODE=1
mkdir -p "$HOME" "$TMPDIR"

passed=0
failed=0
# try NAME COMMAND...
try() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    if "$@" </dev/null; then
        passed=$((passed + 1))
    else
        echo "FAILED: $name"
        failed=$((failed + 1))
    fi
}

set_up() {
    path=$1
    compiler=$2
    shift 2
    [ -f "$path/build.ninja" ] || CC=$compiler meson setup "$path" "$@" >"$path.setup.log" || return 1
    ninja -C "$path" --quiet
}
mkdir -p "$build"
set_up "$build/fuzz" clang -Dfuzz=true -Dtest_clock=true -Db_lundef=false -Db_pie=false \
    -Doptimization=1 -Db_sanitize=address,undefined || exit 1
set_up "$build/gcc" gcc -Dtest_clock=true -Dwerror=true || exit 1

# ---- fuzzing: from the test data on ----

try "fuzz targets, $seconds s each" sh tests/fuzz/run.sh "$build/fuzz" "$seconds"

# ---- the planner against other solvers ----

solve() {
    python3 tests/planner/oracle.py "$build/gcc/tests/planner/plan_file" 500 "$1" 120
}
halves() {
    solve 501 >"$build/oracle.second" 2>&1 &
    second=$!
    solve 1
    first=$?
    wait "$second"
    outcome=$?
    cat "$build/oracle.second"
    [ "$first" = 0 ] && [ "$outcome" = 0 ]
}
try "a thousand seeded wards" halves

# ---- the style sheet as committed is the one that npm makes ----

style() {
    sh lib/page/style/make.sh "$build/tmp/page.css" "$build/style" lib/page/templates/*.html &&
        cmp "$build/tmp/page.css" lib/page/style/page.css
}
try "the style sheet, made anew" style

# ---- the scenarios, ten times each ----

for scenario in tests/scenario/*.py; do
    [ -x "$scenario" ] || continue
    for round in 1 2 3 4 5 6 7 8 9 10; do
        try "$(basename "$scenario" .py), round $round" env BUILD="$build/gcc" \
            READERS="$build/gcc/readers" LONG=1 python3 "$scenario"
    done
done

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
