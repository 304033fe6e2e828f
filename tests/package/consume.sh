#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds and runs consumer.cpp as the author of another program would.
#   consume.sh find_package|pkg_config|add_subdirectory SOURCE BUILD WORK CXX
set -eu
way=$1 source=$2 build=$3 work=$4 cxx=$5
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$work"
mkdir -p "$work"

# Nothing but a compiler may be needed: the laboratory's packages are not to be found.
configure() {
  cmake -S "$here/$way" -B "$work/build" -G Ninja -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_DISABLE_FIND_PACKAGE_Qt6=ON -DCMAKE_DISABLE_FIND_PACKAGE_httplib=ON \
    -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON --no-warn-unused-cli "$@" > "$work/log"
  cmake --build "$work/build" >> "$work/log" || { cat "$work/log"; exit 1; }
  "$work/build/consumer"
}

case $way in
  add_subdirectory)
    launcher=$(command -v ccache || true)
    configure -DCTX_SOURCE="$source" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" ;;
  find_package)
    cmake --install "$build" --component ctx --prefix "$work/prefix" > "$work/log"
    configure -DCMAKE_PREFIX_PATH="$work/prefix" ;;
  pkg_config)
    cmake --install "$build" --component ctx --prefix "$work/prefix" > "$work/log"
    PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name ctx.pc)")
    export PKG_CONFIG_PATH
    # shellcheck disable=SC2046
    "$cxx" -std=c++20 "$here/consumer.cpp" -o "$work/consumer" $(pkg-config --cflags --libs ctx)
    "$work/consumer" ;;
  *) echo "consume.sh: unknown way $way" >&2; exit 2 ;;
esac
