// SPDX-License-Identifier: MIT
#include "equigen/train/sampling_conditions.h"

#include <fmt/format.h>

#include <filesystem>

#include "equigen/base/error.h"
#include "equigen/crystal/formula.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/named_dataset.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

Crystal composition_as_crystal(const Composition& composition, std::int64_t units) {
  Crystal crystal;
  for (const auto& [atomic_number, count] : composition) {
    for (std::int64_t k = 0; k < units * count; ++k) {
      crystal.atomic_numbers.push_back(static_cast<std::uint8_t>(atomic_number));
      crystal.fractional_coordinates.push_back({0, 0, 0});
    }
  }
  return crystal;
}

std::vector<Sample> part_of(DataSplits data, const std::string& part) {
  if (part == "train") return std::move(data.train);
  return part == "validation" ? std::move(data.validation) : std::move(data.test);
}

bool is_part(const std::string& name) {
  return name == "train" || name == "validation" || name == "test";
}

}  // namespace

std::vector<Sample> compositions_of_formulas(const std::vector<std::string>& formulas,
                                             const std::vector<std::int64_t>& formula_units) {
  std::vector<Sample> conditions;
  for (const std::string& text : formulas) {
    const Composition composition = parse_formula(text);
    for (const std::int64_t units : formula_units) {
      Crystal crystal = composition_as_crystal(composition, units);
      crystal.name = units == 1 ? text : fmt::format("{} x{}", text, units);
      conditions.push_back({std::move(crystal), {}});
    }
  }
  return conditions;
}

std::vector<Sample> sampling_conditions(const SamplingOptions& options, const std::string& stored,
                                        const config::Value& config) {
  if (!options.formulas.empty())
    return compositions_of_formulas(options.formulas, options.formula_units);
  const std::string source = options.compositions.value_or(stored);
  const fs::path beside =
      fs::is_directory(options.model) ? options.model / "config.yaml" : fs::path();
  std::vector<Sample> conditions;
  if (is_part(source)) {
    const auto* data = config.find("data");
    if (data == nullptr) {
      throw DataError("sampling-compositions",
                      fmt::format("the model does not say what data '{}' is a part of", source),
                      "give --compositions with a data set or file, or --formula");
    }
    conditions = part_of(load_dataset(dataset_choice(*data), data_context(beside, 0)), source);
  } else {
    conditions = part_of(load_named_or_file(source, beside, 0), "test");
  }
  for (const Sample& sample : conditions) crystal_in(sample);
  if (conditions.empty()) {
    throw DataError("sampling-compositions", fmt::format("there are no crystals in '{}'", source),
                    "give --compositions with another part, data set or file, or --formula");
  }
  return conditions;
}

}  // namespace equigen
