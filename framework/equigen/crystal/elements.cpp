// SPDX-License-Identifier: MIT
#include "equigen/crystal/elements.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/error.h"

namespace equigen {
namespace embedded {
std::string_view elements_json();
}
namespace {

using nlohmann::json;

std::optional<double> number_or_none(const json& value) {
  return value.is_null() ? std::nullopt : std::optional<double>(value.get<double>());
}

Element read_element(const json& row) {
  Element element;
  element.atomic_number = row.at("Z").get<int>();
  element.symbol = row.at("symbol").get<std::string>();
  element.atomic_mass = row.at("atomic_mass").get<double>();
  element.pauling_electronegativity = number_or_none(row.at("pauling_electronegativity"));
  element.covalent_radius = number_or_none(row.at("covalent_radius"));
  element.atomic_radius = number_or_none(row.at("atomic_radius"));
  element.smact_oxidation_states = row.at("smact_oxidation_states").get<std::vector<int>>();
  element.smact_electronegativity = number_or_none(row.at("smact_electronegativity"));
  element.smact_is_metal = row.at("smact_is_metal").get<bool>();
  for (std::size_t i = 0; i < element.magpie.size(); ++i)
    element.magpie[i] = number_or_none(row.at("magpie").at(i));
  return element;
}

const std::vector<Element>& elements() {
  static const std::vector<Element> table = [] {
    std::vector<Element> rows;
    const json tables = json::parse(embedded::elements_json());
    for (const json& row : tables.at("elements")) rows.push_back(read_element(row));
    return rows;
  }();
  return table;
}

}  // namespace

const Element& element(int atomic_number) {
  if (atomic_number < 1 || atomic_number > kLargestAtomicNumber)
    throw DataError("crystal.element",
                    fmt::format("there is no data for atomic number {}", atomic_number),
                    fmt::format("elements 1 (H) to {} (Lr) are supported", kLargestAtomicNumber));
  return elements()[static_cast<std::size_t>(atomic_number - 1)];
}

int atomic_number_of_element(std::string_view symbol) {
  for (const Element& element : elements())
    if (element.symbol == symbol) return element.atomic_number;
  return 0;
}

}  // namespace equigen
