// SPDX-License-Identifier: MIT
#include "equigen/train/sampling_conditions.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/text.h"
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

std::vector<Sample> part_of(const DataSplits& data, const std::string& part) {
  if (part == "train") return data.train;
  return part == "validation" ? data.validation : data.test;
}

bool is_part(const std::string& name) {
  return name == "train" || name == "validation" || name == "test";
}

std::int64_t atoms_of(const Composition& composition) {
  std::int64_t atoms = 0;
  for (const auto& [atomic_number, count] : composition) atoms += count;
  return atoms;
}

/// 1, 2, ... while the cell is not larger than any that was trained.
std::vector<std::int64_t> units_up_to(std::int64_t largest_size, std::int64_t atoms,
                                      const std::string& formula) {
  if (atoms > largest_size) {
    throw DataError("sampling-formula-size",
                    fmt::format("{} has {} atoms, more than the {} of the largest crystal that was "
                                "trained",
                                formula, atoms, largest_size),
                    "name the number of formula units to try it all the same: --formula-units 1");
  }
  std::vector<std::int64_t> units(static_cast<std::size_t>(largest_size / atoms));
  std::iota(units.begin(), units.end(), 1);
  return units;
}

void require_some(const std::vector<Sample>& conditions, const std::string& source) {
  for (const Sample& sample : conditions) crystal_in(sample);
  if (!conditions.empty()) return;
  throw DataError("sampling-compositions", fmt::format("there are no crystals in '{}'", source),
                  "give --compositions with another part, data set or file, or --formula");
}

void check_options(const SamplingOptions& options) {
  if (options.formula_units && options.formulas.empty()) {
    throw ConfigError("sampling-formula-units",
                      "numbers of formula units are given, but no formula",
                      "give --formula as well, or leave out --formula-units");
  }
}

}  // namespace

std::vector<Sample> compositions_of_formulas(const std::vector<std::string>& formulas,
                                             const std::vector<std::int64_t>& formula_units,
                                             std::int64_t largest_size) {
  std::vector<Sample> conditions;
  for (const std::string& text : formulas) {
    const Composition composition = parse_formula(text);
    const std::vector<std::int64_t> numbers =
        formula_units.empty() ? units_up_to(largest_size, atoms_of(composition), text)
                              : formula_units;
    for (const std::int64_t units : numbers) {
      Crystal crystal = composition_as_crystal(composition, units);
      crystal.name = units == 1 ? text : fmt::format("{} x{}", text, units);
      conditions.push_back({std::move(crystal), {}});
    }
  }
  return conditions;
}

std::vector<Sample> stored_conditions(const std::string& source, const DataSplits& data,
                                      const fs::path& experiment_file) {
  std::vector<Sample> conditions =
      is_part(source) ? part_of(data, source)
                      : part_of(load_named_or_file(source, experiment_file, 0), "test");
  require_some(conditions, source);
  return conditions;
}

std::vector<Sample> sampling_conditions(const SamplingOptions& options, const std::string& stored,
                                        const config::Value& config, const DataSummary& trained) {
  check_options(options);
  if (!options.formulas.empty()) {
    return compositions_of_formulas(options.formulas,
                                    options.formula_units.value_or(std::vector<std::int64_t>{1}),
                                    trained.max_size());
  }
  const std::string source = options.compositions.value_or(stored);
  const fs::path beside =
      fs::is_directory(options.model) ? options.model / "config.yaml" : fs::path();
  DataSplits data;
  if (is_part(source)) {
    const auto* choice = config.find("data");
    if (choice == nullptr) {
      throw DataError("sampling-compositions",
                      fmt::format("the model does not say what data '{}' is a part of", source),
                      "give --compositions with a data set or file, or --formula");
    }
    data = load_dataset(dataset_choice(*choice), data_context(beside, 0));
  }
  return stored_conditions(source, data, beside);
}

std::string unmet_conditions(const Model& model, std::span<const Sample> conditions) {
  std::map<std::string, std::int64_t> reasons;
  std::int64_t unmet = 0;
  for (const Sample& condition : conditions) {
    const std::string reason = model.unmet(condition);
    if (reason.empty()) continue;
    ++reasons[reason];
    ++unmet;
  }
  if (unmet == 0) return {};
  std::vector<std::string> parts;
  for (const auto& [reason, count] : reasons)
    parts.push_back(fmt::format("{} ({})", reason, count));
  return fmt::format("{} of {} compositions cannot be predicted for: {}", unmet, conditions.size(),
                     text::join(parts, "; "));
}

void require_met_conditions(const Model& model, std::span<const Sample> conditions) {
  const std::string text = unmet_conditions(model, conditions);
  if (text.empty()) return;
  throw DataError("sampling-compositions", text,
                  "leave these formulas out, or train with data or a vocabulary that has them");
}

void warn_of_unmet_conditions(const Model& model, std::span<const Sample> conditions) {
  const std::string text = unmet_conditions(model, conditions);
  if (!text.empty()) log::warning(text + "; their samples stay empty");
}

}  // namespace equigen
