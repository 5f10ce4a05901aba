#!/usr/bin/env bash
# Checks that a module includes only modules above it, that third-party libraries stay behind their one wrapper, and that
# plugins do not include each other. Prints each offence; exit status 1 if there is any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

modules=(base config plugin graph molecule crystal data download metrics report experiment tensor nn process model train testing cli)
first_engine_module=tensor
offences=0

offend() { echo "layers: $*"; offences=$((offences + 1)); }
rank() { local i; for i in "${!modules[@]}"; do [ "${modules[$i]}" = "$1" ] && echo "$i" && return; done; echo -1; }

while IFS=: read -r file line include; do
  from=$(cut -d/ -f3 <<<"$file")
  to=$(sed -E 's/.*"equigen\/([a-z]+)\/.*/\1/' <<<"$include")
  [ "$from" = "$to" ] && continue
  if [ "$(rank "$to")" -lt 0 ]; then offend "$file:$line includes the unknown module $to"; continue; fi
  [ "$(rank "$to")" -lt "$(rank "$from")" ] || offend "$file:$line: $from may not include $to"
  # Structures know nothing of each other.
  case "$from/$to" in graph/molecule | molecule/graph | crystal/graph | crystal/molecule)
    offend "$file:$line: $from may not include $to" ;;
  esac
  # libcurl is loaded when something is fetched, so nothing may need it to start.
  if [ "$to" = download ] && [ "$from/$(basename "$include" '"')" != cli/download_api.h ]; then
    offend "$file:$line: only cli may include $to, and only download_api.h"
  fi
  # The program itself reaches the engine only through its table of functions.
  if [ "$from" = cli ] && [ "$(rank "$to")" -ge "$(rank $first_engine_module)" ] && ! grep -q 'engine_api.h' <<<"$include"; then
    offend "$file:$line: cli may include only engine_api.h of the engine"
  fi
done < <(grep -rnE '#include "equigen/[a-z]+/' framework/equigen --include='*.h' --include='*.cpp')

# allowed HEADER_PATTERN FOLDER_PATTERN
allowed() {
  local hits
  hits=$(grep -rnE "#include [<\"]($1)" framework plugins --include='*.h' --include='*.cpp' | grep -vE "^($2)" || true)
  [ -z "$hits" ] || { echo "$hits" | sed 's/^/layers: outside its wrapper: /'; offences=$((offences + 1)); }
}
allowed 'spdlog/' 'framework/equigen/base/log.cpp'
allowed 'yaml-cpp/' 'framework/equigen/config/[a-z_]+\.cpp'
allowed 'CLI/' 'framework/equigen/cli/[a-z_]+\.cpp'
allowed 'GraphMol/|RDGeneral/' 'framework/equigen/(molecule|metrics/molecule)/[a-z_]+\.(cpp|h)'
allowed 'nauty/' 'framework/equigen/graph/[a-z_]+\.cpp'
allowed 'gemmi/|spglib' 'framework/equigen/crystal/(files|symmetry)/[a-z_]+\.cpp'
allowed 'curl/' 'framework/equigen/download/transfer.cpp'
allowed 'zlib\.h|openssl/' 'framework/equigen/base/[a-z_]+\.cpp'

if grep -rnE '#include [<"](torch|ATen|c10)/' framework/equigen/{base,config,plugin,graph,molecule,crystal,data,download,metrics,report,experiment,cli}; then
  offend "LibTorch is included above the engine"
fi
if grep -rnE '#include <torch/torch\.h>' framework plugins --include='*.h'; then
  offend "torch/torch.h is included by a header"
fi
if grep -rnE '#if.*TORCH_VERSION' framework plugins --include='*.h' --include='*.cpp' | grep -v 'tensor/torch_version.h'; then
  offend "differences between LibTorch versions belong in tensor/torch_version.h"
fi
for plugin in plugins/*/; do
  name=$(basename "$plugin")
  for other in plugins/*/; do
    [ "$plugin" = "$other" ] && continue
    if grep -rn "#include \"$(basename "$other")/" "$plugin" --include='*.h' --include='*.cpp'; then
      offend "plugin $name includes plugin $(basename "$other")"
    fi
  done
done

[ "$offences" -eq 0 ] || { echo "layers: $offences offence(s); the order of the modules is: ${modules[*]}"; exit 1; }
echo "layers: in order"
