#!/bin/sh
# Installs what is missing, builds, and serves a made-up Kingsley Ward on http://127.0.0.1:8480
# until Ctrl-C. Everything it writes lies in build/demo and build/.
set -eu
cd "$(dirname "$0")/.."
packages_sh=tests/packages.sh
. tests/packages.sh

install_packages build
PATH=/usr/bin:$PATH
[ -f build/build.ninja ] || meson setup -Dtests=disabled build >build.log 2>&1 || {
    cat build.log >&2
    exit 1
}
rm -f build.log
ninja -C build daemon/wardroundd daemon/wardctl

folder=$PWD/build/demo
port=${1:-8480}
stop() {
    trap - INT TERM EXIT
    build/daemon/wardctl demo stop --dir "$folder" || true
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
build/daemon/wardctl demo start --dir "$folder" --port "$port"
echo
echo "The demo's files are in $folder. Ctrl-C ends it."
while build/daemon/wardctl --socket "$folder/control.sock" --quiet status >/dev/null 2>&1; do
    sleep 2 &
    wait $!
done
echo "The daemon has ended; its log is $folder/wardroundd.log" >&2
exit 1
