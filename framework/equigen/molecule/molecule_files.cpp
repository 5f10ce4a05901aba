// SPDX-License-Identifier: MIT
#include "equigen/molecule/molecule_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <new>
#include <optional>

#include "equigen/base/csv_rows.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/parallel.h"
#include "equigen/base/text.h"
#include "equigen/molecule/sdf_record.h"
#include "equigen/molecule/smiles.h"
#include "equigen/molecule/xyz_frame.h"

namespace equigen {
namespace {

constexpr std::string_view kInvalid = "invalid";
constexpr std::int64_t kRowsAtOnce = 128;

/// A row cut out of a file, before anything of it is understood.
struct Piece {
  std::string_view text;
  std::int64_t line = 0;
};

struct Understood {
  std::optional<MoleculeRecord> record;
  std::string reason;
};

/// Understands every row on all cores; keeps the order.
MoleculeFile understand(std::size_t count, const std::function<std::int64_t(std::size_t)>& line_of,
                        const std::function<MoleculeRecord(std::size_t)>& read) {
  std::vector<Understood> rows(count);
  const auto blocks = (static_cast<std::int64_t>(count) + kRowsAtOnce - 1) / kRowsAtOnce;
  parallel_for(blocks, [&](std::int64_t block) {
    const auto begin = static_cast<std::size_t>(block * kRowsAtOnce);
    for (std::size_t i = begin; i < std::min(count, begin + kRowsAtOnce); ++i) {
      try {
        rows[i].record = read(i);
      } catch (const DataError& error) {
        rows[i].reason = error.message();
      } catch (const std::bad_alloc&) {
        throw;
      } catch (const std::exception& error) {
        rows[i].reason = error.what();  // one of RDKit's many kinds
      }
    }
  });
  MoleculeFile file;
  file.row_count = static_cast<std::int64_t>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<std::int64_t>(i);
    if (!rows[i].record) {
      file.broken.push_back({row, line_of(i), std::move(rows[i].reason)});
      continue;
    }
    rows[i].record->row = row;
    rows[i].record->line = line_of(i);
    file.records.push_back(std::move(*rows[i].record));
  }
  return file;
}

Molecule molecule_of(std::string_view smiles) {
  return smiles == kInvalid ? Molecule{} : parse_smiles(smiles);
}

std::optional<std::pair<std::string, double>> property_of(std::string_view field) {
  const auto equals = field.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  const auto value = text::to_real(field.substr(equals + 1));
  if (!value) return std::nullopt;
  return std::pair{std::string(field.substr(0, equals)), *value};
}

/// Drops a CXSMILES extension ("|...|") in front of the title.
std::string_view without_extension(std::string_view rest) {
  if (!rest.starts_with('|')) return rest;
  const auto end = rest.find('|', 1);
  return end == std::string_view::npos ? rest : text::trim(rest.substr(end + 1));
}

MoleculeRecord read_smi_row(std::string_view line) {
  line = text::trim(line);
  const auto end = line.find_first_of(" \t");
  MoleculeRecord record;
  record.molecule = molecule_of(line.substr(0, end));
  if (end == std::string_view::npos) return record;
  const std::string_view rest = without_extension(text::trim(line.substr(end)));
  const char separator = rest.find('\t') == std::string_view::npos ? ' ' : '\t';
  std::vector<std::string> title;
  for (const std::string& field : text::split(rest, separator)) {
    if (auto property = property_of(text::trim(field)))
      record.properties.push_back(std::move(*property));
    else if (!text::trim(field).empty())
      title.emplace_back(text::trim(field));
  }
  record.molecule.name = text::join(title, " ");
  return record;
}

bool is_heading(std::string_view line) {
  const auto end = line.find_first_of(" \t,");
  return text::lower(line.substr(0, end)) == "smiles";
}

std::vector<Piece> lines_of_smi(std::string_view text) {
  std::vector<Piece> pieces;
  std::int64_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text::trim(text.substr(0, end));
    ++number;
    const bool is_row =
        !line.empty() && line.front() != '#' && !(pieces.empty() && is_heading(line));
    if (is_row) pieces.push_back({line, number});
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return pieces;
}

std::vector<Piece> records_of_sdf(std::string_view text) {
  std::vector<Piece> pieces;
  std::int64_t number = 1;
  std::int64_t first = 1;
  std::size_t begin = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const bool closes = text.substr(at, end - at).starts_with("$$$$");
    if (closes) {
      pieces.push_back({text.substr(begin, at - begin), first});
      begin = std::min(end + 1, text.size());
      first = number + 1;
    }
    at = end + 1;
    ++number;
  }
  if (!text::trim(text.substr(begin)).empty()) pieces.push_back({text.substr(begin), first});
  return pieces;
}

