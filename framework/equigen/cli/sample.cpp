// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/base/progress.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/engine.h"

namespace equigen::cli {

int sample(const SampleArguments& arguments) {
  SamplingOptions options;
  options.model = arguments.model;
  options.checkpoint = arguments.checkpoint;
  options.output = arguments.output;
  options.count = arguments.count;
  options.batch_size = arguments.batch_size;
  options.seed = arguments.seed;
  options.use_ema = arguments.use_ema;
  options.overrides = arguments.overrides;
  options.restart = arguments.restart;
  options.compositions = arguments.compositions;
  options.formulas = arguments.formulas;
  // 1 is what the command has when nothing was given.
  if (arguments.formula_units != std::vector<std::int64_t>{1})
    options.formula_units = arguments.formula_units;
  options.samples_per_composition = arguments.samples_per_composition;
  const SamplingResult result = engine().sample(options);
  fmt::print("{}: {} samples", result.file.string(), result.written);
  if (result.resumed > 0) fmt::print(" ({} of them from before)", result.resumed);
  fmt::print(", {}\n", duration_text(result.seconds));
  if (result.interrupted) fmt::print("stopped; the same command goes on where this one was\n");
  return 0;
}

}  // namespace equigen::cli
