// SPDX-License-Identifier: MIT
#include "equigen/data/crystal_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "equigen/base/csv_rows.h"
#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/base/text.h"
#include "equigen/crystal/files/cif.h"
#include "equigen/crystal/files/extxyz.h"
#include "equigen/crystal/files/poscar.h"
#include "equigen/data/sample_filter.h"
#include "equigen/data/sample_json.h"
#include "equigen/molecule/xyz_frame.h"

namespace equigen {
namespace {

constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);
constexpr std::size_t kNamedRows = 20;

/// A record that is understood.
struct Read {
  Sample sample;
  SampleTexts texts = {};
};

/// One record of a file before it is understood.
struct Piece {
  std::int64_t line = 0;
  std::function<Read()> read;  ///< throws DataError
  std::string name = {};  ///< of the crystal, as far as it can be told without understanding it
  bool is_record = true;  ///< false for text that is none of the format at all
};

Read as_sample(CrystalRecord record) {
  return {{std::move(record.crystal), std::move(record.properties)}, std::move(record.texts)};
}

bool is_table(const std::string& format) {
  return format == ".csv" || format == ".tsv";
}

bool is_xyz(const std::string& format) {
  return format == ".xyz" || format == ".extxyz";
}

/// "relaxed.cif" and "cif_string" speak of CIF, "specific_heat" does not.
bool has_word_cif(std::string_view name) {
  std::string words = text::lower(name);
  std::ranges::replace_if(
      words, [](char c) { return c < 'a' || c > 'z'; }, ' ');
  return (" " + words + " ").find(" cif ") != std::string::npos;
}

std::size_t cif_column(const std::vector<std::string>& names, const std::string& wanted) {
  const auto index_of = [&](const auto& fits) {
    const auto found = std::ranges::find_if(names, fits);
    return found == names.end() ? kNoColumn : static_cast<std::size_t>(found - names.begin());
  };
  if (!wanted.empty()) return index_of([&](const auto& name) { return name == wanted; });
  const auto exact = index_of([](const auto& name) { return text::lower(name) == "cif"; });
  if (exact != kNoColumn) return exact;
  return std::ranges::count_if(names, has_word_cif) == 1
             ? index_of([](const auto& name) { return has_word_cif(name); })
             : kNoColumn;
}

/// What the columns of a table of crystals are.
struct TableColumns {
  std::size_t cif = kNoColumn;
  std::size_t name = kNoColumn;
  std::vector<std::string> names;

  TableColumns(const CsvRow& heading, const std::string& wanted)
      : cif(cif_column(heading.fields, wanted)), names(heading.fields) {
    for (const char* id : {"material_id", "id", "name", "jid", "mpid", "filename"}) {
      for (std::size_t k = 0; k < names.size() && name == kNoColumn; ++k)
        if (text::lower(names[k]) == id) name = k;
    }
  }

  bool is_property(std::size_t column) const {
    const std::string_view title = names[column];
    return column != cif && column != name && !title.empty() && !title.starts_with("Unnamed:");
  }
};

Read read_row(const CsvRow& row, const TableColumns& columns) {
  if (row.fields.size() != columns.names.size())
    throw DataError("csv-row", fmt::format("{} fields, the heading has {}", row.fields.size(),
                                           columns.names.size()));
  const auto blocks = blocks_of_cif(row.fields[columns.cif]);
  if (blocks.size() != 1)
    throw DataError("csv-row", fmt::format("the column {} holds {} crystals, not one",
                                           columns.names[columns.cif], blocks.size()));
  CrystalRecord record = read_cif_block(blocks.front().text);
  if (columns.name != kNoColumn) record.crystal.name = row.fields[columns.name];
  for (std::size_t k = 0; k < row.fields.size(); ++k) {
    if (!columns.is_property(k)) continue;
    if (const auto value = text::to_real(text::trim(row.fields[k])))
      record.properties.emplace_back(columns.names[k], *value);
    else if (!row.fields[k].empty())
      record.texts.emplace_back(columns.names[k], row.fields[k]);
  }
  return as_sample(std::move(record));
}

[[noreturn]] void refuse_column(const CsvRow& heading, const std::string& wanted,
                                const std::string& source) {
  throw DataError("csv-column",
                  wanted.empty() ? fmt::format("{}: no column of CIF", source)
                                 : fmt::format("{}: there is no column '{}'{}", source, wanted,
                                               text::did_you_mean(wanted, heading.fields)),
                  "its columns are: " + text::join(heading.fields, ", "));
}

std::vector<Piece> pieces_of_table(std::string_view text, char separator, const std::string& wanted,
                                   const std::string& source) {
  auto rows = std::make_shared<std::vector<CsvRow>>(split_csv(text, separator));
  if (rows->empty()) return {};
  const auto columns = std::make_shared<TableColumns>(rows->front(), wanted);
  if (columns->cif == kNoColumn) refuse_column(rows->front(), wanted, source);
  std::vector<Piece> pieces;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    pieces.push_back({row.line, [rows, columns, i] { return read_row((*rows)[i], *columns); },
                      columns->name < row.fields.size() ? row.fields[columns->name] : ""});
  }
  return pieces;
}

std::vector<Piece> pieces_of_cif(std::string_view text) {
  std::vector<Piece> pieces;
  for (const CifBlock& block : blocks_of_cif(text))
    pieces.push_back({block.line, [block] { return as_sample(read_cif_block(block.text)); },
                      name_of_cif_block(block.text)});
  if (pieces.empty() && !text::trim(text).empty())
    pieces.push_back(
        {1, []() -> Read { throw DataError("cif-invalid", "no data block with a cell and atoms"); },
         "", /*is_record=*/false});
  return pieces;
}

