// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/base/progress.h"
#include "equigen/base/text.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/engine.h"

namespace equigen::cli {
namespace {

/// Empty for "auto": as many as the largest trained crystal has room for.
std::vector<std::int64_t> numbers_of_formula_units(const std::vector<std::string>& texts) {
  if (texts == std::vector<std::string>{"auto"}) return {};
  std::vector<std::int64_t> numbers;
  for (const std::string& text : texts) {
    const auto number = text::to_integer(text);
    if (!number || *number < 1) {
      throw ConfigError("sampling-formula-units",
                        fmt::format("'{}' is no number of formula units", text),
                        "write whole numbers from 1 on (--formula-units 1,2,4), or auto");
    }
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace

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
  if (!arguments.formula_units.empty())
    options.formula_units = numbers_of_formula_units(arguments.formula_units);
  options.samples_per_composition = arguments.samples_per_composition;
  const SamplingResult result = engine().sample(options);
  fmt::print("{}: {} samples", result.file.string(), result.written);
  if (result.resumed > 0) fmt::print(" ({} of them from before)", result.resumed);
  fmt::print(", {}\n", duration_text(result.seconds));
  if (result.interrupted) fmt::print("stopped; the same command goes on where this one was\n");
  return 0;
}

}  // namespace equigen::cli
