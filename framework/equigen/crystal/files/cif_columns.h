// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// One block of a CIF as plain texts. This header and its source are C++17: gemmi's documents do
/// not compile as C++20 with clang and libstdc++ 12.
namespace equigen {

using CifValues = std::vector<std::string>;

/// Tags in lower case with their values as written, quotes included; a single value is a list of
/// one. Of a tag that stands twice the first counts.
struct CifColumns {
  std::string block_name;
  std::map<std::string, CifValues> columns;

  /// nullptr where the block has no such tag, or no values of it.
  const CifValues* find(const std::string& tag) const {
    const auto found = columns.find(tag);
    return found == columns.end() || found->second.empty() ? nullptr : &found->second;
  }
};

/// Throws DataError ("cif-invalid") with the place: not CIF, no block.
CifColumns parse_cif_columns(std::string_view text);

/// The text without quotes; empty for "?" and ".".
std::string cif_string(const std::string& value);

/// The number, an uncertainty in brackets dropped; `otherwise` where there is none.
double cif_number(const std::string& value, double otherwise);

}  // namespace equigen
