#!/bin/sh
# SPDX-License-Identifier: MIT
# A program that misuses the library must not compile, and the compiler must say what its second line promises.
#   misuse.sh CXX INCLUDE_DIR FILE.cpp
set -eu
wanted=$(sed -n '2s,^// refused: ,,p' "$3")
[ -n "$wanted" ] || { echo "$3: its second line does not say what is refused" >&2; exit 2; }
if said=$("$1" -std=c++20 -Wall -Werror -fsyntax-only -I"$2" "$3" 2>&1); then
  echo "$3 compiles" >&2
  exit 1
fi
case $said in
  *"$wanted"*) ;;
  *) printf '%s\nis refused without the words: %s\n' "$said" "$wanted" >&2; exit 1 ;;
esac
