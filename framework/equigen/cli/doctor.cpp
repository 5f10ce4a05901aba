// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/parallel.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/engine.h"
#include "equigen/data/data_folders.h"
#include "equigen/molecule/smiles.h"
#include "equigen/plugin/loader.h"
#include "equigen/version.h"

#ifdef EQUIGEN_MIMALLOC
#include <mimalloc.h>
#endif

namespace equigen::cli {
namespace {

void line(std::string_view what, std::string_view value) {
  fmt::print("{:<18} {}\n", what, value);
}

std::string allocator() {
#ifdef EQUIGEN_MIMALLOC
  const auto probe = std::make_unique<int>();
  if (mi_is_in_heap_region(probe.get())) return fmt::format("mimalloc {}", mi_version());
#endif
  return "the system's";
}

void show_engine(int& warnings) {
  if (!engine_available()) {
    line("engine", "not built (no LibTorch): training and sampling are not available");
    ++warnings;
    return;
  }
  const auto info = nlohmann::json::parse(engine().info());
  line("LibTorch",
       fmt::format("{} (built against {})", info.value("libtorch", "?"), EQUIGEN_TORCH_VERSION));
  line("BLAS", info.value("blas", "?"));
  line("engine threads", std::to_string(info.value("threads", 0)));
  line("GPU", info.value("gpu", "none"));
  const double gflops = info.value("matmul_gflops", 0.0);
  line("matrix product", fmt::format("{:.1f} GFLOP/s (512 x 512, float32)", gflops));
  if (info.value("slow_blas", false)) {
    fmt::print(
        "  warning: a slow BLAS is in use; install libopenblas0-pthread, or choose it with\n"
        "           `update-alternatives --config libblas.so.3-x86_64-linux-gnu`\n");
    ++warnings;
  }
}

void show_plugins(int& warnings) {
  for (const PluginCandidate& candidate : PluginLoader::instance().candidates()) {
    const bool rejected = candidate.state == PluginCandidate::State::rejected;
    line("plugin",
         fmt::format("{} {} {}", candidate.name, candidate.version, candidate.library.string()));
    if (!rejected) continue;
    fmt::print("  warning: rejected: {}\n", candidate.reason);
    ++warnings;
  }
}

void show_data(int& warnings) {
  const DataContext context = data_context({}, 0);
  for (const auto& root : context.roots) {
    line("data folder", root.string());
  }
  if (context.roots.empty()) line("data folder", "none; set EQUIGEN_DATA to a folder of data sets");
  for (const auto& folder : missing_data_folders()) {
    fmt::print("  warning: EQUIGEN_DATA names {}, which is not there\n", folder.string());
    ++warnings;
  }
  line("cache", context.cache.string());
}

}  // namespace

int doctor() {
  int warnings = 0;
  line("equigen", EQUIGEN_VERSION);
  line("compiler", EQUIGEN_COMPILER);
  line("cores", std::to_string(std::thread::hardware_concurrency()));
  line("allocator", allocator());
  show_engine(warnings);
  show_plugins(warnings);
  show_data(warnings);
  fmt::print("{}\n",
             warnings == 0 ? "\nNo problems found." : fmt::format("\n{} warning(s).", warnings));
  return 0;
}

}  // namespace equigen::cli
