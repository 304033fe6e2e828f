#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the same random scripts on real Go and on ctxlab-cli, and says where they differ, also from what the model of
# tests/random predicts. Exit status 77: there is no Go to ask.
#   tests/oracle/compare.sh CTXLAB_CLI WRITE_SCRIPTS [FIRST_SEED [SCRIPTS]]
set -eu
usage='usage: compare.sh CTXLAB_CLI WRITE_SCRIPTS [FIRST_SEED [SCRIPTS]]'
cli=$(realpath "${1:?$usage}")
write_scripts=$(realpath "${2:?$usage}")
seed=${3:-1}
count=${4:-1000}
if ! command -v go >/dev/null; then
  echo "skipped: go is not installed (1.21 or newer is needed)"
  exit 77
fi
cd "$(dirname "$0")"
# An older Go fetches the version that go.mod asks for; here it shows whether that works.
if ! found=$(go version 2>&1); then
  echo "skipped: $found"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/oracle" .

differ=0
compare() { # NAME A B
  if cmp -s "$work/$2" "$work/$3"; then
    echo "$1: the same $(wc -l < "$work/$2") lines"
  else
    echo "$1: different"
    diff "$work/$2" "$work/$3" | head -20
    differ=1
  fi
}
run() { # SCRIPTS: on both
  "$work/oracle" "$work/$1" > "$work/go"
  "$cli" oracle "$work/$1" > "$work/ctx"
}

"$write_scripts" "$seed" "$count" "$work/wild" "$work/model"
run wild
compare "$count scripts from seed $seed, Go and ctxlab-cli" go ctx
compare "$count scripts from seed $seed, Go and the model" go model
"$work/oracle" -random "$seed" -scripts "$count" > "$work/plain"
run plain
compare "$count scripts of Go's own generator, Go and ctxlab-cli" go ctx
exit $differ
