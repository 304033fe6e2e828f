#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the Go program of a document's section and compares what it prints with the output that stands there.
#   prints_go.sh SNIPPETS_AWK DOCUMENT SECTION
set -eu
command -v go > /dev/null || { echo "skipped: go is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  echo 'package main'
  echo 'import ("context"; "errors"; "fmt"; "time")'
  echo 'var _, _, _, _ = context.Canceled, errors.New, fmt.Sprint, time.Now'
  awk -v lang=go -v section="$3" -v file="$(basename "$2")" -f "$1" "$2"
} > "$work/main.go"
awk -v lang=text -v section="$3" -f "$1" "$2" > "$work/expected"
cd "$work"
GOFLAGS=-mod=mod GO111MODULE=off go run main.go > said
diff -u expected said
