#!/usr/bin/env bash
# The whole way of a plugin's author, for all four kinds: install equigen, move the installed tree, `equigen new plugin`,
# configure, build, test, train from its YAML for a few steps, and let `plugins doctor` judge it.
#   run.sh BUILD_FOLDER [KIND...]     kinds: dataset metric model backbone (default: all that this build can have)
set -euo pipefail
build=$(cd "$1" && pwd)
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/equigen-out-of-tree.XXXXXX")
trap 'rm -rf "$work"' EXIT
export XDG_DATA_HOME=$work/data XDG_CACHE_HOME=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}
unset EQUIGEN_PLUGIN_PATH EQUIGEN_CONFIG_PATH

started=$SECONDS
say() { printf '\n== %3d s  %s\n' "$((SECONDS - started))" "$*"; }
fail() { echo "out_of_tree: $*" >&2; exit 1; }

say "install, and move the installed tree"
cmake --install "$build" --prefix "$work/first" >"$work/install.log" || { cat "$work/install.log" >&2; exit 1; }
mv "$work/first" "$work/prefix"
if grep -rlE "$work/first|$build" "$work/prefix" --include='*.cmake' --include='*.h'; then
  fail "the installed files above name the folder they were built or installed in"
fi
equigen=$work/prefix/bin/equigen
kinds=("$@")
if [ ${#kinds[@]} -eq 0 ]; then
  kinds=(dataset metric)
  if [ -n "$(find "$work/prefix" -name 'libequigen_engine.so')" ]; then kinds+=(model backbone); fi
fi

# Precompiled work of the compiler is taken from ccache where there is one.
launcher=()
if command -v ccache >/dev/null; then
  launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1
fi

for kind in "${kinds[@]}"; do
  name=sample_$kind
  say "equigen new plugin $name --kind $kind"
  cd "$work"
  "$equigen" new plugin "$name" --kind "$kind" >"$name.log"
  ! "$equigen" new plugin "$name" --kind "$kind" >/dev/null 2>"$name.again" || fail "a full folder was written into"
  grep -q new-plugin-folder "$name.again" || fail "a full folder has another message: $(cat "$name.again")"
  if grep -rniE 'plugin_?name' "$name"; then fail "a placeholder was left in $name"; fi
  cd "$name"
  cmake --preset default -DCMAKE_PREFIX_PATH="$work/prefix" "${launcher[@]}" >configure.log 2>&1 ||
    { cat configure.log; fail "$name does not configure"; }
  cmake --build --preset default -j2 >build.log 2>&1 || { cat build.log; fail "$name does not build"; }
  ctest --preset default >test.log 2>&1 || { cat test.log; fail "$name fails its tests"; }
  tail -4 test.log | head -1
  "$equigen" config check "experiments/$name.yaml"
  "$equigen" describe "$name" --plugin build/plugins | head -1
  "$equigen" plugins doctor --plugin build/plugins >doctor.log || { cat doctor.log; fail "doctor rejects $name"; }
  say "equigen train experiments/$name.yaml"
  steps=(trainer.max_steps=4 trainer.max_time= sampling.count=4 threads=2 device=cpu)
  [ "$kind" = model ] || [ "$kind" = backbone ] || steps+=(model.sde.node.num_scales=4 model.sde.adjacency.num_scales=4)
  "$equigen" --quiet train "experiments/$name.yaml" "${steps[@]}" >train.log 2>&1 ||
    { cat train.log; fail "$name does not train"; }
  test -s "runs/$name/latest/report/report.html" || { cat train.log; fail "the run of $name has no report"; }
done

say "install the plugins beside equigen, and find them there"
for kind in "${kinds[@]}"; do
  cmake --install "$work/sample_$kind/build" --prefix "$work/prefix" >/dev/null
done
cd "$work"
for kind in "${kinds[@]}"; do
  "$equigen" list "$kind" | grep -q "sample_$kind" || fail "the installed sample_$kind is not listed"
  ! "$equigen" new plugin "sample_$kind" --kind "$kind" -o "again_$kind" >/dev/null 2>taken ||
    fail "the name of an installed plugin was given away"
  grep -q 'there is a .* already' taken || fail "a taken name has another message: $(cat taken)"
done
"$equigen" plugins doctor
say "done: ${kinds[*]}"