std::vector<Piece> pieces_of_xyz(std::string_view text) {
  std::vector<Piece> pieces;
  for (const XyzFrame& frame : frames_of_xyz(text))
    pieces.push_back({frame.line,
                      [frame] {
                        if (!frame.problem.empty())
                          throw DataError("extxyz-invalid", frame.problem);
                        return as_sample(read_extxyz_frame(frame.text));
                      },
                      name_of_extxyz_frame(frame.text)});
  return pieces;
}

std::vector<Piece> pieces_of_lines(std::string_view text, bool keep_texts) {
  std::vector<Piece> pieces;
  std::int64_t number = 0;
  while (!text.empty()) {
    const auto line = text::trim(text.substr(0, text.find('\n')));
    ++number;
    if (!line.empty())
      pieces.push_back({number,
                        [line, keep_texts]() -> Read {
                          return {parse_sample_json(line),
                                  keep_texts ? texts_of_sample_json(line) : SampleTexts{}};
                        },
                        name_in_sample_json(line)});
    const auto end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return pieces;
}

std::vector<Piece> pieces_of(std::string_view text, const std::string& format,
                             const std::string& source, const SampleFileOptions& options) {
  if (format == ".cif") return pieces_of_cif(text);
  if (is_table(format))
    return pieces_of_table(text, format == ".csv" ? ',' : '\t', options.cif_column, source);
  if (is_xyz(format)) return pieces_of_xyz(text);
  if (format == ".jsonl") return pieces_of_lines(text, options.keep_texts);
  return {{1, [text] { return Read{{read_poscar(text), {}}}; }}};
}

struct Parsed {
  Read read;
  std::string problem;
};

std::vector<Parsed> parse_pieces(const std::vector<Piece>& pieces) {
  std::vector<Parsed> parsed(pieces.size());
  parallel_for(static_cast<std::int64_t>(pieces.size()), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    try {
      parsed[k].read = pieces[k].read();
    } catch (const DataError& problem) {
      parsed[k].problem = problem.message();
    }
  });
  return parsed;
}

/// Whether the first line that is an object of JSON is a crystal.
bool holds_crystal_lines(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text::trim(text.substr(0, end));
    if (line.starts_with('{'))
      if (const auto is_one = is_crystal_json(line)) return *is_one;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return false;
}

}  // namespace

bool holds_crystals(std::string_view text, const std::string& format,
                    const SampleFileOptions& options) {
  if (format == ".cif" || format == ".poscar") return true;
  if (format == ".jsonl") return holds_crystal_lines(text);
  if (is_xyz(format)) {
    const auto frames = frames_of_xyz(text.substr(0, std::min(text.size(), std::size_t{1} << 20)));
    if (frames.empty()) return false;
    const auto frame = frames.front().text;
    const auto begin = std::min(frame.find('\n'), frame.size());
    const auto end = frame.find('\n', begin + 1);
    return comment_is_of_crystal(frame.substr(
        std::min(begin + 1, frame.size()), end == std::string_view::npos ? end : end - begin - 1));
  }
  if (!is_table(format)) return false;
  const char separator = format == ".csv" ? ',' : '\t';
  // The heading alone; a quoted name with a line end in it would be cut, and is no column of CIF.
  const auto heading = split_csv(text.substr(0, text.find('\n')), separator);
  if (heading.empty()) return false;
  const auto column = cif_column(heading.front().fields, options.cif_column);
  if (column == kNoColumn) return false;
  if (options.cif_column.empty()) return true;
  // One option names the column of CIF or of SMILES: its content tells which.
  const auto rows =
      split_csv(text.substr(0, std::min(text.size(), std::size_t{1} << 20)), separator);
  return rows.size() > 1 && column < rows[1].fields.size() &&
         text::lower(rows[1].fields[column]).find("_cell_length") != std::string::npos;
}

void add_unreadable_crystal(SampleFile& file, SkippedRow row, std::string name,
                            const SampleFileOptions& options) {
  const std::int64_t place = file.row_count++;
  if (!options.to_be_judged) {
    add_skip(file, std::move(row.source), std::move(row.reason));
    return;
  }
  Sample sample{Crystal{}, {}, row.reason};
  std::get<Crystal>(sample.structure).name = std::move(name);
  file.rows.push_back(place);
  file.samples.push_back(std::move(sample));
  if (options.keep_texts) file.texts.emplace_back();
  if (++file.invalid_count <= static_cast<std::int64_t>(kNamedRows))
    file.invalid.push_back(std::move(row));
}

SampleFile parse_crystals(std::string_view text, const std::string& format,
                          const std::string& source, const SampleFileOptions& options,
                          const std::string& cut) {
  auto pieces = pieces_of(text, format, source, options);
  if (!cut.empty() && !pieces.empty())
    pieces.back().read = [&cut]() -> Read {
      throw DataError("file-damaged", cut + "; this record and those behind it are lost");
    };
  auto parsed = parse_pieces(pieces);
  SampleFile file;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    if (!parsed[k].problem.empty()) {
      SkippedRow row{fmt::format("{}:{}", source, pieces[k].line), std::move(parsed[k].problem)};
      // Text that is no crystal at all shall not count as one that failed.
      SampleFileOptions how = options;
      how.to_be_judged = options.to_be_judged && pieces[k].is_record;
      add_unreadable_crystal(file, std::move(row), std::move(pieces[k].name), how);
      continue;
    }
    file.rows.push_back(file.row_count++);
    if (options.keep_texts) file.texts.push_back(std::move(parsed[k].read.texts));
    file.samples.push_back(std::move(parsed[k].read.sample));
  }
  return file;
}

}  // namespace equigen
