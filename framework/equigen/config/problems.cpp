// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "equigen/base/error.h"
#include "equigen/config/validate.h"

namespace equigen::config {
namespace {

constexpr std::size_t kIdentifierColumn = 68;
constexpr int kLongestSourceLine = 100;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Characters of UTF-8 text from `first` on, at most `count`.
std::string_view characters(std::string_view text, int first, int count) {
  const auto offset_of = [&](int index) {
    std::size_t offset = 0;
    while (offset < text.size() && index > 0) {
      ++offset;
      while (offset < text.size() && is_continuation(text[offset])) ++offset;
      --index;
    }
    return offset;
  };
  const std::size_t start = offset_of(first);
  return text.substr(start, offset_of(first + count) - start);
}

/// The source line with the carets below; of a long line the part around the mistake.
std::string marked_line(const Problem& problem) {
  const Origin& origin = problem.origin;
  std::string line = origin.source_line;
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  const int column = std::max(origin.column, 1);
  const int skipped =
      column > kLongestSourceLine / 2 && line.size() > static_cast<std::size_t>(kLongestSourceLine)
          ? column - kLongestSourceLine / 2
          : 0;
  const std::string shown(characters(line, skipped, kLongestSourceLine));
  const int length = std::clamp(problem.length, 1, kLongestSourceLine - (column - skipped) + 1);
  std::string text = fmt::format("{:>5} | {}\n", origin.line, shown);
  text +=
      fmt::format("      | {}{}", std::string(static_cast<std::size_t>(column - skipped - 1), ' '),
                  std::string(static_cast<std::size_t>(length), '^'));
  if (!problem.label.empty()) text += ' ' + problem.label;
  return text + '\n';
}

std::string rendered(const Problem& problem) {
  std::string text = fmt::format("error: {}", problem.message);
  const std::size_t used = text.size();
  text.append(used + 2 > kIdentifierColumn ? 2 : kIdentifierColumn - used, ' ');
  text += fmt::format("[{}]\n", problem.identifier);
  if (!problem.origin.source.empty()) text += fmt::format("  --> {}\n", problem.origin.where());
  const bool has_line = problem.origin.line > 0 && !problem.origin.source_line.empty();
  if (has_line) {
    text += marked_line(problem);
  } else if (!problem.label.empty()) {
    text += fmt::format("   = {}\n", problem.label);
  }
  if (!problem.note.empty()) text += fmt::format("   = {}\n", problem.note);
  return text;
}

/// Files first, by name and place; then arguments of the command line, where a longer source name
/// is a higher number.
bool is_before(const Problem& a, const Problem& b) {
  const auto group = [](const Origin& origin) {
    return std::make_tuple(origin.line == 0, origin.line == 0 ? origin.source.size() : 0);
  };
  if (group(a.origin) != group(b.origin)) return group(a.origin) < group(b.origin);
  const auto place = [](const Origin& o) { return std::tie(o.source, o.line, o.column); };
  return place(a.origin) < place(b.origin);
}

}  // namespace

void Problems::add(Problem problem) {
  // An anchored value that several aliases repeat is checked each time, but is one mistake.
  const bool known = std::ranges::any_of(problems_, [&](const Problem& other) {
    return other.message == problem.message && other.origin.where() == problem.origin.where();
  });
  if (!known) problems_.push_back(std::move(problem));
}

bool Problems::lacks_keys() const {
  return std::ranges::any_of(problems_, &Problem::lacks_keys);
}

bool Problems::stopped() const {
  return std::ranges::any_of(problems_, &Problem::stops);
}

std::string Problems::render() const {
  std::vector<Problem> sorted = problems_;
  std::ranges::stable_sort(sorted, is_before);
  std::string text;
  for (const auto& problem : sorted) text += rendered(problem);
  text += fmt::format("{} {} in the configuration; nothing was run.", sorted.size(),
                      sorted.size() == 1 ? "error" : "errors");
  return text;
}

void Problems::throw_if_any() const {
  if (!empty()) throw ConfigError(kProblemsIdentifier, render());
}

}  // namespace equigen::config
