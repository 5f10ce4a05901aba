// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/cif.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <gemmi/symmetry.hpp>
#include <limits>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/files/cif_columns.h"
#include "equigen/crystal/files/cif_names.h"
#include "equigen/crystal/symmetry/symmetry_operation.h"

namespace equigen {
namespace {

using namespace cif_names;

constexpr double kSamePlace = 0.01;  // Å; images nearer than this are one atom
constexpr double kThird = 1e-4;      // relative; as the field's readers do
constexpr double kFullOccupancy = 0.001;
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostOperations = 2000;

[[noreturn]] void refuse(const std::string& reason) {
  throw DataError("cif-invalid", reason);
}

/// The first column that exists of several names.
const CifValues* column_of(const CifColumns& block, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const CifValues* column = block.find(name)) return column;
  return nullptr;
}

std::string value_of(const CifColumns& block, std::initializer_list<const char*> names) {
  const CifValues* column = column_of(block, names);
  return column != nullptr ? cif_string(column->front()) : std::string();
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

std::vector<SymmetryOperation> operations_of(const gemmi::GroupOps& group) {
  std::vector<SymmetryOperation> operations;
  for (const gemmi::Op& op : group.all_ops_sorted()) {
    SymmetryOperation operation;
    for (std::size_t row = 0; row < 3; ++row) {
      for (std::size_t column = 0; column < 3; ++column)
        operation.rotation[row][column] = op.rot[row][column] / gemmi::Op::DEN;
      operation.translation[row] = static_cast<double>(op.tran[row]) / gemmi::Op::DEN;
    }
    operations.push_back(operation);
  }
  return operations;
}

/// "F d -3 m S" as "F d -3 m :1": some programs mark origin choice 1 by S, 2 by Z, hexagonal and
/// rhombohedral axes by H and R.
std::string with_plain_setting(std::string name) {
  const auto space = name.find_last_of(' ');
  if (space == std::string::npos || space + 2 != name.size()) return name;
  const std::size_t mark = std::string_view("SZHR").find(name.back());
  if (mark == std::string_view::npos) return name;
  return name.substr(0, space) + ':' + "12HR"[mark];
}

/// Looked up, not parsed: gemmi's parser writes out of bounds for some texts that are no symbols.
const gemmi::SpaceGroup* group_of_hall_symbol(const std::string& symbol) {
  const auto plain = [](std::string_view text) {
    std::string result;
    for (const char c : text::lower(text))
      if (c != ' ' && c != '_' && c != '\t') result += c;
    return result;
  };
  const std::string wanted = plain(symbol);
  if (wanted.empty()) return nullptr;
  for (const gemmi::SpaceGroup& group : gemmi::spacegroup_tables::main)
    if (plain(group.hall) == wanted) return &group;
  return nullptr;
}

/// By name, Hall symbol or number; the identity alone where none is given.
std::vector<SymmetryOperation> operations_by_group(const CifColumns& block,
                                                   const LatticeParameters& cell) {
  const std::string name =
      value_of(block, {"_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m",
                       "_space_group_name_h-m_full", "_space_group_name_h-m_ref"});
  if (!name.empty())
    if (const auto* group = gemmi::find_spacegroup_by_name(with_plain_setting(name), cell.angles[0],
                                                           cell.angles[2]))
      return operations_of(group->operations());
  const std::string hall =
      value_of(block, {"_space_group_name_hall", "_symmetry_space_group_name_hall"});
  if (const auto* group = group_of_hall_symbol(hall)) return operations_of(group->operations());
  const std::string number =
      value_of(block, {"_space_group_it_number", "_symmetry_int_tables_number"});
  if (const auto value = text::to_integer(number); value && *value >= 1 && *value <= 230)
    return operations_of(
        gemmi::get_spacegroup_reference_setting(static_cast<int>(*value)).operations());
  if (!name.empty() || !hall.empty())
    refuse(fmt::format("the space group '{}' is not known",
                       (name.empty() ? hall : name).substr(0, 40)));
  return {SymmetryOperation{}};
}

std::vector<SymmetryOperation> symmetry_of(const CifColumns& block, const LatticeParameters& cell) {
  const CifValues* texts =
      column_of(block, {"_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz",
                        "_symmetry_equiv.pos_as_xyz", "_space_group_symop.operation_xyz"});
  if (texts == nullptr || cif_string(texts->front()).empty())
    return operations_by_group(block, cell);
  if (texts->size() > kMostOperations) refuse(fmt::format("{} symmetry operations", texts->size()));
  std::vector<SymmetryOperation> operations;
  for (const std::string& text : *texts)
    operations.push_back(parse_symmetry_operation(cif_string(text)));
  return operations;
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

CrystalRecord read_block(const CifColumns& block) {
  CrystalRecord record;
  record.crystal.name = block.block_name;
  read_properties(block, record);
  read_texts(block, record);
  if (block.block_name == "invalid" && block.find("_atom_site_fract_x") == nullptr) {
    record.crystal.name.clear();
    return record;
  }
  const LatticeParameters cell = cell_of(block);
  record.crystal.lattice = Lattice::from_parameters(cell);
  const SiteTable sites(block);
  const auto operations = symmetry_of(block, cell);
  for (std::size_t row = 0; row < sites.count(); ++row)
    if (sites.is_atom(row))
      add_images(sites.position(row), sites.element(row), operations, record.crystal);
  if (record.crystal.size() == 0) refuse("no atoms");
  return record;
}

bool starts_block(std::string_view line) {
  return line.size() > 5 && text::lower(line.substr(0, 5)) == "data_";
}

bool is_about_a_crystal(std::string_view text) {
  const std::string lower = text::lower(text);
  return lower.find("_cell_length_a") != std::string::npos ||
         lower.find("_atom_site_") != std::string::npos || lower.starts_with("data_invalid");
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
    if (!in_text_field && starts_block(line)) {
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
