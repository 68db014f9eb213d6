#!/bin/sh
# coverage.sh COMMAND...: runs a test with counters of its own, under $COUNTERS: one whose program is killed as it writes them spoils no other's.
GCOV_PREFIX=$COUNTERS/$$ exec "$@"
