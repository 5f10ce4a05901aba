// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/extxyz.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/base/xyz_comment.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

constexpr const char* kNameless = "invalid";  ///< the name of a frame without atoms that had none

constexpr double kFarthest = 1e6;  // Å

[[noreturn]] void refuse(const std::string& reason) {
  throw DataError("extxyz-invalid", reason);
}

std::vector<std::string_view> words_of(std::string_view text, std::size_t most) {
  std::vector<std::string_view> words;
  while (words.size() < most) {
    const auto begin = text.find_first_not_of(" \t\r,");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    words.push_back(text.substr(0, text.find_first_of(" \t\r,")));
    text.remove_prefix(words.back().size());
  }
  return words;
}

/// "T T T", "1 1 1", "True True False": how many say yes.
std::size_t periodic_axes(const std::string& pbc) {
  std::size_t count = 0;
  for (const auto word : words_of(pbc, 3))
    if (word[0] == 'T' || word[0] == 't' || word[0] == '1') ++count;
  return count;
}

double number_of(std::string_view word, const char* what) {
  if (word.starts_with('+')) word.remove_prefix(1);
  const auto value = text::to_real(word);
  if (!value || !std::isfinite(*value) || std::abs(*value) > kFarthest)
    refuse(fmt::format("'{}' is no {}", word.substr(0, 40), what));
  return *value;
}

Lattice lattice_of(const std::string& text) {
  const auto words = words_of(text, 10);
  if (words.size() != 9) refuse(fmt::format("Lattice has {} numbers, not 9", words.size()));
  Matrix3 vectors{};
  for (std::size_t k = 0; k < 9; ++k)
    vectors[k / 3][k % 3] = number_of(words[k], "component of the lattice");
  return Lattice(vectors);
}

struct Columns {
  std::size_t element = 0;
  std::size_t position = 1;
};

Columns columns_of(const std::string* properties) {
  if (properties == nullptr) return {};
  const auto parts = text::split(*properties, ':');
  std::optional<std::size_t> element, position;
  std::size_t column = 0;
  for (std::size_t i = 0; i + 2 < parts.size(); i += 3) {
    const auto width = text::to_integer(parts[i + 2]);
    if (!width || *width < 1 || *width > 1000) refuse("Properties cannot be understood");
    const std::string name = text::lower(parts[i]);
    if (name == "species" || name == "element" || (name == "z" && !element)) element = column;
    if ((name == "pos" || name == "positions") && *width == 3) position = column;
    column += static_cast<std::size_t>(*width);
  }
  if (!element || !position) refuse("Properties names no species and pos of three columns");
  return {*element, *position};
}

int element_at(std::string_view word) {
  if (const auto number = text::to_integer(word)) {
    if (*number < 1 || *number > kLargestAtomicNumber)
      refuse(fmt::format("{} is no atomic number from 1 to {}", *number, kLargestAtomicNumber));
    return static_cast<int>(*number);
  }
  return element_of_label(word, true);
}

void add_atom(std::string_view line, const Columns& columns, Crystal& crystal) {
  const std::size_t needed = std::max(columns.element + 1, columns.position + 3);
  const auto words = words_of(line, needed);
  if (words.size() < needed)
    refuse(fmt::format("atom {} lacks an element and three coordinates", crystal.size() + 1));
  Vector3 at{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    at[axis] = number_of(words[columns.position + axis], "coordinate");
  crystal.atomic_numbers.push_back(static_cast<std::uint8_t>(element_at(words[columns.element])));
  crystal.fractional_coordinates.push_back(crystal.lattice.to_fractional(at));
}

std::string name_in(const XyzComment& comment) {
  for (const char* key : {"name", "material_id", "id", "title"})
    if (const auto* value = comment.find(key); value && !value->empty()) return *value;
  return {};
}

void take_entries(const XyzComment& comment, CrystalRecord& record) {
  record.crystal.name = name_in(comment);
  for (const auto& [key, value] : comment.entries) {
    const std::string lower = text::lower(key);
    if (lower == "lattice" || lower == "pbc" || lower == "properties" ||
        (value == record.crystal.name && !value.empty()))
      continue;
    if (const auto number = text::to_real(value))
      record.properties.emplace_back(key, *number);
    else if (!value.empty())
      record.texts.emplace_back(key, value);
  }
}

}  // namespace

