// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/train/engine_api.h"

namespace equigen::cli {

/// Opens libequigen_engine.so (and with it LibTorch) at the first call and returns its functions.
/// Throws PluginError when the library is missing, cannot be loaded or is of another equigen
/// version.
const EngineApi& engine();

/// True when the engine's library stands where engine() would look for it.
bool engine_available();

}  // namespace equigen::cli
