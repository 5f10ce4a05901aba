// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/poscar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/files/crystal_record.h"

namespace equigen {
namespace {

constexpr double kFarthest = 1e6;
constexpr std::size_t kMostWords = 1000;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (words.size() < kMostWords) {
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    words.push_back(line.substr(0, line.find_first_of(" \t\r")));
    line.remove_prefix(words.back().size());
  }
  return words;
}

/// VASP's Fortran writes exponents with D, too.
std::optional<double> real_of(std::string_view word) {
  std::string plain(word.starts_with('+') ? word.substr(1) : word);
  std::ranges::replace_if(
      plain, [](char c) { return c == 'd' || c == 'D'; }, 'e');
  const auto value = text::to_real(plain);
  return value && std::isfinite(*value) && std::abs(*value) <= kFarthest ? value : std::nullopt;
}

class PoscarReader {
 public:
  explicit PoscarReader(std::string_view text) : rest_(text) {}

  Crystal read() {
    const std::string title(text::trim(next_line("the first line")));
    crystal_.name = title;
    read_lattice();
    read_elements(title);
    read_sites();
    return std::move(crystal_);
  }

 private:
  [[noreturn]] void refuse(const std::string& reason) const {
    throw DataError("poscar-invalid", fmt::format("line {}: {}", line_, reason));
  }

  std::string_view next_line(const char* what) {
    ++line_;
    if (rest_.empty()) refuse(fmt::format("the file ends before {}", what));
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }

  Vector3 three_numbers(std::string_view line, const char* what) const {
    const auto words = words_of(line);
    Vector3 numbers{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto number = axis < words.size() ? real_of(words[axis]) : std::nullopt;
      if (!number) refuse(fmt::format("{} needs three numbers", what));
      numbers[axis] = *number;
    }
    return numbers;
  }

  void read_lattice() {
    const auto scale_line = next_line("the scale");
    const auto words = words_of(scale_line);
    const auto first = words.empty() ? std::nullopt : real_of(words[0]);
    if (!first || *first == 0) refuse("the scale is no number, or 0");
    scale_ = {*first, *first, *first};
    if (words.size() >= 3 && real_of(words[1]) && real_of(words[2]))
      scale_ = three_numbers(scale_line, "the scale");
    Matrix3 vectors{};
    for (Vector3& vector : vectors)
      vector = three_numbers(next_line("the lattice"), "a lattice vector");
    if (*first < 0) {
      const double volume = Lattice(vectors).volume();
      if (!(volume > 0)) refuse("a lattice without volume cannot be scaled to one");
      scale_.fill(std::cbrt(-*first / volume));
    }
    for (Vector3& vector : vectors)
      for (std::size_t axis = 0; axis < 3; ++axis) vector[axis] *= scale_[axis];
    crystal_.lattice = Lattice(vectors);
  }

  void read_elements(const std::string& title) {
    auto line = next_line("the counts of atoms");
    auto words = words_of(line);
    if (words.empty()) refuse("neither elements nor counts");
    std::vector<int> elements;
    if (!text::to_integer(words[0])) {
      for (const auto word : words) elements.push_back(element_at(word));
      words = words_of(next_line("the counts of atoms"));
    } else {
      elements = elements_of_title(title, words);
    }
    std::size_t kind = 0;
    for (const auto word : words) {
      const auto count = text::to_integer(word);
      if (!count) break;  // a remark behind the counts
      if (kind >= elements.size()) refuse("more counts than elements");
      if (*count < 0 || static_cast<std::size_t>(*count) + count_ > kMostAtomsOfCell)
        refuse(fmt::format("{} atoms", *count));
      crystal_.atomic_numbers.insert(crystal_.atomic_numbers.end(),
                                     static_cast<std::size_t>(*count),
                                     static_cast<std::uint8_t>(elements[kind++]));
      count_ += static_cast<std::size_t>(*count);
    }
    if (kind < elements.size()) refuse("fewer counts than elements");
  }

  int element_at(std::string_view word) const {
    try {
      return element_of_label(word.substr(0, word.find_first_of("_/")), true);
    } catch (const DataError& problem) {
      refuse(problem.message());
    }
  }

  /// The old form has no line of elements; many programs put them into the first line.
  std::vector<int> elements_of_title(const std::string& title,
                                     const std::vector<std::string_view>& counts) const {
    const auto kinds = static_cast<std::size_t>(std::ranges::count_if(
        counts, [](std::string_view word) { return text::to_integer(word).has_value(); }));
    const auto words = words_of(title);
    std::vector<int> elements;
    for (const auto word : words) {
      const int number = atomic_number_of_element(word);
      if (number > 0) elements.push_back(number);
    }
    if (elements.size() != kinds || words.size() != kinds)
      refuse("the elements are not named (a POSCAR of VASP 4); add a line with them");
    return elements;
  }

  void read_sites() {
    auto line = text::trim(next_line("the coordinates"));
    if (!line.empty() && (line[0] == 'S' || line[0] == 's'))
      line = text::trim(next_line("the coordinates"));
    const bool is_cartesian =
        !line.empty() && std::string_view("CcKk").find(line[0]) != std::string_view::npos;
    for (std::size_t i = 0; i < count_; ++i) {
      Vector3 at = three_numbers(next_line("all atoms"), "an atom");
      if (is_cartesian) {
        for (std::size_t axis = 0; axis < 3; ++axis) at[axis] *= scale_[axis];
        at = crystal_.lattice.to_fractional(at);
      }
      crystal_.fractional_coordinates.push_back(at);
    }
  }

  std::string_view rest_;
  std::int64_t line_ = 0;
  Vector3 scale_{1, 1, 1};
  std::size_t count_ = 0;
  Crystal crystal_;
};

}  // namespace

Crystal read_poscar(std::string_view text) {
  return PoscarReader(text).read();
}

std::string poscar_text(const Crystal& crystal) {
  std::vector<std::uint8_t> order;
  for (const auto number : crystal.atomic_numbers)
    if (std::ranges::find(order, number) == order.end()) order.push_back(number);
  std::string title = crystal.name.empty() ? formula(composition(crystal)) : crystal.name;
  std::ranges::replace_if(
      title, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  std::string text = title + "\n1.0\n";
  for (const Vector3& vector : crystal.lattice.vectors())
    text += fmt::format("{:20.12f} {:20.12f} {:20.12f}\n", vector[0], vector[1], vector[2]);
  std::string symbols, counts;
  for (const auto number : order) {
    symbols += ' ' + element(number).symbol;
    counts += fmt::format(" {}", std::ranges::count(crystal.atomic_numbers, number));
  }
  text += symbols + "\n" + counts + "\nDirect\n";
  for (const auto number : order)
    for (std::size_t i = 0; i < crystal.size(); ++i) {
      if (crystal.atomic_numbers[i] != number) continue;
      const Vector3& at = crystal.fractional_coordinates[i];
      text += fmt::format("{:16.12f} {:16.12f} {:16.12f}\n", at[0], at[1], at[2]);
    }
  return text;
}

}  // namespace equigen
