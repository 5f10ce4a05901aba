// SPDX-License-Identifier: MIT
#include "equigen/cli/engine.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "equigen/base/error.h"
#include "equigen/base/library_folder.h"
#include "equigen/version.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;

/// Beside libequigen.so, which this program links.
fs::path engine_path() {
  return library_folder() / "libequigen_engine.so." EQUIGEN_SOVERSION;
}

const EngineApi& open_engine() {
  const fs::path path = engine_path();
  if (!fs::exists(path)) {
    throw PluginError(
        "engine-missing", fmt::format("this equigen has no engine: {} is not there", path.string()),
        "it was built without LibTorch; build with -DEQUIGEN_BUILD_ENGINE=ON to train and sample");
  }
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    throw PluginError("engine-load", fmt::format("cannot load the engine: {}", dlerror()),
                      "check that LibTorch's libraries are installed (`ldd` on the file shows "
                      "which are missing)");
  }
  const auto entry = reinterpret_cast<EngineEntry>(dlsym(library, kEngineEntryName));
  if (!entry)
    throw PluginError("engine-entry", fmt::format("{} is not equigen's engine", path.string()));
  return *entry();
}

}  // namespace

bool engine_available() {
  return fs::exists(engine_path());
}

const EngineApi& engine() {
  static const EngineApi& api = open_engine();
  return api;
}

}  // namespace equigen::cli
