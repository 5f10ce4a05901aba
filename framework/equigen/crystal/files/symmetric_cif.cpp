// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/files/cif.h"
#include "equigen/crystal/symmetry/space_groups.h"
#include "equigen/crystal/symmetry/symmetry.h"

namespace equigen {
namespace {

constexpr double kSamePlace = 0.005;  // Å; below what the reader merges

/// One site for each orbit of the conventional cell.
struct Orbit {
  std::size_t site;
  std::size_t multiplicity;
};

std::vector<Orbit> orbits_of(const Crystal& cell,
                             const std::vector<SymmetryOperation>& operations) {
  std::vector<Orbit> orbits;
  std::vector<bool> is_taken(cell.size(), false);
  const auto take_images = [&](std::size_t site, const Vector3& image) {
    std::size_t taken = 0;
    for (std::size_t other = 0; other < cell.size(); ++other) {
      if (is_taken[other] || cell.atomic_numbers[other] != cell.atomic_numbers[site]) continue;
      Vector3 apart{};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        apart[axis] = image[axis] - cell.fractional_coordinates[other][axis];
        apart[axis] -= std::round(apart[axis]);
      }
      if (norm(cell.lattice.to_cartesian(apart)) > kSamePlace) continue;
      is_taken[other] = true;
      ++taken;
    }
    return taken;
  };
  for (std::size_t site = 0; site < cell.size(); ++site) {
    if (is_taken[site]) continue;
    std::size_t count = 0;
    for (const SymmetryOperation& operation : operations)
      count += take_images(site, operation(cell.fractional_coordinates[site]));
    orbits.push_back({site, count});
  }
  return orbits;
}

/// "Na4 Cl4"
std::string formula_sum(const Crystal& crystal) {
  std::vector<std::string> parts;
  for (const auto& [number, count] : composition(crystal))
    parts.push_back(fmt::format("{}{}", element(number).symbol, count));
  return text::join(parts, " ");
}

std::string head_of(const CrystalSymmetry& symmetry, const std::string& name) {
  const Crystal& cell = symmetry.conventional;
  const auto [lengths, angles] = cell.lattice.parameters();
  return fmt::format(
      "data_{}\n_space_group_name_H-M_alt '{}'\n_space_group_IT_number {}\n"
      "_space_group_name_Hall '{}'\n_cell_length_a {:.10f}\n_cell_length_b {:.10f}\n"
      "_cell_length_c {:.10f}\n_cell_angle_alpha {:.10f}\n_cell_angle_beta {:.10f}\n"
      "_cell_angle_gamma {:.10f}\n_cell_volume {:.6f}\n_chemical_formula_sum '{}'\n",
      name, symmetry.symbol, symmetry.number, symmetry.hall_symbol, lengths[0], lengths[1],
      lengths[2], angles[0], angles[1], angles[2], cell.lattice.volume(), formula_sum(cell));
}

}  // namespace

std::string symmetric_cif_text(const CrystalRecord& record, const SymmetryTolerance& tolerance) {
  const auto symmetry = find_symmetry(record.crystal, tolerance);
  if (!symmetry) return cif_text(record);
  const Crystal& cell = symmetry->conventional;
  const auto operations = hall_operations(symmetry->hall_number);
  std::string text = head_of(*symmetry, cif_block_name(record.crystal)) +
                     "loop_\n_space_group_symop_operation_xyz\n";
  for (const SymmetryOperation& operation : operations)
    text += fmt::format("'{}'\n", to_text(operation));
  text +=
      "loop_\n_atom_site_type_symbol\n_atom_site_label\n_atom_site_symmetry_multiplicity\n"
      "_atom_site_Wyckoff_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
      "_atom_site_occupancy\n";
  std::size_t index = 0;
  for (const auto& [site, multiplicity] : orbits_of(cell, operations)) {
    const std::string& symbol = element(cell.atomic_numbers[site]).symbol;
    const Vector3& at = cell.fractional_coordinates[site];
    text += fmt::format("{} {}{} {} {} {:.10f} {:.10f} {:.10f} 1\n", symbol, symbol, ++index,
                        multiplicity, symmetry->conventional_letters[site], at[0], at[1], at[2]);
  }
  return text + cif_properties(record) + "\n";
}

}  // namespace equigen
