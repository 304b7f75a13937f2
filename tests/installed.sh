#!/bin/sh
# What `meson install` puts where, and whether the programs that read it can: installed.sh BUILD
# FOLDER. Prints TAP.
set -u
build=$1
folder=$2
work=$folder.work
count=0
bad=0

point() {
    name=$1
    shift
    count=$((count + 1))
    said=$("$@" 2>&1)
    if [ $? = 0 ]; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        printf '%s\n' "$said" | sed 's/^/# /'
        bad=$((bad + 1))
    fi
}

# silent COMMAND...: done, and with nothing to say.
silent() {
    words=$("$@" 2>&1) && [ -z "$words" ] && return 0
    printf '%s\n' "$words" | head -n 40
    return 1
}

rm -rf "$folder" "$work"
mkdir -p "$folder" "$work"
if ! meson install -C "$build" --no-rebuild --destdir "$folder" >"$work/install.log" 2>&1; then
    tail -n 5 "$work/install.log"
    echo "Bail out! meson install fails (see $work/install.log)"
    exit 1
fi
prefix=$(find "$folder" -path '*/bin/wardctl')
prefix=${prefix%/bin/wardctl}
[ -n "$prefix" ] || {
    echo "Bail out! wardctl is not installed (see $work/install.log)"
    exit 1
}

for file in sbin/wardroundd bin/wardctl share/man/man1/wardctl.1 share/man/man8/wardroundd.8 \
    share/man/man5/wardround.conf.5 share/bash-completion/completions/wardctl \
    share/zsh/site-functions/_wardctl share/wardround/wardround.conf \
    share/wardround/bank-holidays.ics share/wardround/nginx.conf share/wardround/Caddyfile \
    share/wardround/demo/wardround.conf share/wardround/demo/patients.csv \
    lib/systemd/system/wardround.service lib/systemd/system/wardround.socket \
    lib/sysusers.d/wardround.conf lib/tmpfiles.d/wardround.conf; do
    point "$file is installed" test -s "$prefix/$file"
done
nothing_else() {
    found=$(cd "$prefix" && find . -type f | grep -v -e '^./sbin/wardroundd$' -e '^./bin/wardctl$' \
        -e '^./share/man/' -e '^./share/bash-completion/' -e '^./share/zsh/' \
        -e '^./share/wardround/' -e '^./lib/systemd/system/' -e '^./lib/sysusers.d/' \
        -e '^./lib/tmpfiles.d/')
    [ -z "$found" ] || { echo "$found"; return 1; }
}
point "and nothing that nobody asked for" nothing_else

# ---- pages of the manual, completions ----

# What scdoc writes has empty paragraphs, which mean nothing.
page_lint() {
    mandoc -T lint -W warning "$1" 2>&1 | grep -v 'skipping paragraph macro' | head -n 20
}

for page in man1/wardctl.1 man8/wardroundd.8 man5/wardround.conf.5; do
    point "$page is a clean page" silent page_lint "$prefix/share/man/$page"
done
point "bash reads the completion" \
    silent bash -n "$prefix/share/bash-completion/completions/wardctl"
point "zsh reads the completion" silent zsh -n "$prefix/share/zsh/site-functions/_wardctl"

# ---- units: judged where they are, with the commands where they are ----

for unit in wardround.service wardround.socket; do
    sed -e "s,=${prefix#"$folder"}/,=$prefix/," "$prefix/lib/systemd/system/$unit" >"$work/$unit"
done
point "systemd has nothing to say about the units" \
    silent systemd-analyze verify --man=no "$work/wardround.service" "$work/wardround.socket"
point "their exposure is 1.5 or less" \
    systemd-analyze security --offline=true --threshold=15 --no-pager "$work/wardround.service"
point "the user is described well" \
    systemd-sysusers --dry-run "$prefix/lib/sysusers.d/wardround.conf"
point "the folders are described well" \
    sh -c 'mkdir -p "$2/etc" && grep "^root:" /etc/passwd >"$2/etc/passwd" &&
        echo "wardround:x:990:990::/:/bin/false" >>"$2/etc/passwd" &&
        printf "root:x:0:\nwardround:x:990:\n" >"$2/etc/group" &&
        systemd-tmpfiles --create --root="$2" "$1" && test -d "$2/var/lib/wardround"' \
    - "$prefix/lib/tmpfiles.d/wardround.conf" "$work/root"

# ---- configurations: ours, and the proxies' ----

point "the sample configuration is right" \
    "$prefix/bin/wardctl" config check "$prefix/share/wardround/wardround.conf"

nginx_reads() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=times.example.org \
        -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null || return 1
    sed -e "s,/etc/letsencrypt/live/times.example.org/fullchain.pem,$work/certificate.pem," \
        -e "s,/etc/letsencrypt/live/times.example.org/privkey.pem,$work/key.pem," \
        -e "s,/var/log/nginx,$work,; s,\(listen.*:\|listen \)\(80\|443\),\118\2," \
        "$prefix/share/wardround/nginx.conf" >"$work/site.conf"
    printf 'pid %s/nginx.pid;\nerror_log %s/nginx.log;\nevents { }\nhttp {\n' "$work" "$work" \
        >"$work/nginx.conf"
    for part in body proxy fastcgi uwsgi scgi; do
        case $part in body) what=client_body ;; *) what=$part ;; esac
        printf '%s_temp_path %s/%s;\n' "$what" "$work" "$part" >>"$work/nginx.conf"
    done
    printf 'include %s/site.conf;\n}\n' "$work" >>"$work/nginx.conf"
    nginx -t -q -e "$work/nginx.log" -c "$work/nginx.conf"
}
point "nginx reads its sample" silent nginx_reads
if command -v caddy >/dev/null; then
    point "Caddy reads its sample" sh -c \
        'caddy validate --adapter caddyfile --config "$1/share/wardround/Caddyfile"' - "$prefix"
else
    count=$((count + 1))
    echo "ok $count - Caddy reads its sample # SKIP caddy is not installed"
fi

echo "1..$count"
[ "$bad" = 0 ]
