// SPDX-License-Identifier: MIT
#include "equigen/crystal/symmetry/symmetry.h"

#include <spglib.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "equigen/base/error.h"
#include "equigen/crystal/symmetry/space_groups.h"
#include "equigen/crystal/symmetry/wyckoff_positions.h"

namespace equigen {
namespace {

constexpr double kSmallestVolume = 1e-6;  // Å³
constexpr double kNoAngle = -1;           // lets spglib derive it
constexpr std::size_t kMostSites = 100'000;

struct DatasetCloser {
  void operator()(SpglibDataset* dataset) const { spg_free_dataset(dataset); }
};
using SpglibResult = std::unique_ptr<SpglibDataset, DatasetCloser>;

/// spglib's arrays; lattice vectors are columns there. Cells grow at most fourfold.
struct SpglibCell {
  double lattice[3][3];
  std::vector<std::array<double, 3>> positions;
  std::vector<int> types;

  SpglibCell(const Crystal& crystal, std::size_t room)
      : positions(crystal.size() * room), types(crystal.size() * room) {
    for (std::size_t row = 0; row < 3; ++row)
      for (std::size_t column = 0; column < 3; ++column)
        lattice[column][row] = crystal.lattice.vectors()[row][column];
    for (std::size_t i = 0; i < crystal.size(); ++i) {
      positions[i] = wrapped(crystal.fractional_coordinates[i]);
      types[i] = crystal.atomic_numbers[i];
    }
  }
  double (*sites())[3] { return reinterpret_cast<double(*)[3]>(positions.data()); }
};

Lattice lattice_of(const double columns[3][3]) {
  Matrix3 vectors{};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column) vectors[row][column] = columns[column][row];
  return Lattice(vectors);
}

bool can_have_symmetry(const Crystal& crystal) {
  const double volume = crystal.lattice.volume();
  if (crystal.size() == 0 || crystal.size() > kMostSites) return false;
  if (!std::isfinite(volume) || volume < kSmallestVolume) return false;
  return std::ranges::all_of(crystal.fractional_coordinates, [](const Vector3& site) {
    return std::ranges::all_of(site, [](double x) { return std::isfinite(x); });
  });
}

SpglibResult dataset_of(const Crystal& crystal, const SymmetryTolerance& tolerance,
                        int hall_number) {
  if (!can_have_symmetry(crystal)) return nullptr;
  SpglibCell cell(crystal, 1);
  SpglibResult result(spgat_get_dataset_with_hall_number(
      cell.lattice, cell.sites(), cell.types.data(), static_cast<int>(crystal.size()), hall_number,
      tolerance.distance, tolerance.angle.value_or(kNoAngle)));
  if (result && result->spacegroup_number < 1) return nullptr;
  return result;
}

char letter_of(int wyckoff) {
  return wyckoff < 26 ? static_cast<char>('a' + wyckoff) : static_cast<char>('A' + wyckoff - 26);
}

SymmetryOperation operation_of(const int rotation[3][3], const double translation[3]) {
  SymmetryOperation operation;
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column)
      operation.rotation[row][column] = rotation[row][column];
    operation.translation[row] = translation[row];
  }
  return operation;
}

void fill_conventional(const SpglibDataset& found, const Crystal& crystal,
                       CrystalSymmetry& symmetry) {
  Crystal& cell = symmetry.conventional;
  cell.lattice = lattice_of(found.std_lattice);
  cell.name = crystal.name;
  for (int i = 0; i < found.n_std_atoms; ++i) {
    cell.atomic_numbers.push_back(static_cast<std::uint8_t>(found.std_types[i]));
    const double* at = found.std_positions[i];
    cell.fractional_coordinates.push_back({at[0], at[1], at[2]});
    // Both mappings lead into one primitive cell; the first given site there stands for this one.
    const int* mapping = found.mapping_to_primitive;
    const int* site =
        std::find(mapping, mapping + found.n_atoms, found.std_mapping_to_primitive[i]);
    const auto from =
        static_cast<std::size_t>(site == mapping + found.n_atoms ? 0 : site - mapping);
    symmetry.conventional_from.push_back(from);
    symmetry.conventional_letters.push_back(symmetry.letters[from]);
  }
}

CrystalSymmetry described(const SpglibDataset& found, const Crystal& crystal) {
  CrystalSymmetry symmetry{.number = found.spacegroup_number,
                           .symbol = found.international_symbol,
                           .hall_symbol = found.hall_symbol,
                           .hall_number = found.hall_number,
                           .point_group = found.pointgroup_symbol,
                           .letters = {},
                           .site_symmetries = {},
                           .equivalent_sites = {},
                           .operations = {},
                           .conventional = {},
                           .conventional_letters = {},
                           .conventional_from = {}};
  for (int i = 0; i < found.n_atoms; ++i) {
    symmetry.letters.push_back(letter_of(found.wyckoffs[i]));
    symmetry.site_symmetries.emplace_back(found.site_symmetry_symbols[i]);
    symmetry.equivalent_sites.push_back(static_cast<std::size_t>(found.crystallographic_orbits[i]));
  }
  for (int i = 0; i < found.n_operations; ++i)
    symmetry.operations.push_back(operation_of(found.rotations[i], found.translations[i]));
  fill_conventional(found, crystal, symmetry);
  return symmetry;
}

}  // namespace

std::vector<SymmetryOperation> hall_operations(int hall_number) {
  int rotations[192][3][3];
  double translations[192][3];
  const int count = spg_get_symmetry_from_database(rotations, translations, hall_number);
  if (count < 1) throw DataError("space-group", "there is no such setting of a space group");
  std::vector<SymmetryOperation> operations;
  for (int i = 0; i < count; ++i) operations.push_back(operation_of(rotations[i], translations[i]));
  return operations;
}

std::vector<SymmetryOperation> space_group_operations(int number) {
  return hall_operations(space_group(number).hall_number);
}

std::optional<CrystalSymmetry> find_symmetry(const Crystal& crystal,
                                             const SymmetryTolerance& tolerance,
                                             SymmetrySetting setting) {
  SpglibResult found = dataset_of(crystal, tolerance, 0);
  if (found && setting == SymmetrySetting::reference) {
    const int wanted = space_group(found->spacegroup_number).hall_number;
    if (wanted != found->hall_number) found = dataset_of(crystal, tolerance, wanted);
  }
  if (!found) return std::nullopt;
  return described(*found, crystal);
}

int space_group_number(const Crystal& crystal, const SymmetryTolerance& tolerance) {
  const SpglibResult found = dataset_of(crystal, tolerance, 0);
  return found ? found->spacegroup_number : 0;
}

std::optional<Crystal> standardised(const Crystal& crystal, StandardCell cell, bool idealised,
                                    const SymmetryTolerance& tolerance) {
  if (!can_have_symmetry(crystal)) return std::nullopt;
  SpglibCell arrays(crystal, 4);
  const int count = spgat_standardize_cell(
      arrays.lattice, arrays.sites(), arrays.types.data(), static_cast<int>(crystal.size()),
      cell == StandardCell::primitive ? 1 : 0, idealised ? 0 : 1, tolerance.distance,
      tolerance.angle.value_or(kNoAngle));
  if (count < 1) return std::nullopt;
  Crystal result;
  result.lattice = lattice_of(arrays.lattice);
  result.name = crystal.name;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    result.fractional_coordinates.push_back(arrays.positions[i]);
    result.atomic_numbers.push_back(static_cast<std::uint8_t>(arrays.types[i]));
  }
  return result;
}

}  // namespace equigen
