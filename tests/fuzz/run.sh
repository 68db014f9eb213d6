#!/bin/sh
# run.sh FUZZER CORPUS SCRATCH SECONDS [OPTION] - the seeds, then some seconds of new inputs, which go to SCRATCH and not into the sources.
# Little of what is freed is kept back (2 MB are a thousand inputs), and no names of functions are looked up: that is what short runs would spend their time on.
# A failure is exit 1: its own 77 would be a skip.
set -eu
fuzzer=$1 corpus=$2 scratch=$3 seconds=$4 words=$(dirname "$2")/../dict/$(basename "$2").dict
shift 4
mkdir -p "$scratch"
[ ! -f "$words" ] || set -- "$@" -dict="$words"
export ASAN_OPTIONS="quarantine_size_mb=2:malloc_context_size=8${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
rm -rf "$scratch"/*
exec "$fuzzer" "$@" -max_total_time="$seconds" -timeout=5 -error_exitcode=1 -verbosity=0 -print_funcs=0 -entropic=0 -artifact_prefix="$scratch/../crash-" \
	"$scratch" "$corpus"
