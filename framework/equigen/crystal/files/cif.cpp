// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/cif.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/files/cif_columns.h"
#include "equigen/crystal/files/cif_names.h"
#include "equigen/crystal/files/cif_symmetry.h"
#include "equigen/crystal/files/stated_formula.h"

namespace equigen {
namespace {

using namespace cif_names;

constexpr double kSamePlace = 0.01;  // Å; images nearer than this are one atom
constexpr double kThird = 1e-4;      // relative; as the field's readers do
constexpr double kFullOccupancy = 0.001;
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void refuse(const std::string& reason) {
  throw DataError("cif-invalid", reason);
}

LatticeParameters cell_of(const CifColumns& block) {
  const auto number = [&](const char* tag) {
    const CifValues* column = block.find(tag);
    if (column == nullptr) refuse(fmt::format("{} is missing", tag));
    const double value = cif_number(column->front(), kNoNumber);
    if (!std::isfinite(value))
      refuse(fmt::format("{} is '{}', not a number", tag, column->front().substr(0, 40)));
    return value;
  };
  const LatticeParameters parameters{
      {number("_cell_length_a"), number("_cell_length_b"), number("_cell_length_c")},
      {number("_cell_angle_alpha"), number("_cell_angle_beta"), number("_cell_angle_gamma")}};
  require_usable(parameters);
  return parameters;
}

double coordinate_of(const std::string& text, const std::string& site) {
  double value = cif_number(text, kNoNumber);
  if (!std::isfinite(value) || std::abs(value) > 1e6)
    refuse(fmt::format("site {}: '{}' is no coordinate", site, text.substr(0, 40)));
  for (const double ideal : {1.0 / 3, 2.0 / 3})
    if (std::abs(1 - value / ideal) < kThird) value = ideal;
  return value;
}

/// The rows of the atom-site loop.
class SiteTable {
 public:
  explicit SiteTable(const CifColumns& block)
      : label_(block.find("_atom_site_label")),
        symbol_(block.find("_atom_site_type_symbol")),
        occupancy_(block.find("_atom_site_occupancy")),
        disorder_(block.find("_atom_site_disorder_group")),
        kind_(block.find("_atom_site_calc_flag")) {
    constexpr std::array kAxes{"_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z"};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      fractional_[axis] = block.find(kAxes[axis]);
      if (fractional_[axis] == nullptr) refuse(fmt::format("{} is missing", kAxes[axis]));
      if (fractional_[axis]->size() != fractional_[0]->size())
        refuse("the columns of the atom sites differ in length");
    }
    if (label_ == nullptr && symbol_ == nullptr)
      refuse("the atom sites have neither label nor type symbol");
  }

  std::size_t count() const { return fractional_[0]->size(); }

  std::string name(std::size_t row) const {
    if (has(label_, row)) return cif_string((*label_)[row]);
    return has(symbol_, row) ? cif_string((*symbol_)[row]) : fmt::format("{}", row + 1);
  }

  /// Whether the row is an atom; refuses disorder.
  bool is_atom(std::size_t row) const {
    if (has(kind_, row) && text::lower((*kind_)[row]).starts_with("dum")) return false;
    const double occupancy = has(occupancy_, row) ? cif_number((*occupancy_)[row], 1.0) : 1.0;
    if (occupancy == 0) return false;
    if (std::abs(occupancy - 1) > kFullOccupancy)
      refuse(fmt::format("site {} has the occupancy {}; ordered crystals are read only", name(row),
                         occupancy));
    if (has(disorder_, row) && (*disorder_)[row] != "0")
      refuse(fmt::format("site {} is disordered (group {})", name(row),
                         cif_string((*disorder_)[row])));
    return true;
  }

  int element(std::size_t row) const {
    if (has(symbol_, row)) return element_of_label(cif_string((*symbol_)[row]), true);
    return element_of_label(name(row), false);
  }

