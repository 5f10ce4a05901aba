#!/usr/bin/env bash
# Checks that all C++ files are formatted as .clang-format says; `scripts/check_format.sh --fix` formats them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mode=(--dry-run --Werror)
[ "${1:-}" = --fix ] && mode=(-i)
find framework plugins templates tests -name '*.h' -o -name '*.cpp' | sort | xargs clang-format "${mode[@]}"
echo "format: clean"
