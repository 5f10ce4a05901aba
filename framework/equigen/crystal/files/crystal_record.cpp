// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/crystal_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

constexpr double kLongest = 10'000;  // Å

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

/// Of elements that are too heavy to be supported (104 to 118).
bool is_heaviest(std::string_view symbol) {
  constexpr std::array<std::string_view, 15> kSymbols{
      "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og"};
  return std::ranges::find(kSymbols, symbol) != kSymbols.end();
}

int element_of(std::string_view letters) {
  std::string symbol = text::lower(letters);
  if (symbol == "d" || symbol == "t") return 1;
  if (!symbol.empty())
    symbol[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(symbol[0])));
  return atomic_number_of_element(symbol);
}

}  // namespace

int element_of_label(std::string_view label, bool is_symbol) {
  std::string_view letters = text::trim(label);
  std::size_t count = 0;
  while (count < letters.size() && is_letter(letters[count])) ++count;
  letters = letters.substr(0, count);
  const bool in_capitals =
      letters.size() > 1 && std::isupper(static_cast<unsigned char>(letters[1])) != 0;
  int number = 0;
  // "Ow1" is oxygen of water, "CA1" may be carbon A1: only small second letters make an element.
  if (is_symbol || !in_capitals) number = element_of(letters.substr(0, 2));
  if (number == 0 && !is_heaviest(letters) && (!is_symbol || letters.size() > 2))
    number = element_of(letters.substr(0, 1));
  if (number == 0 && in_capitals) number = element_of(letters.substr(0, 2));
  if (number == 0)
    throw DataError("element-unknown", fmt::format("'{}' is no element", label.substr(0, 40)),
                    fmt::format("elements 1 (H) to {} (Lr) are supported", kLargestAtomicNumber));
  return number;
}

void require_usable_lengths(const Vector3& lengths) {
  for (const double length : lengths)
    if (!(length > 0 && length <= kLongest))
      throw DataError("crystal-lattice", fmt::format("{} Å is no length of a cell", length));
}

void require_usable(const LatticeParameters& parameters) {
  require_usable_lengths(parameters.lengths);
  for (const double angle : parameters.angles)
    if (!(angle > 0 && angle < 180))
      throw DataError("crystal-lattice", fmt::format("{} degrees is no angle of a cell", angle));
}

}  // namespace equigen
