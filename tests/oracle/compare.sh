#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs random scripts on real Go and on ctxlab-cli, and says where they differ.
#   tests/oracle/compare.sh CTXLAB_CLI [FIRST_SEED [SCRIPTS]]
set -eu
cli=$(realpath "${1:?usage: compare.sh CTXLAB_CLI [FIRST_SEED [SCRIPTS]]}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$(dirname "$0")"
go build -o "$work/oracle" .
"$work/oracle" -random "${2:-1}" -scripts "${3:-1000}" > "$work/scripts"
"$work/oracle" "$work/scripts" > "$work/go"
"$cli" oracle "$work/scripts" > "$work/cpp"
if cmp -s "$work/go" "$work/cpp"; then
  echo "${3:-1000} scripts from seed ${2:-1}: the same $(wc -l < "$work/go") lines"
  exit 0
fi
diff "$work/go" "$work/cpp" | head -20
exit 1
