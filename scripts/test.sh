#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests.
#   scripts/test.sh            all tests
#   scripts/test.sh -LE slow   what follows goes to ctest
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install_packages
"$root/scripts/check_layers.sh"
"$root/scripts/check_format.sh"
build_equigen
say "Testing"
ctest --test-dir "$build" --output-on-failure -j "$(nproc)" "$@"
