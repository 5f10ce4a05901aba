// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/cif_symmetry.h"

#include <fmt/format.h>

#include <algorithm>
#include <gemmi/symmetry.hpp>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen {
namespace {

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

std::vector<SymmetryOperation> operations_of(const gemmi::SpaceGroup& group) {
  std::vector<SymmetryOperation> operations;
  for (const gemmi::Op& op : group.operations().all_ops_sorted()) {
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

/// The same group with another origin, or nullptr.
const gemmi::SpaceGroup* with_origin(const gemmi::SpaceGroup& group, char origin) {
  for (const gemmi::SpaceGroup& other : gemmi::spacegroup_tables::main)
    if (other.ext == origin && std::string_view(other.hm) == group.hm) return &other;
  return nullptr;
}

/// Of a group whose origin is not told.
CifSymmetry with_open_origin(const gemmi::SpaceGroup& group) {
  if (group.ext != '1' && group.ext != '2') return {operations_of(group), {}};
  const auto* first = with_origin(group, '1');
  const auto* second = with_origin(group, '2');
  if (first == nullptr || second == nullptr) return {operations_of(group), {}};
  return {operations_of(*second), operations_of(*first)};
}

/// By name, Hall symbol or number.
CifSymmetry symmetry_of_group(const CifColumns& block, const LatticeParameters& cell) {
  const std::string hall =
      value_of(block, {"_space_group_name_hall", "_symmetry_space_group_name_hall"});
  const auto* by_hall = group_of_hall_symbol(hall);
  const std::string name = with_plain_setting(
      value_of(block, {"_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m",
                       "_space_group_name_h-m_full", "_space_group_name_h-m_ref"}));
  const auto* by_name =
      name.empty() ? nullptr : gemmi::find_spacegroup_by_name(name, cell.angles[0], cell.angles[2]);
  const bool names_origin = name.find(':') != std::string::npos;
  if (by_name != nullptr && names_origin) return {operations_of(*by_name), {}};
  // A Hall symbol tells the origin that the name of the same group leaves open.
  if (by_name != nullptr && by_hall != nullptr && std::string_view(by_hall->hm) == by_name->hm)
    return {operations_of(by_name->ext == '1' ? *by_hall : *by_name), {}};
  if (by_name != nullptr) return with_open_origin(*by_name);
  if (by_hall != nullptr) return {operations_of(*by_hall), {}};
  const std::string number =
      value_of(block, {"_space_group_it_number", "_symmetry_int_tables_number"});
  if (const auto value = text::to_integer(number); value && *value >= 1 && *value <= 230)
    return with_open_origin(gemmi::get_spacegroup_reference_setting(static_cast<int>(*value)));
  if (!name.empty() || !hall.empty())
    refuse(fmt::format("the space group '{}' is not known",
                       (name.empty() ? hall : name).substr(0, 40)));
  return {{SymmetryOperation{}}, {}};
}

}  // namespace

CifSymmetry cif_symmetry(const CifColumns& block, const LatticeParameters& cell) {
  const CifValues* texts =
      column_of(block, {"_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz",
                        "_symmetry_equiv.pos_as_xyz", "_space_group_symop.operation_xyz"});
  if (texts == nullptr || cif_string(texts->front()).empty()) return symmetry_of_group(block, cell);
  if (texts->size() > kMostOperations) refuse(fmt::format("{} symmetry operations", texts->size()));
  CifSymmetry symmetry;
  for (const std::string& text : *texts)
    symmetry.operations.push_back(parse_symmetry_operation(cif_string(text)));
  return symmetry;
}

}  // namespace equigen
