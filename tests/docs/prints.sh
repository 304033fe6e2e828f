#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a program and compares what it prints with a file. An empty file: it has to succeed, whatever it prints.
#   prints.sh EXPECTED PROGRAM [ARGUMENT...]
set -eu
expected=$1
shift
said=$("$@")
[ -s "$expected" ] || exit 0
printf '%s\n' "$said" | diff -u "$expected" -
