// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace equigen {

struct CsvRow {
  std::vector<std::string> fields;
  std::int64_t line = 0;  ///< where it starts, from 1
};

/// Splits text into rows and fields (RFC 4180): a field in quotes may hold separators, line ends
/// and doubled quotes. Empty lines are no rows. A quote that is never closed ends with the text.
std::vector<CsvRow> split_csv(std::string_view text, char separator);

/// A field as it is written: in quotes where RFC 4180 asks for them, and where it holds what could
/// be taken for another separator (semicolons, tabs).
std::string csv_field(std::string_view text);

}  // namespace equigen
