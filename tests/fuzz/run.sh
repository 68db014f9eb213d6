#!/bin/sh
# run.sh FUZZER CORPUS SCRATCH [SECONDS] - the seeds, then a few seconds of new inputs, which go to SCRATCH and not into the sources.
set -eu
mkdir -p "$3"
words=$(dirname "$2")/../dict/$(basename "$2").dict # of those that have one
[ -f "$words" ] && set -- "$1" "$2" "$3" "${4:-5}" -dict="$words"
exec "$1" ${5:+"$5"} -max_total_time="${4:-5}" -timeout=5 -verbosity=0 -artifact_prefix="$3/../crash-" "$3" "$2"
