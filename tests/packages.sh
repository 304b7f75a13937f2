# Installs what is missing of tests/packages.txt. Sourced: `install_packages build` or `build test`.
# Needs root or sudo only when something is missing.

listed_packages() {
    awk -v wanted=" $* " '
        /^# [a-z]+:/ { part = substr($2, 1, length($2) - 1); next }
        /^#/ || NF == 0 { next }
        index(wanted, " " part " ") { print $1 }' "$(dirname "$packages_sh")/packages.txt"
}

install_packages() {
    missing=
    for package in $(listed_packages "$@"); do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' && continue
        # Node's own packages bring npm along, and Debian's can't be put beside them.
        [ "$package" = npm ] && command -v npm >/dev/null && continue
        missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            echo "Missing packages, and neither root nor sudo:$missing" >&2
            return 1
        }
        as_root=sudo
    fi
    echo "Installing:$missing" >&2
    $as_root apt-get -qq update >&2 &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq install -y --no-install-recommends $missing >&2
}
