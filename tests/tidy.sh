#!/bin/sh
# tidy.sh BUILD FILE... - clang-tidy by .clang-tidy; prints nothing if it finds nothing (its "N warnings generated" are of what is switched off).
set -eu
build=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
clang-tidy --quiet -p "$build" --warnings-as-errors='*' "$@" 2>"$log" && exit 0
grep -v 'warnings\? generated\|^Suppressed\|warnings\? treated as error' "$log" >&2 || true
exit 1
