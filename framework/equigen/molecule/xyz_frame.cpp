// SPDX-License-Identifier: MIT
#include "equigen/molecule/xyz_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/base/xyz_comment.h"
#include "equigen/molecule/bond_perception.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

constexpr double kFarthest = 1e6;  // Å; beyond this a position is damage
constexpr std::size_t kMostTokens = 64;
constexpr int kLinesBehindQm9Frame = 3;

[[noreturn]] void refuse(const std::string& reason) {
  throw DataError("xyz-invalid", reason);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text::trim(text.substr(0, end)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string_view> tokens_of(std::string_view line) {
  std::vector<std::string_view> tokens;
  while (tokens.size() < kMostTokens) {
    const auto begin = line.find_first_not_of(" \t,");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    tokens.push_back(line.substr(0, line.find_first_of(" \t,")));
    line.remove_prefix(tokens.back().size());
  }
  return tokens;
}

/// The number of atoms that a line announces.
std::optional<std::int64_t> count_in(std::string_view line) {
  const auto count = text::to_integer(line);
  return count && *count >= 0 ? count : std::nullopt;
}

bool is_qm9_comment(std::string_view comment) {
  return comment.starts_with("gdb ") || comment.starts_with("gdb\t");
}

class FrameCutter {
 public:
  explicit FrameCutter(std::string_view text) : text_(text), lines_(lines_of(text)) {
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      starts_.push_back(at);
      if (text.find('\n', at) == std::string_view::npos) break;
    }
  }

  std::vector<XyzFrame> cut() {
    while (next_ < lines_.size()) {
      if (lines_[next_].empty()) {
        ++next_;
      } else if (const auto count = count_in(lines_[next_])) {
        cut_frame(*count);
      } else {
        const std::size_t first = next_;
        while (next_ < lines_.size() && !count_in(lines_[next_])) ++next_;
        add(first, fmt::format("'{}' is not the number of atoms with which a frame begins",
                               lines_[first].substr(0, 40)));
      }
    }
    return std::move(frames_);
  }

 private:
  void cut_frame(std::int64_t count) {
    const std::size_t first = next_;
    std::size_t end = first + 1;
    if (end < lines_.size()) ++end;  // the comment may be anything
    std::int64_t atoms = 0;
    while (atoms < count && end < lines_.size() && !count_in(lines_[end])) {
      ++end;
      ++atoms;
    }
    next_ = end;
    const bool whole = atoms == count;
    if (whole && first + 1 < lines_.size() && is_qm9_comment(lines_[first + 1])) pass_over_qm9();
    add(first, end, whole ? "" : fmt::format("{} atoms are announced and {} follow", count, atoms));
  }

  void pass_over_qm9() {
    for (int i = 0; i < kLinesBehindQm9Frame && next_ < lines_.size(); ++i) {
      if (count_in(lines_[next_])) return;
      ++next_;
    }
  }

  void add(std::size_t first, std::string problem) { add(first, next_, std::move(problem)); }
  void add(std::size_t first, std::size_t end, std::string problem) {
    const std::size_t stop = end < starts_.size() ? starts_[end] : text_.size();
    frames_.push_back({text_.substr(starts_[first], stop - starts_[first]),
                       static_cast<std::int64_t>(first) + 1, std::move(problem)});
  }

  std::string_view text_;
  std::vector<std::string_view> lines_;
  std::vector<std::size_t> starts_;  ///< of each line in the text
  std::size_t next_ = 0;
  std::vector<XyzFrame> frames_;
};

/// What the comment calls the molecule.
std::string title_of(const XyzComment& comment, std::string_view line) {
  std::string title = text::join(comment.words, " ");
  for (const char* key : {"name", "title", "id"})
    if (const auto* value = comment.find(key); value && title.empty()) title = *value;
  if (is_qm9_comment(line) && comment.words.size() > 1)
    title = comment.words[0] + "_" + comment.words[1];
  return title;
}

struct Columns {
  std::size_t element = 0;
  std::size_t position = 1;
};

/// Columns of the extended format: "species:S:1:pos:R:3".
Columns columns_of(const std::string& properties) {
  const auto parts = text::split(properties, ':');
  std::optional<std::size_t> element, position;
  std::size_t column = 0;
  for (std::size_t i = 0; i + 2 < parts.size(); i += 3) {
    const auto width = text::to_integer(parts[i + 2]);
    if (!width || *width < 1 || *width > 1000) refuse("Properties cannot be understood");
    const std::string name = text::lower(parts[i]);
    if (name == "species" || (name == "z" && !element)) element = column;
    if ((name == "pos" || name == "positions") && *width == 3) position = column;
    column += static_cast<std::size_t>(*width);
  }
  if (!element || !position) refuse("Properties names no species and pos of three columns");
  return {*element, *position};
}

void refuse_periodic(const XyzComment& comment) {
  const auto* periodic = comment.find("pbc");
  const bool says_no = periodic && periodic->find_first_of("Tt1") == std::string::npos;
  if (says_no || (!periodic && !comment.find("lattice"))) return;
  refuse("the frame is periodic; molecules are read, not crystals");
}

int element_of(std::string_view word) {
  if (const auto number = text::to_integer(word))
    return *number >= 1 && *number <= 118 ? static_cast<int>(*number) : 0;
  while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.remove_suffix(1);
  std::string symbol = text::lower(word);
  if (symbol == "d" || symbol == "t") return 1;
  if (!symbol.empty())
    symbol[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(symbol[0])));
  return atomic_number_of(symbol);
}