  Vector3 position(std::size_t row) const {
    Vector3 at{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      at[axis] = coordinate_of((*fractional_[axis])[row], name(row));
    return at;
  }

 private:
  static bool has(const CifValues* column, std::size_t row) {
    return column != nullptr && row < column->size() && !cif_string((*column)[row]).empty();
  }

  const CifValues* label_;
  const CifValues* symbol_;
  const CifValues* occupancy_;
  const CifValues* disorder_;
  const CifValues* kind_;
  std::array<const CifValues*, 3> fractional_{};
};

/// Finds positions that are nearly a whole number of cells apart.
class SamePlace {
 public:
  explicit SamePlace(const Lattice& lattice) : lattice_(lattice) {
    // Lattice planes of an axis are 1/reciprocal length apart, so points are at least that far.
    const double volume = lattice.volume();
    if (!(volume > 0) || !std::isfinite(volume)) return;
    const Vector3 reciprocal = lattice.reciprocal_lengths();
    for (std::size_t axis = 0; axis < 3; ++axis)
      farthest_[axis] = kSamePlace * reciprocal[axis] * (1 + 1e-9);
  }

  /// Of positions within the cell.
  bool operator()(const Vector3& a, const Vector3& b) const {
    Vector3 apart{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      apart[axis] = a[axis] - b[axis];
      if (apart[axis] > 0.5) apart[axis] -= 1;
      if (apart[axis] < -0.5) apart[axis] += 1;
      if (std::abs(apart[axis]) > farthest_[axis]) return false;
    }
    return norm(lattice_.to_cartesian(apart)) < kSamePlace;
  }

