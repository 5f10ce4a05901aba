// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/cli/data_commands.h"
#include "equigen/data/convert_samples.h"

namespace equigen::cli {

namespace fs = std::filesystem;

int data_convert(const ConvertArguments& arguments) {
  if (fs::exists(arguments.target) && !arguments.force &&
      !fs::equivalent(arguments.source, arguments.target))
    throw ConfigError("convert-target", fmt::format("{} is there", arguments.target.string()),
                      "--force replaces it");
  const StopOnSignal signals;
  const Conversion done =
      convert_samples(arguments.source, arguments.target,
                      {.smiles_column = arguments.column,
                       .keep_hydrogens = arguments.keep_hydrogens,
                       .cif_column = arguments.column},
                      StopOnSignal::requested, {.symmetry_tolerance = arguments.symmetry});
  if (done.stopped) {
    fmt::print(stderr, "stopped; {} was not written\n", arguments.target.string());
    return 130;
  }
  fmt::print("{}: {} of {} rows\n", arguments.target.string(), done.written, done.rows);
  if (done.skipped_count > 0) {
    std::string message = fmt::format(
        "{} left out",
        done.skipped_count == 1 ? "1 row was" : fmt::format("{} rows were", done.skipped_count));
    for (const SkippedRow& row : done.skipped)
      message += fmt::format("\n  {}: {}", row.source, row.reason);
    if (done.skipped_count > std::ssize(done.skipped)) message += "\n  ...";
    log::warning(message);
  }
  for (const std::string& loss : done.losses) log::warning(loss);
  return 0;
}

}  // namespace equigen::cli