MoleculeFile parse_smi(std::string_view text) {
  const std::vector<Piece> pieces = lines_of_smi(text);
  return understand(
      pieces.size(), [&](std::size_t i) { return pieces[i].line; },
      [&](std::size_t i) { return read_smi_row(pieces[i].text); });
}

MoleculeFile parse_sdf(std::string_view text, const MoleculeFileOptions& options) {
  const std::vector<Piece> pieces = records_of_sdf(text);
  return understand(
      pieces.size(), [&](std::size_t i) { return pieces[i].line; },
      [&](std::size_t i) { return read_sdf_record(pieces[i].text, options); });
}

MoleculeFile parse_xyz(std::string_view text, const MoleculeFileOptions& options) {
  const std::vector<XyzFrame> frames = frames_of_xyz(text);
  return understand(
      frames.size(), [&](std::size_t i) { return frames[i].line; },
      [&](std::size_t i) {
        if (!frames[i].problem.empty()) throw DataError("xyz-invalid", frames[i].problem);
        return read_xyz_frame(frames[i].text, options);
      });
}

bool is_title(const std::string& column) {
  const std::string name = text::lower(column);
  return name == "name" || name == "title" || name == "id";
}

MoleculeRecord read_csv_row(const CsvRow& row, const std::vector<std::string>& names,
                            std::size_t smiles_column, bool keep_texts) {
  if (row.fields.size() != names.size())
    throw DataError("csv-row", fmt::format("{} fields where the heading has {}", row.fields.size(),
                                           names.size()));
  MoleculeRecord record;
  record.molecule = molecule_of(text::trim(row.fields[smiles_column]));
  for (std::size_t c = 0; c < names.size(); ++c) {
    if (c == smiles_column) continue;
    if (is_title(names[c]) && record.molecule.name.empty())
      record.molecule.name = row.fields[c];
    else if (const auto value = text::to_real(text::trim(row.fields[c])))
      record.properties.emplace_back(names[c], *value);
    else if (keep_texts && !row.fields[c].empty())
      record.texts.emplace_back(names[c], row.fields[c]);
  }
  return record;
}

/// What parts the heading of a .csv: a comma, or a semicolon or tab where they are more, quoted
/// ones not counted.
char separator_of(std::string_view text) {
  std::string heading;
  bool in_quotes = false;
  for (const char c : text.substr(0, text.find('\n'))) {
    if (c == '"') in_quotes = !in_quotes;
    if (!in_quotes) heading += c;
  }
  char found = ',';
  for (const char candidate : {';', '\t'})
    if (std::ranges::count(heading, candidate) > std::ranges::count(heading, found))
      found = candidate;
  return found;
}

bool is_smiles(std::string_view text) {
  try {
    return !parse_smiles(text).atoms.empty();
  } catch (const DataError&) {
    return false;
  }
}

bool holds_smiles(std::span<const CsvRow> rows, std::size_t column) {
  constexpr std::size_t kRowsToTry = 20;
  std::size_t filled = 0;
  for (const CsvRow& row : rows.first(std::min(rows.size(), kRowsToTry))) {
    if (column >= row.fields.size()) return false;
    const auto field = text::trim(row.fields[column]);
    if (field.empty()) continue;
    if (!is_smiles(field)) return false;
    ++filled;
  }
  return filled > 0;
}

/// The column by its name, or the only one whose first rows are SMILES.
std::size_t smiles_column_of(const std::vector<std::string>& names, std::span<const CsvRow> rows,
                             const std::string& wanted, const std::string& source) {
  const bool is_named = std::ranges::any_of(names, [](const std::string& name) {
    return text::lower(name).find("smiles") != std::string::npos;
  });
  if (!wanted.empty() || is_named) return find_smiles_column(names, wanted, source);
  std::vector<std::size_t> candidates;
  for (std::size_t c = 0; c < names.size(); ++c)
    if (holds_smiles(rows, c)) candidates.push_back(c);
  return candidates.size() == 1 ? candidates.front() : find_smiles_column(names, wanted, source);
}

