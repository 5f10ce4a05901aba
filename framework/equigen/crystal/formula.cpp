// SPDX-License-Identifier: MIT
#include "equigen/crystal/formula.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdint>
#include <map>
#include <string>

#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

constexpr std::int64_t kMostAtoms = 1'000'000;
constexpr int kDeepest = 20;

using Counts = std::map<int, std::int64_t>;

class FormulaReader {
 public:
  explicit FormulaReader(std::string_view text) : text_(text) {}

  Counts read() {
    Counts counts = group('\0', 0);
    if (counts.empty()) refuse("it names no element");
    return counts;
  }

 private:
  [[noreturn]] void refuse(const std::string& reason) const {
    throw DataError("crystal.formula", fmt::format("'{}' is not a formula: {}", text_, reason),
                    "expected whole counts, as in SrTiO3 or Ca3(PO4)2");
  }

  [[nodiscard]] bool ended() const { return at_ == text_.size(); }
  [[nodiscard]] char next() const { return ended() ? '\0' : text_[at_]; }

  /// Up to the bracket that closes the group, which is taken too.
  Counts group(char closing, int depth) {
    if (depth > kDeepest) refuse("brackets are nested too deeply");
    Counts counts;
    while (!ended()) {
      const char character = text_[at_];
      if (character == ' ') {
        ++at_;
      } else if (character == '(' || character == '[') {
        ++at_;
        add(group(character == '(' ? ')' : ']', depth + 1), counts);
      } else if (character == ')' || character == ']') {
        if (character != closing) refuse(fmt::format("'{}' closes nothing", character));
        ++at_;
        return counts;
      } else {
        add({{symbol(), 1}}, counts);
      }
    }
    if (closing != '\0') refuse(fmt::format("'{}' is missing", closing));
    return counts;
  }

  int symbol() {
    const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
    std::size_t length = 1;
    if (at_ + 1 < text_.size() && is_lower(text_[at_ + 1])) length = 2;
    const std::string_view name = text_.substr(at_, length);
    const int number = atomic_number_of_element(name);
    if (number == 0) refuse(fmt::format("there is no element '{}'", name));
    at_ += length;
    return number;
  }

  std::int64_t count() {
    std::int64_t value = 0;
    const std::size_t start = at_;
    while (std::isdigit(static_cast<unsigned char>(next())) != 0) {
      value = 10 * value + (text_[at_++] - '0');
      if (value > kMostAtoms) refuse("a count is too large");
    }
    if (next() == '.') refuse("a count is not whole");
    if (start == at_) return 1;
    if (value == 0) refuse("a count is 0");
    return value;
  }

  void add(const Counts& part, Counts& counts) {
    const std::int64_t times = count();
    for (const auto& [element, number] : part) {
      if (number * times > kMostAtoms - counts[element]) refuse("it has too many atoms");
      counts[element] += number * times;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Composition parse_formula(std::string_view text) {
  Composition composition;
  for (const auto& [element, count] : FormulaReader(text).read())
    composition.emplace_back(element, static_cast<int>(count));
  return composition;
}

}  // namespace equigen
