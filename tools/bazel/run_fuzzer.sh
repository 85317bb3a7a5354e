#!/bin/sh
# Runs a libFuzzer target: run_fuzzer.sh TARGET [OPTION...] CORPUS...
# What it finds goes to $TEST_UNDECLARED_OUTPUTS_DIR, else to the cache; new
# inputs of interest go to $MSC_CORPUS if that is set.
set -eu
target=$1
shift
found=${TEST_UNDECLARED_OUTPUTS_DIR:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/msc/findings}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
corpus=${MSC_CORPUS:-$scratch/corpus}
mkdir -p "$found" "$corpus"
seeds=$scratch/seeds
mkdir "$seeds"
options=
for argument in "$@"; do
  case "$argument" in
    -*) options="$options $argument" ;;
    *) cp "$argument" "$seeds" ;;
  esac
done
# As .bazelrc has it for tests of sanitizer builds.
export ASAN_OPTIONS="${ASAN_OPTIONS:-allow_user_poisoning=0}"
# A model may ask for more than there is: whoever allocates as much has not
# looked.
TMPDIR=$scratch "$target" -seed=1 -keep_seed=1 -timeout=60 -rss_limit_mb=4096 -malloc_limit_mb=2048 \
  -artifact_prefix="$found/" -print_final_stats=1 -mutate_depth=2 $options "$corpus" "$seeds"