MoleculeFile parse_csv(std::string_view text, char separator, const std::string& source,
                       const MoleculeFileOptions& options) {
  std::vector<CsvRow> rows = split_csv(text, separator);
  if (rows.empty()) throw DataError("csv-empty", fmt::format("{} is empty", source));
  std::vector<std::string> names;
  for (const std::string& field : rows.front().fields) names.emplace_back(text::trim(field));
  rows.erase(rows.begin());
  const std::size_t column = smiles_column_of(names, rows, options.smiles_column, source);
  return understand(
      rows.size(), [&](std::size_t i) { return rows[i].line; },
      [&](std::size_t i) { return read_csv_row(rows[i], names, column, options.keep_texts); });
}

}  // namespace

std::size_t find_smiles_column(std::span<const std::string> names, const std::string& wanted,
                               const std::string& source) {
  std::vector<std::size_t> exact, containing;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!wanted.empty() && names[i] == wanted) return i;
    const std::string name = text::lower(names[i]);
    if (name == "smiles") exact.push_back(i);
    if (name.find("smiles") != std::string::npos) containing.push_back(i);
  }
  const std::string remedy =
      fmt::format("its columns are: {}", fmt::join(names.begin(), names.end(), ", "));
  if (!wanted.empty())
    throw DataError(
        "csv-column",
        fmt::format("{} has no column '{}'{}", source, wanted, text::did_you_mean(wanted, names)),
        remedy);
  if (exact.size() == 1) return exact.front();
  if (exact.empty() && containing.size() == 1) return containing.front();
  if (names.size() == 1) return 0;
  throw DataError("csv-column",
                  fmt::format("{} has {} column that holds SMILES", source,
                              containing.empty() ? "no" : "more than one"),
                  remedy + "; name one of them (--column, in YAML smiles_column)");
}

MoleculeFile parse_molecule_file(std::string_view text, const std::string& extension,
                                 const std::string& source, const MoleculeFileOptions& options) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (extension == ".smi" || extension == ".smiles") return parse_smi(text);
  if (extension == ".csv") return parse_csv(text, separator_of(text), source, options);
  if (extension == ".tsv") return parse_csv(text, '\t', source, options);
  if (extension == ".sdf" || extension == ".mol") return parse_sdf(text, options);
  if (extension == ".xyz" || extension == ".extxyz") return parse_xyz(text, options);
  throw DataError("molecule-format",
                  fmt::format("{}: '{}' is not a format of molecules", source, extension),
                  "known are .smi, .csv, .tsv, .sdf, .xyz and .extxyz, each also with .gz");
}

MoleculeFile read_molecule_file(const std::filesystem::path& path,
                                const MoleculeFileOptions& options) {
  return parse_molecule_file(read_file(path), format_extension(path), path.string(), options);
}

std::string smiles_field(const Molecule& molecule) {
  if (molecule.atoms.empty()) return std::string(kInvalid);
  return molecule.smiles.empty() ? canonical_smiles(molecule) : molecule.smiles;
}

std::string smi_line(const Molecule& molecule,
                     std::span<const std::pair<std::string, double>> properties) {
  std::string line = smiles_field(molecule);
  // Without a title the first property would be taken for one by other programs.
  std::string name = molecule.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  if (!name.empty() || !properties.empty()) line += '\t' + name;
  for (const auto& [key, value] : properties)
    line += fmt::format("\t{}={}", key, text::shortest(value));
  return line + '\n';
}

void write_molecule_file(const std::filesystem::path& path,
                         std::span<const MoleculeRecord> records) {
  const std::string extension = format_extension(path);
  const auto written = [&](const MoleculeRecord& record) {
    if (extension == ".smi") return smi_line(record.molecule, record.properties);
    if (extension == ".sdf") return sdf_record(record.molecule, record.properties, record.texts);
    if (extension == ".xyz" || extension == ".extxyz")
      return xyz_record(record.molecule, record.properties, extension == ".extxyz", record.texts);
    throw ConfigError("molecule-format",
                      fmt::format("molecules cannot be written to '{}'", path.string()),
                      "use a name that ends in .smi, .sdf, .xyz or .extxyz, also with .gz");
  };
  if (records.empty()) written({});  // an empty file of an unknown format is refused as well
  std::vector<std::string> texts(records.size());
  parallel_for(static_cast<std::int64_t>(records.size()), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    texts[k] = written(records[k]);
  });
  write_file_atomically(path, text::join(texts, ""));
}

}  // namespace equigen
