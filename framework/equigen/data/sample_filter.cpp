// SPDX-License-Identifier: MIT
#include "equigen/data/sample_filter.h"

#include <fmt/format.h>

#include <set>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen {
namespace {

constexpr std::size_t kNamedSkips = 20;

std::set<int> atomic_numbers(const std::vector<std::string>& symbols) {
  std::set<int> numbers;
  for (const auto& symbol : symbols) {
    const int number = atomic_number_of(symbol);
    if (number == 0) {
      throw ConfigError("data-element", fmt::format("data.elements: '{}' is no element", symbol),
                        "give symbols such as C, N, O, F");
    }
    numbers.insert(number);
  }
  return numbers;
}

std::vector<int> atoms_of(const Sample& sample) {
  std::vector<int> numbers;
  if (const auto* molecule = std::get_if<Molecule>(&sample.structure))
    for (const Atom& atom : molecule->atoms) numbers.push_back(atom.atomic_number);
  if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
    numbers.assign(crystal->atomic_numbers.begin(), crystal->atomic_numbers.end());
  return numbers;
}

/// Empty when the sample fits.
std::string misfit(const Sample& sample, const SampleFilter& filter, const std::set<int>& allowed) {
  if (structure_kind(sample) != filter.structure) {
    return fmt::format("a {} in a data set of {}s", structure_kind(sample), filter.structure);
  }
  const auto size = node_count(sample);
  const bool has_atoms = !std::holds_alternative<Graph>(sample.structure);
  const auto* unit = has_atoms ? "atoms" : "nodes";
  if (has_atoms && size == 0) return "no atoms";
  if (size < filter.min_nodes)
    return fmt::format("{} {}, fewer than {}", size, unit, filter.min_nodes);
  if (filter.max_nodes > 0 && size > filter.max_nodes) {
    return fmt::format("{} {}, more than {}", size, unit, filter.max_nodes);
  }
  if (!has_atoms || allowed.empty()) return "";
  for (const int atomic_number : atoms_of(sample)) {
    if (!allowed.contains(atomic_number)) {
      return fmt::format("element {} is not among {}", element_symbol(atomic_number),
                         text::join(filter.elements, ", "));
    }
  }
  return "";
}

}  // namespace

void add_skip(SampleFile& file, std::string source, std::string reason) {
  ++file.skipped_count;
  if (file.skipped.size() < kNamedSkips) {
    file.skipped.push_back({std::move(source), std::move(reason)});
  }
}

void keep_fitting(SampleFile& file, const SampleFilter& filter, const std::string& source) {
  const auto allowed = atomic_numbers(filter.elements);
  std::vector<Sample> samples;
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < file.samples.size(); ++i) {
    auto reason = misfit(file.samples[i], filter, allowed);
    if (!reason.empty()) {
      add_skip(file, fmt::format("{}, row {}", source, file.rows[i]), std::move(reason));
      continue;
    }
    samples.push_back(std::move(file.samples[i]));
    rows.push_back(file.rows[i]);
  }
  file.samples = std::move(samples);
  file.rows = std::move(rows);
}

}  // namespace equigen
