#!/bin/sh
# Installs what is missing, builds with gcc, with clang's address and undefined sanitizers and with
# its thread sanitizer, and runs every test. The last line is "N passed, N failed".
# Everything it writes lies in build/; the logs in build/logs.
#   sh tests/run.sh [WORD...]    only the steps whose names hold one of the words, and the builds
set -u
cd "$(dirname "$0")/.." || exit 1
packages_sh=tests/packages.sh
. tests/packages.sh
install_packages build test || exit 1

root=$PWD
build=$root/build
mkdir -p "$build/logs" "$build/home" "$build/tmp"
rm -rf "$build/tmp"/* "$build/logs"/*

# Debian's tools and their modules before any other; nothing of the caller's comes in.
PATH=/usr/bin:/bin:/usr/sbin:/sbin
clean_environment() {
    env -i PATH="$PATH" HOME="$build/home" TMPDIR="$build/tmp" LANG=C.UTF-8 \
        XDG_CACHE_HOME="$build/home/cache" npm_config_cache="$build/npm-cache" \
        npm_config_update_notifier=false PYTHONDONTWRITEBYTECODE=1 \
        ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1 \
        UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
        TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1 \
        "$@"
}

passed=0
failed=0
skipped=0
began=$(date +%s)

add() {
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + $3))
}

# begin NAME COMMAND...: in the background, into build/logs/NAME.log. Sets $work, $log.
begin() {
    log=$build/logs/$1.log
    shift
    clean_environment "$@" </dev/null >"$log" 2>&1 &
    work=$!
}

# logged NAME COMMAND...: the same, waited for, with a sign of life each 15 seconds.
logged() {
    name=$1
    started=$(date +%s)
    printf '%s ...\n' "$name"
    begin "$@"
    waited=0
    while kill -0 "$work" 2>/dev/null; do
        sleep 0.2
        waited=$((waited + 1))
        if [ "$waited" = 75 ]; then
            waited=0
            printf '  %4d s: %s\n' "$(($(date +%s) - started))" "$(tail -n 1 "$log" | tail -c 100)"
        fi
    done
    wait "$work"
    outcome=$?
    took=$(($(date +%s) - started))
    return "$outcome"
}

# The end of a log that explains a failure.
show_log() {
    tail -n "${1:-40}" "$log" | sed 's/^/  | /'
    printf '  (all of it: %s)\n' "$log"
}

wanted=$*
is_wanted() {
    [ -z "$wanted" ] && return 0
    for word in $wanted; do
        case $1 in *"$word"*) return 0 ;; esac
    done
    return 1
}

# check NAME COMMAND...: one test, which passes when the command does.
check() {
    is_wanted "$1" || return 0
    if logged "$@"; then
        printf '  passed in %d s\n' "$took"
        add 1 0 0
    else
        printf '  FAILED (%d) after %d s\n' "$outcome" "$took"
        show_log
        add 0 1 0
    fi
}

counted() {
    # The count is asked for even when the program failed: its subtests say more.
    counts=$(python3 tests/tally.py "$1" "$2")
    [ -n "$counts" ] || counts="0 1 0"
    set -- $counts
    if [ "$outcome" != 0 ] && [ "$2" = 0 ]; then
        printf '  FAILED (%d)\n' "$outcome"
        set -- "$1" 1 "$3"
    fi
    printf '  %d passed, %d failed, %d skipped in %d s\n' "$1" "$2" "$3" "$took"
    [ "$2" = 0 ] || show_log 80
    add "$1" "$2" "$3"
}

# tap NAME COMMAND...: a program that prints TAP.
tap() {
    is_wanted "$1" || return 0
    logged "$@"
    counted tap "$log"
}

# meson_tests NAME FOLDER ARGUMENT...: the tests of a build.
meson_tests() {
    is_wanted "$1" || return 0
    name=$1
    folder=$2
    shift 2
    rm -f "$folder/meson-logs/testlog.json" "$folder/meson-logs/testlog.junit.xml"
    logged "$name" ${prefix-} meson test -C "$folder" --no-rebuild --num-processes 2 --print-errorlogs "$@"
    counted meson "$folder"
}

# make NAME FOLDER CC OPTION...: sets up and compiles (of its targets those in `only`); a failure is
# one failed test.
make() {
    made=$1
    folder=$2
    compiler=$3
    shift 3
    [ -f "$folder/build.ninja" ] || rm -rf "$folder"
    if [ ! -d "$folder" ] &&
        ! logged "$made-setup" env CC="$compiler" meson setup "$folder" -Dwerror=true -Dtests=enabled "$@"; then
        rm -rf "$folder"
        show_log
        add 0 1 0
        return 1
    fi
    if logged "$made" ninja -k 0 -C "$folder" ${only-}; then
        printf '  built in %d s\n' "$took"
        return 0
    fi
    grep -E '(error:|warning:|undefined reference|multiple definition)' "$log" | head -n 40
    show_log 5
    add 0 1 0
    return 1
}

# ---- builds ----

sanitizers='-Db_lundef=false -Db_pie=false -Doptimization=1'
make build-gcc "$build/gcc" gcc -Dtest_clock=true && have_gcc=1
make build-asan "$build/asan" clang -Dtest_clock=true -Db_sanitize=address,undefined $sanitizers &&
    have_asan=1
make build-tsan "$build/tsan" clang -Dtest_clock=true -Db_sanitize=thread $sanitizers && have_tsan=1

# Fuzz targets have a build of their own: what they watch makes everything slower.
fuzzed='answer calendar config csv form json query request'
is_wanted fuzz && for target in $fuzzed; do
    fuzz_programs="${fuzz_programs-} tests/fuzz/fuzz_$target"
done
if [ -n "${fuzz_programs-}" ]; then
    only=$fuzz_programs
    make build-fuzz "$build/fuzz" clang -Dtest_clock=true -Dfuzz=true \
        -Db_sanitize=address,undefined $sanitizers && have_fuzz=1
    only=
fi

# ---- readers from npm: beside each build that judges with them ----

if [ -n "${have_gcc-}" ] && is_wanted readers; then
    if [ ! -d "$build/gcc/readers/node_modules" ]; then
        check readers-install sh tests/readers/install.sh "$build/gcc"
    fi
    for other in asan tsan; do
        [ ! -d "$build/$other" ] || [ -e "$build/$other/readers" ] ||
            ln -s ../gcc/readers "$build/$other/readers"
    done
fi

# ---- a browser's driver and its judges from npm ----

if [ -n "${have_gcc-}" ]; then
    check browser-install sh tests/browser/install.sh "$build/gcc"
fi

# ---- what stands beside the code ----

tap arrows python3 tests/arrows.py
tap papers python3 tests/papers.py
if [ -n "${have_gcc-}" ]; then
    tap installed sh tests/installed.sh "$build/gcc" "$build/installed"
fi

# ---- unit tests, wardctl, readers ----

[ -z "${have_gcc-}" ] || meson_tests gcc "$build/gcc"
[ -z "${have_asan-}" ] || meson_tests asan "$build/asan" --timeout-multiplier 4
# Without address randomisation, which this clang's thread sanitizer can't always live with.
fixed=
setarch -R true 2>/dev/null && fixed='setarch -R'
prefix=$fixed
[ -z "${have_tsan-}" ] || meson_tests tsan "$build/tsan" --timeout-multiplier 8 \
    --suite unit
prefix=

# ---- the planner against other solvers, on sixty seeded wards: two runs side by side ----

sixty_wards() {
    check oracle sh -c '
        python3 tests/planner/oracle.py "$1" 30 31 20 >"$2" 2>&1 & half=$!
        python3 tests/planner/oracle.py "$1" 30 1 20; one=$?
        wait "$half"; other=$?
        cat "$2"
        [ "$one" = 0 ] && [ "$other" = 0 ]' - "$build/gcc/tests/planner/plan_file" "$build/tmp/half"
}
[ -z "${have_gcc-}" ] || sixty_wards

# ---- fuzzing: what is read from outside, half a minute each, two side by side ----

[ -z "${have_fuzz-}" ] || tap fuzz sh tests/fuzz/run.sh "$build/fuzz" 30 $fuzzed

# ---- scenarios: the real daemon, from outside ----

# scenario_of KIND [PREFIX...]: the command of $scenario against a build.
scenario_of() {
    kind=$1
    shift
    begin "scenario-$story-$kind" env BUILD="$build/$kind" READERS="$build/gcc/readers" "$@" \
        python3 "$scenario"
}

# A story mostly waits for its daemon: that of gcc and that of the sanitizers go side by side.
for scenario in tests/scenario/*.py; do
    [ -x "$scenario" ] || continue
    story=$(basename "$scenario" .py)
    is_wanted "scenario-$story" || continue
    kinds='gcc asan'
    case $story in
    described | desk) kinds='gcc asan tsan' ;;
    esac
    started=$(date +%s)
    printf 'scenario-%s: %s ...\n' "$story" "$kinds"
    works=
    for kind in $kinds; do
        [ -x "$build/$kind/daemon/wardroundd" ] || continue
        [ "$kind" = tsan ] && prefix=$fixed || prefix=
        scenario_of "$kind" $prefix
        works="$works $kind:$work"
    done
    for one in $works; do
        kind=${one%%:*}
        wait "${one#*:}"
        outcome=$?
        took=$(($(date +%s) - started))
        printf '  %s' "$kind"
        log=$build/logs/scenario-$story-$kind.log
        counted tap "$log"
    done
done
prefix=

# ---- the sum ----

took=$(($(date +%s) - began))
printf '\n%d skipped; %d minutes %d seconds\n' "$skipped" $((took / 60)) $((took % 60))
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
