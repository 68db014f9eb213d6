#!/bin/sh
# long.sh BUILD SECONDS NAME - one fuzzer for a while: its seeds and what earlier runs learnt, then new inputs. Prints a line; where something was
# found, what the sanitizer said and the file with the input, and exits 1.
set -eu
build=$1 seconds=$2 name=$3
learnt=$build/corpus/$name found=$build/found/$name log=$build/found/$name.log
mkdir -p "$learnt" "$found"
status=0 words=tests/fuzz/dict/$name.dict
"$build/tests/fuzz/fuzz_$name" $([ ! -f "$words" ] || echo "-dict=$words") -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 -print_funcs=0 -artifact_prefix="$found/" \
	"$learnt" "tests/fuzz/corpus/$name" "$found" >"$log" 2>&1 || status=$?
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
if [ "$status" = 0 ]; then
	rm -f "$found"/* # what an earlier run had found is no fault any more
	echo "$name: ${runs:-?} runs in $seconds s, ${covered:-?} edges, nothing found"
	exit 0
fi
echo "$name: FOUND after ${runs:-?} runs"
grep -E '^(==|SUMMARY|.*ERROR:)|runtime error|Test unit written|^ +#[0-9]+ .* in ' "$log" | head -n 25
echo "again: $build/tests/fuzz/fuzz_$name FILE"
exit 1
