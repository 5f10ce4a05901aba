# Sourced by quickstart.sh and test.sh: installs what is missing and builds. Needs bash.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${EQUIGEN_BUILD:-$root/build}

say() { printf '\n== %s\n' "$*"; }

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }
is_offered() { [ -n "$(apt-cache show "$1" 2>/dev/null)" ]; }

# A line "a | b" of the list is one package under the names of different Debian releases.
missing_packages() {
  local first second
  grep -vE '^(#|$)' "$root/scripts/packages.txt" | while IFS=' |' read -r first second; do
    if is_installed "$first" || { [ -n "$second" ] && is_installed "$second"; }; then continue; fi
    if [ -n "$second" ] && is_offered "$second" && ! is_offered "$first"; then first=$second; fi
    printf '%s ' "$first"
  done
}

install_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system. Install the equivalents of scripts/packages.txt, then build with CMake:" >&2
    echo "  cmake --preset release && cmake --build --preset release" >&2
    exit 1
  fi
  missing=$(missing_packages)
  [ -z "$missing" ] && return 0
  local run_as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "These packages are missing, and neither root nor sudo is at hand to install them:" >&2
      echo "  apt-get install $missing" >&2
      exit 1
    fi
    run_as_root=(sudo)
  fi
  "${run_as_root[@]}" apt-get update -qq
  missing=$(missing_packages)  # names may depend on what the release offers
  say "Installing packages: $missing"
  # shellcheck disable=SC2086  # a list of words
  "${run_as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# build_equigen TARGET...: configures and builds the named targets (all of them when none is named).
build_equigen() {
  say "Building in $build"
  local log
  log=$(mktemp)
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1 ||
    { cat "$log" >&2; rm -f "$log"; exit 1; }
  rm -f "$log"
  if [ $# -eq 0 ]; then cmake --build "$build"; else cmake --build "$build" --target "$@"; fi
}
