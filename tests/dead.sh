#!/bin/sh
# dead.sh BUILD - functions that nothing calls: external in one object, and named in the sources (tests too) at their definition alone.
# The compiler reports the static ones.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build} fail=0
needed=$(mktemp)
trap 'rm -f "$needed"' EXIT
find "$build/src" "$build/ui" -name '*.o' -exec nm {} + | awk '$1 == "U" { print $2 }' | sort -u >"$needed"
for name in $(find "$build/src" "$build/ui" -name '*.o' -exec nm {} + | awk '$2 == "T" { print $3 }' | sort -u | comm -23 - "$needed"); do
	[ "$(git grep -hw "$name" -- '*.c' '*.def' | wc -l)" -gt 1 ] || { echo "dead: $name is called by nothing"; fail=1; }
done
exit $fail
