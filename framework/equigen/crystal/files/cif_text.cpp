// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/files/cif.h"
#include "equigen/crystal/files/cif_names.h"

namespace equigen {
namespace {

using namespace cif_names;

std::string quoted_name(std::string name) {
  std::ranges::replace_if(
      name, [](char c) { return c == '\'' || c == '\n' || c == '\r'; }, ' ');
  return "'" + name + "'";
}

/// In quotes where that is safe, else between lines of semicolons. An empty line, at which
/// programs that append cut records, gets a blank, and what the format does not allow becomes '?'.
std::string quoted_text(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\r') continue;
    const bool starts_line = !safe.empty() && safe.back() == '\n';
    if (starts_line && (c == ';' || c == '\n')) safe += ' ';
    const auto byte = static_cast<unsigned char>(c);
    safe += c == '\n' || c == '\t' || (byte >= ' ' && byte != 127) ? c : '?';
  }
  while (safe.ends_with('\n')) safe.pop_back();
  if (safe.find_first_of("'\n") == std::string::npos) return "'" + safe + "'";
  if (safe.find_first_of("\"\n") == std::string::npos) return '"' + safe + '"';
  return "\n;" + safe + "\n;";
}

std::string block_name(const std::string& name) {
  std::string result;
  for (const char c : name.substr(0, 75)) result += c > ' ' && c < 127 ? c : '_';
  return result;
}

}  // namespace

std::string cif_block_name(const Crystal& crystal) {
  if (crystal.name.empty())
    return crystal.size() == 0 ? "invalid" : formula(reduced(composition(crystal)));
  return block_name(crystal.name);
}

std::string cif_properties(const CrystalRecord& record) {
  std::string text;
  if (!record.properties.empty())
    text += fmt::format("loop_\n{}\n{}\n", kPropertyName, kPropertyValue);
  for (const auto& [name, value] : record.properties)
    text += fmt::format("{} {}\n", quoted_name(name),
                        std::isfinite(value) ? text::shortest(value) : "?");
  if (!record.texts.empty()) text += fmt::format("loop_\n{}\n{}\n", kTextName, kTextValue);
  for (const auto& [name, value] : record.texts)
    text += fmt::format("{} {}\n", quoted_name(name), quoted_text(value));
  return text;
}

std::string cif_text(const CrystalRecord& record) {
  const Crystal& crystal = record.crystal;
  std::string text = fmt::format("data_{}\n", cif_block_name(crystal));
  if (crystal.size() == 0 && !crystal.name.empty()) text += fmt::format("{} yes\n", kWithoutAtoms);
  if (crystal.size() > 0) {
    const auto [lengths, angles] = crystal.lattice.parameters();
    std::vector<std::string> parts;
    for (const auto& [number, count] : composition(crystal))
      parts.push_back(fmt::format("{}{}", element(number).symbol, count));
    text += fmt::format(
        "_symmetry_space_group_name_H-M 'P 1'\n_symmetry_Int_Tables_number 1\n"
        "_cell_length_a {:.10f}\n_cell_length_b {:.10f}\n_cell_length_c {:.10f}\n"
        "_cell_angle_alpha {:.10f}\n_cell_angle_beta {:.10f}\n_cell_angle_gamma {:.10f}\n"
        "_cell_volume {:.6f}\n_chemical_formula_sum '{}'\nloop_\n_symmetry_equiv_pos_as_xyz\n"
        "'x, y, z'\nloop_\n_atom_site_type_symbol\n_atom_site_label\n_atom_site_fract_x\n"
        "_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\n",
        lengths[0], lengths[1], lengths[2], angles[0], angles[1], angles[2],
        crystal.lattice.volume(), text::join(parts, " "));
  }
  for (std::size_t i = 0; i < crystal.size(); ++i) {
    const std::string& symbol = element(crystal.atomic_numbers[i]).symbol;
    const Vector3& at = crystal.fractional_coordinates[i];
    text += fmt::format("{} {}{} {:.10f} {:.10f} {:.10f} 1\n", symbol, symbol, i + 1, at[0], at[1],
                        at[2]);
  }
  return text + cif_properties(record) + "\n";
}

}  // namespace equigen