double coordinate_of(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  std::optional<double> value = text::to_real(word);
  if (const auto mark = word.find("*^"); !value && mark != std::string_view::npos)
    value = text::to_real(fmt::format("{}e{}", word.substr(0, mark), word.substr(mark + 2)));
  if (!value || !std::isfinite(*value) || std::abs(*value) > kFarthest)
    refuse(fmt::format("'{}' is no coordinate", word.substr(0, 40)));
  return *value;
}

void add_atom(std::string_view line, const Columns& columns, Molecule& molecule) {
  const auto tokens = tokens_of(line);
  if (tokens.size() <= columns.element || tokens.size() < columns.position + 3)
    refuse(
        fmt::format("atom {} lacks an element and three coordinates", molecule.atoms.size() + 1));
  const int element = element_of(tokens[columns.element]);
  if (element == 0)
    refuse(fmt::format("atom {}: '{}' is no element", molecule.atoms.size() + 1,
                       tokens[columns.element].substr(0, 40)));
  molecule.atoms.push_back({static_cast<std::uint8_t>(element), 0});
  auto& position = molecule.positions.emplace_back();
  for (std::size_t axis = 0; axis < 3; ++axis)
    position[axis] = coordinate_of(tokens[columns.position + axis]);
}

/// Atoms near each other, joined by bonds of order 0: a molecule that is none.
Molecule without_orders(Molecule molecule) {
  try {
    for (const auto& [first, second] : perceive_connectivity(molecule))
      molecule.bonds.push_back({first, second, 0});
  } catch (const DataError&) {
    molecule.bonds.clear();  // atoms upon each other
  }
  if (molecule.atoms.size() == 1) return {};
  if (molecule.bonds.empty()) molecule.bonds.push_back({0, 1, 0});
  return molecule;
}

Molecule with_bonds(const Molecule& molecule, int charge, bool to_be_judged) {
  try {
    Molecule result = with_perceived_bonds(molecule, charge);
    result.smiles = smiles_from_positions(result);
    return result;
  } catch (const DataError&) {
    if (!to_be_judged) throw;
    return without_orders(molecule);
  }
}

}  // namespace

std::vector<XyzFrame> frames_of_xyz(std::string_view text) {
  return FrameCutter(text).cut();
}

MoleculeRecord read_xyz_frame(std::string_view text, const MoleculeFileOptions& options) {
  const auto lines = lines_of(text);
  const std::size_t count = static_cast<std::size_t>(count_in(lines.at(0)).value());
  const std::string_view line = lines.size() > 1 ? std::string_view(lines[1]) : "";
  const XyzComment comment = parse_xyz_comment(line);
  MoleculeRecord record;
  const auto* properties = comment.find("properties");
  const Columns columns = properties ? columns_of(*properties) : Columns{};
  refuse_periodic(comment);
  int charge = options.charge;
  for (const auto& [name, value] : comment.entries) {
    const auto number = text::to_real(value);
    if (!number) continue;
    const bool is_charge = name == "charge" || name == "total_charge";
    if (is_charge && std::abs(*number) <= 20) charge = static_cast<int>(std::lround(*number));
    if (!is_charge) record.properties.emplace_back(name, *number);
  }
  for (std::size_t i = 0; i < count; ++i) add_atom(lines.at(2 + i), columns, record.molecule);
  if (count > 0) record.molecule = with_bonds(record.molecule, charge, options.to_be_judged);
  record.molecule.name = count > 0 ? title_of(comment, line) : "";
  return record;
}

std::string xyz_record(const Molecule& molecule,
                       std::span<const std::pair<std::string, double>> properties, bool extended,
                       std::span<const std::pair<std::string, std::string>> texts) {
  if (molecule.positions.size() != molecule.atoms.size())
    throw DataError("xyz-positions", "a molecule without positions cannot be written as .xyz",
                    "choose .smi, .sdf or .jsonl");
  std::string comment = molecule.atoms.empty() ? "invalid" : molecule.name;
  std::ranges::replace_if(
      comment, [](char c) { return c == '\n' || c == '\r' || c == '='; }, ' ');
  if (extended) {
    std::ranges::replace(comment, '"', '\'');
    comment = fmt::format("Properties=species:S:1:pos:R:3 pbc=\"F F F\" name=\"{}\"", comment);
  }
  int charge = 0;
  for (const Atom& atom : molecule.atoms) charge += atom.formal_charge;
  if (charge != 0) comment += fmt::format(" charge={}", charge);
  for (const auto& [name, value] : properties)
    comment += fmt::format(" {}={}", name, text::shortest(value));
  if (extended)
    for (const auto& [name, value] : texts) comment += ' ' + xyz_comment_entry(name, value);
  std::string result = fmt::format("{}\n{}\n", molecule.atoms.size(), comment);
  for (std::size_t i = 0; i < molecule.atoms.size(); ++i) {
    const auto& position = molecule.positions[i];
    result += fmt::format("{:<2} {:14.8f} {:14.8f} {:14.8f}\n",
                          element_symbol(molecule.atoms[i].atomic_number), position[0], position[1],
                          position[2]);
  }
  return result;
}

}  // namespace equigen