bool comment_is_of_crystal(std::string_view comment) {
  const XyzComment parsed = parse_xyz_comment(comment);
  if (parsed.find("lattice") == nullptr) return false;
  const std::string* pbc = parsed.find("pbc");
  return pbc == nullptr || periodic_axes(*pbc) > 0;
}

std::string name_of_extxyz_frame(std::string_view text) {
  const auto first = text.find('\n');
  if (first == std::string_view::npos) return {};
  const auto rest = text.substr(first + 1);
  return name_in(parse_xyz_comment(rest.substr(0, rest.find('\n'))));
}

CrystalRecord read_extxyz_frame(std::string_view text) {
  const auto lines = text::split(text, '\n');
  const auto count = text::to_integer(text::trim(lines[0]));
  if (!count || *count < 0 || static_cast<std::size_t>(*count) > kMostAtomsOfCell)
    refuse("the frame does not begin with its number of atoms");
  const auto atoms = static_cast<std::size_t>(*count);
  if (lines.size() < atoms + 2) refuse(fmt::format("{} atoms are announced, fewer follow", atoms));
  const XyzComment comment = parse_xyz_comment(lines[1]);
  const std::string* lattice = comment.find("lattice");
  if (lattice == nullptr) refuse("the frame has no Lattice; crystals are read, not molecules");
  if (const auto* pbc = comment.find("pbc"); pbc && periodic_axes(*pbc) != 3)
    refuse(fmt::format("pbc=\"{}\": the frame is not periodic along all axes", pbc->substr(0, 20)));
  CrystalRecord record;
  take_entries(comment, record);
  if (atoms == 0) {
    if (record.crystal.name == kNameless) record.crystal.name.clear();
    return record;
  }
  record.crystal.lattice = lattice_of(*lattice);
  const Columns columns = columns_of(comment.find("properties"));
  for (std::size_t i = 0; i < atoms; ++i) add_atom(lines[i + 2], columns, record.crystal);
  return record;
}

std::string extxyz_text(const CrystalRecord& record) {
  const Crystal& crystal = record.crystal;
  std::vector<std::string> components;
  for (const Vector3& vector : crystal.lattice.vectors())
    for (const double component : vector) components.push_back(fmt::format("{:.10f}", component));
  const std::string lattice = text::join(components, " ");
  std::string name = crystal.size() == 0 && crystal.name.empty() ? kNameless : crystal.name;
  std::ranges::replace_if(
      name, [](char c) { return c == '\n' || c == '\r' || c == '"'; }, ' ');
  std::string text =
      fmt::format("{}\nLattice=\"{}\" Properties=species:S:1:pos:R:3 pbc=\"T T T\" name=\"{}\"",
                  crystal.size(), lattice, name);
  for (const auto& [key, value] : record.properties) {
    std::string safe = key;
    std::ranges::replace_if(
        safe, [](char c) { return c <= ' ' || c == '=' || c == '"'; }, '_');
    text += fmt::format(" {}={}", safe, text::shortest(value));
  }
  for (const auto& [key, value] : record.texts) text += ' ' + xyz_comment_entry(key, value);
  text += '\n';
  for (std::size_t i = 0; i < crystal.size(); ++i) {
    const Vector3 at = crystal.lattice.to_cartesian(crystal.fractional_coordinates[i]);
    text += fmt::format("{:<2} {:16.10f} {:16.10f} {:16.10f}\n",
                        element(crystal.atomic_numbers[i]).symbol, at[0], at[1], at[2]);
  }
  return text;
}

}  // namespace equigen
