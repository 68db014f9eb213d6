#!/bin/sh
# rows.sh - the catalogue of faults: each row is a name, a tab and a sentence, perhaps a tab and in what its test falls short, once; and each test that bears a row's name bears one that is there.
set -eu
cd "$(dirname "$0")/.."
rows=tests/faults/ROWS.tsv fail=0
bad=$(grep -nvE '^#|^[A-Z]{1,2}[0-9]{1,2}	[^	]+(	[^	]+)?$' "$rows" || true)
[ -z "$bad" ] || { echo "rows: not a name, a tab, a sentence, and perhaps a tab and in what its test falls short: $bad"; fail=1; }
twice=$(grep -v '^#' "$rows" | cut -f 1 | sort | uniq -d)
[ -z "$twice" ] || { echo "rows: twice: $twice"; fail=1; }
for name in $(git grep -hoE 'test_(K?[A-Z][0-9]{1,2}_)+' -- 'tests/*.py' 'tests/*.c' 'tests/*.sh' | sed 's/^test_//' | tr '_' '\n' | sort -u); do
	cut -f 1 "$rows" | grep -qx "$name" || { echo "rows: a test is named after $name, which is no row"; fail=1; }
done
for name in $(awk -F '\t' '$3 ~ /^waits for / { print $1 }' "$rows"); do
	git grep -qE "test_(\w+_)?${name}_" -- 'tests/*.py' 'tests/*.c' 'tests/*.sh' && { echo "rows: $name waits for what is not built, and has a test"; fail=1; }
done
exit $fail
