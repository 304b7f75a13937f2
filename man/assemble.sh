#!/bin/sh
# assemble.sh WARDCTL SCDOC PAGE.scd: the page on stdout, with @VERBS@ replaced by wardctl's verbs.
set -eu
whole=$(mktemp)
trap 'rm -f "$whole"' EXIT
while IFS= read -r line; do
	case $line in
	@VERBS@) "$1" manual ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$3" >"$whole"
"$2" <"$whole"
