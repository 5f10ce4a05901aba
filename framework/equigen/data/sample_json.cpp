// SPDX-License-Identifier: MIT
#include "equigen/data/sample_json.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/files/crystal_record.h"
#include "equigen/graph/graph_files.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

using nlohmann::json;

constexpr std::size_t kMostAtoms = 1'000'000;

[[noreturn]] void refuse(const std::string& reason) {
  throw DataError("sample-json", reason);
}

std::vector<std::pair<std::string, double>> read_properties(const json& row) {
  std::vector<std::pair<std::string, double>> properties;
  const auto found = row.find("properties");
  if (found == row.end()) return properties;
  if (!found->is_object()) refuse("\"properties\" is not an object");
  for (const auto& [name, value] : found->items()) {
    if (value.is_number())
      properties.emplace_back(name, value.get<double>());
    else if (value.is_boolean())
      properties.emplace_back(name, value.get<bool>() ? 1.0 : 0.0);
    else if (value.is_null())
      properties.emplace_back(name, std::nan(""));
    else
      refuse(fmt::format("property \"{}\" is not a number", name));
  }
  return properties;
}

std::int64_t whole_number(const json& value, std::int64_t low, std::int64_t high,
                          std::string_view what) {
  if (!value.is_number_integer()) refuse(fmt::format("{} is not an integer", what));
  const auto number = value.get<std::int64_t>();
  if (number < low || number > high) {
    refuse(fmt::format("{} {} is outside {} to {}", what, number, low, high));
  }
  return number;
}

const json& list_of(const json& row, const char* key) {
  const auto found = row.find(key);
  static const json none = json::array();
  if (found == row.end()) return none;
  if (!found->is_array()) refuse(fmt::format("\"{}\" is not a list", key));
  return *found;
}

void read_atoms(const json& row, Molecule& molecule) {
  const json& atoms = list_of(row, "atoms");
  const json& charges = list_of(row, "charges");
  if (atoms.size() > kMostAtoms) refuse("more than a million atoms");
  if (!charges.empty() && charges.size() != atoms.size()) {
    refuse(fmt::format("{} charges for {} atoms", charges.size(), atoms.size()));
  }
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    Atom atom;
    atom.atomic_number = static_cast<std::uint8_t>(whole_number(atoms[i], 0, 118, "element"));
    if (!charges.empty()) {
      atom.formal_charge = static_cast<std::int8_t>(whole_number(charges[i], -99, 99, "charge"));
    }
    molecule.atoms.push_back(atom);
  }
}

void read_bonds(const json& row, Molecule& molecule) {
  const auto last = static_cast<std::int64_t>(molecule.atoms.size()) - 1;
  for (const json& entry : list_of(row, "bonds")) {
    if (!entry.is_array() || entry.size() != 3) refuse("a bond is not [begin, end, order]");
    Bond bond;
    bond.begin = static_cast<std::int32_t>(whole_number(entry[0], 0, last, "bonded atom"));
    bond.end = static_cast<std::int32_t>(whole_number(entry[1], 0, last, "bonded atom"));
    bond.order = static_cast<std::uint8_t>(whole_number(entry[2], 0, 3, "bond order"));
    if (bond.begin == bond.end) refuse(fmt::format("atom {} is bonded to itself", bond.begin));
    molecule.bonds.push_back(bond);
  }
}

std::array<double, 3> three_numbers(const json& entry, std::string_view what) {
  std::array<double, 3> numbers{};
  if (!entry.is_array() || entry.size() != 3) refuse(fmt::format("{} is not [x, y, z]", what));
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!entry[axis].is_number()) refuse(fmt::format("{} is not [x, y, z]", what));
    numbers[axis] = entry[axis].get<double>();
  }
  return numbers;
}

void read_positions(const json& row, Molecule& molecule) {
  const json& positions = list_of(row, "positions");
  if (!positions.empty() && positions.size() != molecule.atoms.size()) {
    refuse(fmt::format("{} positions for {} atoms", positions.size(), molecule.atoms.size()));
  }
  for (const json& entry : positions)
    molecule.positions.push_back(three_numbers(entry, "a position"));
}

std::string text_of(const json& row, const char* key) {
  const auto found = row.find(key);
  if (found == row.end() || found->is_null()) return "";
  if (!found->is_string()) refuse(fmt::format("\"{}\" is not a text", key));
  return found->get<std::string>();
}

Molecule read_molecule(const json& row) {
  const auto smiles = text_of(row, "smiles");
  Molecule molecule;
  if (!row.contains("atoms")) {
    molecule = parse_smiles(smiles);
  } else {
    read_atoms(row, molecule);
    read_bonds(row, molecule);
    read_positions(row, molecule);
    molecule.smiles = smiles;
  }
  molecule.name = text_of(row, "name");
  return molecule;
}

std::uint8_t read_element(const json& entry) {
  if (entry.is_string()) {
    const int number = atomic_number_of_element(entry.get_ref<const std::string&>());
    if (number == 0) refuse(fmt::format("{} is no element", entry.dump()));
    return static_cast<std::uint8_t>(number);
  }
  return static_cast<std::uint8_t>(whole_number(entry, 1, kLargestAtomicNumber, "element"));
}