 private:
  const Lattice& lattice_;
  Vector3 farthest_{1, 1, 1};  // of a flat lattice: no bound
};

void add_images(const Vector3& site, int atomic_number,
                const std::vector<SymmetryOperation>& operations, Crystal& crystal) {
  const SamePlace are_same(crystal.lattice);
  const auto first = static_cast<std::ptrdiff_t>(crystal.size());
  for (const SymmetryOperation& operation : operations) {
    const Vector3 image = operations.size() == 1 ? operation(site) : wrapped(operation(site));
    const bool is_known = std::any_of(crystal.fractional_coordinates.begin() + first,
                                      crystal.fractional_coordinates.end(),
                                      [&](const Vector3& known) { return are_same(known, image); });
    if (is_known) continue;
    if (crystal.size() >= kMostAtomsOfCell)
      refuse(fmt::format("more than {} atoms in the cell", kMostAtomsOfCell));
    crystal.fractional_coordinates.push_back(image);
    crystal.atomic_numbers.push_back(static_cast<std::uint8_t>(atomic_number));
  }
}

void read_texts(const CifColumns& block, CrystalRecord& record) {
  const CifValues* names = block.find(kTextName);
  const CifValues* values = block.find(kTextValue);
  if (names == nullptr || values == nullptr) return;
  for (std::size_t i = 0; i < std::min(names->size(), values->size()); ++i)
    record.texts.emplace_back(cif_string((*names)[i]), cif_string((*values)[i]));
}

void read_properties(const CifColumns& block, CrystalRecord& record) {
  const CifValues* names = block.find(kPropertyName);
  const CifValues* values = block.find(kPropertyValue);
  if (names == nullptr || values == nullptr) return;
  for (std::size_t i = 0; i < std::min(names->size(), values->size()); ++i)
    record.properties.emplace_back(cif_string((*names)[i]), cif_number((*values)[i], kNoNumber));
}

Crystal filled_cell(const Lattice& lattice, const SiteTable& sites,
                    const std::vector<SymmetryOperation>& operations) {
  Crystal crystal;
  crystal.lattice = lattice;
  for (std::size_t row = 0; row < sites.count(); ++row)
    if (sites.is_atom(row))
      add_images(sites.position(row), sites.element(row), operations, crystal);
  if (crystal.size() == 0) refuse("no atoms");
  return crystal;
}

/// The cell as the symmetry fills it, with the origin that the stated formula speaks for.
Crystal checked_cell(const CifColumns& block, const Lattice& lattice, const SiteTable& sites,
                     const CifSymmetry& symmetry) {
  const StatedFormula formula(block);
  Crystal crystal = filled_cell(lattice, sites, symmetry.operations);
  FormulaAgreement agreement = formula.agreement(crystal);
  if (!symmetry.other_origin.empty()) {
    Crystal other = filled_cell(lattice, sites, symmetry.other_origin);
    const FormulaAgreement others = formula.agreement(other);
    if (others == agreement)
      log::warning(
          fmt::format("data_{}: the space group has two origins, and nothing tells which "
                      "is meant; origin 2 is taken",
                      block.block_name));
    if (others > agreement) {
      crystal = std::move(other);
      agreement = others;
    }
  }
  const auto contradiction = [&] {
    return fmt::format("the sites make {}, _chemical_formula_sum is '{}'",
                       equigen::formula(composition(crystal)), formula.text());
  };
  if (agreement == FormulaAgreement::lacking)
    refuse(contradiction() + ": atoms are missing, or the block is cut off");
  if (agreement == FormulaAgreement::contrary)
    log::warning(
        fmt::format("data_{}: {}; the sites are taken", block.block_name, contradiction()));
  return crystal;
}

CrystalRecord read_block(const CifColumns& block) {
  CrystalRecord record;
  record.crystal.name = block.block_name;
  read_properties(block, record);
  read_texts(block, record);
  if (block.find(kWithoutAtoms) != nullptr) return record;
  if (block.block_name == "invalid" && block.find("_atom_site_fract_x") == nullptr) {
    record.crystal.name.clear();
    return record;
  }
  const LatticeParameters cell = cell_of(block);
  const SiteTable sites(block);
  std::string name = std::move(record.crystal.name);
  record.crystal =
      checked_cell(block, Lattice::from_parameters(cell), sites, cif_symmetry(block, cell));
  record.crystal.name = std::move(name);
  return record;
}

/// What stands behind "data_" where a line starts a block.
std::optional<std::string_view> block_name_in(std::string_view line) {
  line = text::trim(line);
  if (line.size() <= 5 || text::lower(line.substr(0, 5)) != "data_") return std::nullopt;
  return line.substr(5, line.find_first_of(" \t") - 5);
}

bool is_about_a_crystal(std::string_view text) {
  const std::string lower = text::lower(text);
  return lower.find("_cell_length_a") != std::string::npos ||
         lower.find("_atom_site_") != std::string::npos ||
         lower.find(kWithoutAtoms) != std::string::npos || lower.starts_with("data_invalid");
}

}  // namespace

std::vector<CifBlock> blocks_of_cif(std::string_view text) {
  std::vector<CifBlock> blocks;
  bool in_text_field = false, has_block = false;
  std::int64_t number = 0, start_line = 1;
  std::size_t start = 0;
  const auto close = [&](std::size_t end) {
    const auto block = text.substr(start, end - start);
    if (has_block && is_about_a_crystal(block)) blocks.push_back({block, start_line});
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    ++number;
    if (line.starts_with(';')) in_text_field = !in_text_field;
    if (!in_text_field && block_name_in(line)) {
      close(at);
      has_block = true;
      start = at;
      start_line = number;
    }
    at = end + 1;
  }
  close(text.size());
  return blocks;
}

std::string name_of_cif_block(std::string_view text) {
  return std::string(block_name_in(text.substr(0, text.find('\n'))).value_or(""));
}

CrystalRecord read_cif_block(std::string_view text) {
  const CifColumns block = parse_cif_columns(text);
  try {
    return read_block(block);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& problem) {
    refuse(problem.what());  // of gemmi's symbols of space groups
  }
}

}  // namespace equigen
