#!/bin/sh
# Builds for release (with the clock of tests, which the daemon's benchmark needs) and runs every
# benchmark in turn. Prints; judges nothing. Everything it writes lies in build/.
set -eu
cd "$(dirname "$0")/../.."
packages_sh=tests/packages.sh
. tests/packages.sh
install_packages build test
PATH=/usr/bin:/bin:/usr/sbin:/sbin
build=$PWD/build/bench
mkdir -p "$PWD/build/tmp"
export PATH TMPDIR="$PWD/build/tmp" LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
[ -f "$build/build.ninja" ] ||
    meson setup "$build" --buildtype=release -Dtest_clock=true >"$build.setup.log"
ninja -C "$build" --quiet
ninja -C "$build" --quiet tests/bench/bench_commits tests/bench/bench_notices tests/bench/feed_server

echo "== feeds for each second of CPU, against nginx"
python3 tests/bench/feed.py "$build"
echo
echo "== commits a second"
"$build/tests/bench/bench_commits" "$PWD/build/tmp"
echo
echo "== 100,000 notices due at once, against a bare loop of curl"
"$build/tests/bench/bench_notices" "$PWD/build/tmp"
echo
echo "== the daemon: the sample week, a start with 2,500 patients, memory"
python3 tests/bench/daemon.py "$build"
for more in tests/bench/planner.py; do
    [ -f "$more" ] || continue
    echo
    echo "== the planner, against other solvers"
    python3 "$more" "$build/tests/planner/plan_file"
done
