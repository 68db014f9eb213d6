#!/bin/sh
# run.sh FUZZER CORPUS SCRATCH [SECONDS] - the seeds, then a few seconds of new inputs, which go to SCRATCH and not into the sources.
set -eu
mkdir -p "$3"
exec "$1" -max_total_time="${4:-5}" -timeout=5 -verbosity=0 -artifact_prefix="$3/../crash-" "$3" "$2"