/// Three vectors, or a, b, c, alpha, beta, gamma.
Lattice read_lattice(const json& lattice) {
  if (lattice.is_array() && lattice.size() == 3) {
    Matrix3 vectors{};
    for (std::size_t row = 0; row < 3; ++row)
      vectors[row] = three_numbers(lattice[row], "a lattice vector");
    return Lattice(vectors);
  }
  if (!lattice.is_array() || lattice.size() != 6)
    refuse("\"lattice\" is neither three vectors nor [a, b, c, alpha, beta, gamma]");
  for (const json& number : lattice)
    if (!number.is_number()) refuse("a lattice parameter is not a number");
  LatticeParameters parameters;
  for (std::size_t i = 0; i < 3; ++i) {
    parameters.lengths[i] = lattice[i].get<double>();
    parameters.angles[i] = lattice[i + 3].get<double>();
  }
  require_usable(parameters);
  return Lattice::from_parameters(parameters);
}

Crystal read_crystal(const json& row) {
  const json& atoms = list_of(row, "atoms");
  const json& sites = list_of(row, "fractional");
  if (atoms.size() > kMostAtoms) refuse("more than a million atoms");
  if (sites.size() != atoms.size())
    refuse(fmt::format("{} fractional coordinates for {} atoms", sites.size(), atoms.size()));
  Crystal crystal;
  crystal.lattice = read_lattice(row.at("lattice"));
  if (!atoms.empty()) require_usable_lengths(crystal.lattice.parameters().lengths);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    crystal.atomic_numbers.push_back(read_element(atoms[i]));
    crystal.fractional_coordinates.push_back(three_numbers(sites[i], "a fractional coordinate"));
  }
  crystal.name = text_of(row, "name");
  return crystal;
}

json crystal_row(const Crystal& crystal) {
  json row = {{"lattice", crystal.lattice.vectors()},
              {"atoms", crystal.atomic_numbers},
              {"fractional", crystal.fractional_coordinates}};
  if (!crystal.name.empty()) row["name"] = crystal.name;
  return row;
}

json molecule_row(const Molecule& molecule) {
  json row = json::object();
  auto& atoms = row["atoms"] = json::array();
  auto& charges = row["charges"] = json::array();
  for (const Atom& atom : molecule.atoms) {
    atoms.push_back(atom.atomic_number);
    charges.push_back(atom.formal_charge);
  }
  auto& bonds = row["bonds"] = json::array();
  for (const Bond& bond : molecule.bonds) bonds.push_back({bond.begin, bond.end, bond.order});
  if (!molecule.positions.empty()) row["positions"] = molecule.positions;
  if (!molecule.smiles.empty()) row["smiles"] = molecule.smiles;
  if (!molecule.name.empty()) row["name"] = molecule.name;
  return row;
}

}  // namespace

Sample parse_sample_json(std::string_view line) {
  const json row = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!row.is_object()) refuse("not a JSON object");
  if (row.contains("n")) {
    auto parsed = parse_graph_row(line);
    return {std::move(parsed.graph), std::move(parsed.properties)};
  }
  if (row.contains("lattice")) return {read_crystal(row), read_properties(row)};
  if (!row.contains("smiles") && !row.contains("atoms")) {
    refuse(R"(neither a graph ("n", "edges") nor a molecule ("smiles" or "atoms") nor a crystal )"
           R"(("lattice", "atoms", "fractional"))");
  }
  return {read_molecule(row), read_properties(row)};
}

SampleTexts texts_of_sample_json(std::string_view line) {
  const json row = json::parse(line, nullptr, /*allow_exceptions=*/false);
  SampleTexts texts;
  if (!row.is_object()) return texts;
  const auto found = row.find("texts");
  if (found == row.end() || !found->is_object()) return texts;
  for (const auto& [name, value] : found->items())
    if (value.is_string()) texts.emplace_back(name, value.get<std::string>());
  return texts;
}

std::optional<bool> is_crystal_json(std::string_view line) {
  const json row = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!row.is_object()) return std::nullopt;
  return row.contains("lattice") && !row.contains("n");
}

std::string name_in_sample_json(std::string_view line) {
  const json row = json::parse(line, nullptr, /*allow_exceptions=*/false);
  const bool is_named = row.is_object() && row.contains("name") && row["name"].is_string();
  return is_named ? row["name"].get<std::string>() : std::string();
}

std::string to_sample_json(const Sample& sample, const SampleTexts& texts) {
  if (const auto* graph = std::get_if<Graph>(&sample.structure)) {
    return to_graph_json(GraphRow{*graph, sample.properties});
  }
  const auto* crystal = std::get_if<Crystal>(&sample.structure);
  json row = crystal != nullptr ? crystal_row(*crystal) : molecule_row(molecule_in(sample));
  // JSON has no NaN: nlohmann writes null, which reads back as NaN.
  for (const auto& [name, value] : sample.properties) row["properties"][name] = value;
  for (const auto& [name, value] : texts) row["texts"][name] = value;
  return row.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace equigen
