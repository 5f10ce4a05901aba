// SPDX-License-Identifier: MIT
#include "equigen/data/sample_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

#include "equigen/base/csv_rows.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/text.h"
#include "equigen/crystal/files/cif.h"
#include "equigen/data/record_file.h"
#include "equigen/molecule/molecule_files.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

/// The two columns that are always there.
std::array<std::string, 2> first_columns(std::string_view structure) {
  if (structure == "molecule") return {"smiles", "name"};
  return {"material_id", "cif"};
}

std::string smiles_or_invalid(const Molecule& molecule) {
  try {
    return smiles_field(molecule);
  } catch (const DataError& problem) {
    log::warning(fmt::format("a sample is written as invalid: {}", problem.message()));
    return smiles_field({});
  }
}

std::array<std::string, 2> first_fields(const Sample& sample) {
  if (const auto* molecule = std::get_if<Molecule>(&sample.structure))
    return {smiles_or_invalid(*molecule), molecule->name};
  const Crystal& crystal = crystal_in(sample);
  return {crystal.name, cif_text({crystal, {}, {}})};
}

std::string value_of(const Sample& sample, const SampleTexts& texts, const std::string& name) {
  for (const auto& [key, value] : sample.properties)
    if (key == name) return text::shortest(value);
  for (const auto& [key, value] : texts)
    if (key == name) return value;
  return "";
}

/// Appends rows; the heading stands in front of the first.
class TableWriter final : public SampleWriter {
 public:
  TableWriter(const fs::path& path, bool append, const std::vector<std::string>& columns)
      : path_(path),
        separator_(sample_format(path) == ".tsv" ? '\t' : ','),
        columns_(columns),
        file_(path, kTableRow, append) {
    if (file_.count() > 0) table_ = SampleTable::of_heading(first_row(), separator_);
  }

  ~TableWriter() override {
    try {
      flush();
    } catch (const std::exception& problem) {
      log::error(problem.what());
    }
  }

  std::string encoded(const Sample& sample, const SampleTexts& texts) const override {
    require_writable_format(path_, structure_kind(sample));
    {
      const std::lock_guard lock(mutex_);
      if (!table_)
        table_.emplace(structure_kind(sample),
                       columns_.empty() ? names_beside(sample, texts) : columns_, separator_);
    }
    return table_->row(sample, texts);
  }

  void add(std::string_view record) override {
    if (file_.count() == 0) file_.add(table_->heading());
    file_.add(record);
  }

  void flush() override { file_.flush(); }
  std::int64_t count() const override { return std::max<std::int64_t>(file_.count() - 1, 0); }

 private:
  std::string first_row() const {
    std::string first;
    read_lines(path_, [&](std::string_view line, std::int64_t) {
      first = line;
      return false;
    });
    return first;
  }

  fs::path path_;
  char separator_;
  std::vector<std::string> columns_;
  RecordFile file_;
  mutable std::mutex mutex_;
  mutable std::optional<SampleTable> table_;  ///< set by the first sample
};

}  // namespace

SampleTable::SampleTable(std::string_view structure, std::vector<std::string> names, char separator)
    : structure_(structure), names_(std::move(names)), separator_(separator) {
  const auto first = first_columns(structure_);
  for (std::size_t k = 0; k < names_.size(); ++k) {
    const bool is_double =
        std::find(names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(k), names_[k]) !=
        names_.begin() + static_cast<std::ptrdiff_t>(k);
    if (is_double || std::ranges::find(first, names_[k]) != first.end())
      throw ConfigError(
          "sample-format",
          fmt::format("a table of {}s cannot have two columns '{}'", structure_, names_[k]),
          "write .jsonl, which keeps numbers and texts apart from the structure");
  }
}

SampleTable SampleTable::of_heading(std::string_view heading, char separator) {
  const auto rows = split_csv(heading, separator);
  if (rows.size() == 1 && rows[0].fields.size() >= 2) {
    const auto& fields = rows[0].fields;
    for (const char* structure : {"molecule", "crystal"})
      if (std::ranges::equal(std::span(fields).first(2), first_columns(structure)))
        return {structure, {fields.begin() + 2, fields.end()}, separator};
  }
  throw ConfigError(
      "sample-format",
      fmt::format("rows cannot be added to a table that begins with '{}'", heading.substr(0, 100)),
      "name another file");
}

std::string SampleTable::heading() const {
  std::string line;
  for (const std::string& name : first_columns(structure_))
    line += (line.empty() ? "" : std::string(1, separator_)) + name;
  // A heading is one line.
  for (std::string name : names_) {
    std::ranges::replace_if(
        name, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    line += separator_ + csv_field(name);
  }
  return line + '\n';
}

void SampleTable::require_columns(const Sample& sample, const SampleTexts& texts) const {
  for (const std::string& name : names_beside(sample, texts))
    if (std::ranges::find(names_, name) == names_.end())
      throw DataError("sample-table",
                      fmt::format("it has '{}', for which the table has no column", name),
                      "write .jsonl, whose lines may differ");
}

std::string SampleTable::row(const Sample& sample, const SampleTexts& texts) const {
  if (structure_kind(sample) != structure_)
    throw ConfigError(
        "sample-format",
        fmt::format("a {} cannot stand in a table of {}s", structure_kind(sample), structure_),
        "write .jsonl, whose lines may differ");
  require_columns(sample, texts);
  const auto first = first_fields(sample);
  std::string line = csv_field(first[0]) + separator_ + csv_field(first[1]);
  for (const std::string& name : names_)
    line += separator_ + csv_field(value_of(sample, texts, name));
  return line + '\n';
}

std::vector<std::string> names_beside(const Sample& sample, const SampleTexts& texts) {
  std::vector<std::string> names;
  for (const auto& [name, value] : sample.properties) names.push_back(name);
  for (const auto& [name, value] : texts) names.push_back(name);
  return names;
}

bool is_sample_table(const fs::path& path) {
  const std::string format = sample_format(path);
  return format == ".csv" || format == ".tsv";
}

std::unique_ptr<SampleWriter> open_table_writer(const fs::path& path, bool append,
                                                const std::vector<std::string>& columns) {
  return std::make_unique<TableWriter>(path, append, columns);
}

}  // namespace equigen
