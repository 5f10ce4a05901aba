// SPDX-License-Identifier: MIT
#include "equigen/data/sample_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/parallel.h"
#include "equigen/base/text.h"
#include "equigen/data/crystal_files.h"
#include "equigen/data/molecule_options.h"
#include "equigen/data/plain_text.h"
#include "equigen/data/sample_filter.h"
#include "equigen/data/sample_json.h"
#include "equigen/graph/graph_files.h"
#include "equigen/molecule/molecule_files.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestRecord = std::size_t{64} << 20;

/// Lines that belong together.
struct Piece {
  std::string text;
  std::int64_t first_line = 0;  ///< number of its first line in the file
  std::int64_t records = 0;
};

/// Where records end, line by line.
class RecordEnds {
 public:
  explicit RecordEnds(std::string format) : format_(std::move(format)) {}

  static bool knows(std::string_view format) {
    constexpr std::array<std::string_view, 12> kKnown = {".smi", ".smiles", ".csv",   ".tsv",
                                                         ".sdf", ".mol",    ".xyz",   ".extxyz",
                                                         ".g6",  ".graph6", ".jsonl", ".ndjson"};
    return std::ranges::find(kKnown, format) != kKnown.end();
  }

  bool closes(std::string_view line) {
    if (format_ == ".sdf" || format_ == ".mol") return line.starts_with("$$$$");
    if (format_ == ".xyz" || format_ == ".extxyz") return closes_atoms(line);
    if (format_ != ".csv" && format_ != ".tsv") return true;
    if (std::ranges::count(line, '"') % 2 != 0) in_quotes_ = !in_quotes_;
    return !in_quotes_;
  }

 private:
  /// The first line of a record counts its atoms; a comment and the atoms follow.
  bool closes_atoms(std::string_view line) {
    if (lines_left_ > 0) return --lines_left_ == 0;
    const auto atoms = text::to_integer(text::trim(line));
    lines_left_ = atoms && *atoms >= 0 ? *atoms + 1 : 0;
    return lines_left_ == 0;
  }

  std::string format_;
  bool in_quotes_ = false;
  std::int64_t lines_left_ = 0;
};

class Stream {
 public:
  Stream(const fs::path& path, const SampleFileOptions& options,
         const std::function<void(SampleFile)>& take, std::int64_t rows_at_once)
      : path_(path),
        options_(options),
        take_(take),
        rows_at_once_(rows_at_once),
        format_(sample_format(path)),
        ends_(format_) {}

  void run() {
    read_lines(path_, [&](std::string_view line, std::int64_t number) {
      if (number == 1) refuse_lfs_pointer(line);
      add(number == 1 ? without_byte_order_mark(line) : line, number);
      return true;
    });
    if (!piece_.text.empty() || !header_.empty()) deliver();
  }

 private:
  bool is_lines() const { return format_ == ".jsonl" || format_ == ".ndjson" || is_graph6(); }
  bool is_graph6() const { return format_ == ".g6" || format_ == ".graph6"; }
  bool is_table() const { return format_ == ".csv" || format_ == ".tsv"; }

  void refuse_lfs_pointer(std::string_view line) const {
    if (!line.starts_with("version https://git-lfs")) return;
    throw DataError("file-lfs-pointer",
                    fmt::format("{} is a Git LFS pointer, not the data itself", path_.string()),
                    "run `git lfs pull` in the folder it comes from, or download the file");
  }

  void add(std::string_view line, std::int64_t number) {
    if (piece_.text.empty()) piece_.first_line = number;
    piece_.text.append(line).push_back('\n');
    open_ += line.size() + 1;
    if (open_ > kLargestRecord)
      throw DataError("record-too-large",
                      fmt::format("{}:{}: a record above 64 MB", path_.string(), number),
                      "a quote or a record may never be closed");
    if (!ends_.closes(line)) return;
    open_ = 0;
    if (is_table() && header_.empty()) {
      // Empty lines in front of the heading are no records.
      if (!text::trim(piece_.text).empty()) header_ = std::move(piece_.text);
      piece_ = {};
    } else if (++piece_.records >= rows_at_once_) {
      deliver();
    }
  }

  void deliver() {
    SampleFile file = is_lines() ? parse_lines() : parse_records();
    for (auto& row : file.rows) row += rows_before_;
    rows_before_ += file.row_count;
    piece_ = {};
    take_(std::move(file));
  }

  std::string place(std::int64_t line) const { return fmt::format("{}:{}", path_.string(), line); }

  /// A table's heading stands in front of every piece.
  SampleFile parse_records() {
    const std::string text = header_ + piece_.text;
    if (!holds_crystals_) holds_crystals_ = holds_crystals(text, format_, options_);
    return *holds_crystals_ ? parse_crystal_records(text) : parse_molecules(text);
  }

  std::int64_t lines_before_piece() const {
    return piece_.first_line - 1 - std::ranges::count(header_, '\n');
  }

  SampleFile parse_crystal_records(const std::string& text) const {
    SampleFile file = parse_crystals(text, format_, path_.string(), options_);
    for (auto* rows : {&file.skipped, &file.invalid})
      for (SkippedRow& row : *rows) {
        const auto line = text::to_integer(row.source.substr(row.source.rfind(':') + 1));
        row.source = place(line.value_or(0) + lines_before_piece());
      }
    return file;
  }

  SampleFile parse_molecules(const std::string& text) const {
    MoleculeFile parsed =
        parse_molecule_file(text, format_, path_.string(), molecule_file_options(options_));
    const std::int64_t shift = lines_before_piece();
    SampleFile file;
    file.row_count = parsed.row_count;
    for (auto& record : parsed.records) {
      file.samples.push_back({std::move(record.molecule), std::move(record.properties)});
      if (options_.keep_texts) file.texts.push_back(std::move(record.texts));
      file.rows.push_back(record.row);
    }
    for (auto& broken : parsed.broken)
      add_skip(file, place(broken.line + shift), std::move(broken.reason));
    return file;
  }

  Sample parse_line(const std::string& line) const {
    return is_graph6() ? Sample{parse_graph6(line), {}} : parse_sample_json(line);
  }

  SampleFile parse_lines() const {
    const auto lines = text::split(piece_.text, '\n');
    std::vector<std::variant<std::monostate, Sample, std::string>> parsed(lines.size());
    parallel_for(static_cast<std::int64_t>(lines.size()), [&](std::int64_t i) {
      const auto k = static_cast<std::size_t>(i);
      const std::string line(text::trim(lines[k]));
      if (line.empty()) return;
      try {
        parsed[k].emplace<Sample>(parse_line(line));
      } catch (const DataError& problem) {
        parsed[k].emplace<std::string>(problem.message());
      }
    });
    SampleFile file;
    for (std::size_t k = 0; k < lines.size(); ++k) {
      if (std::holds_alternative<std::monostate>(parsed[k])) continue;
      if (auto* sample = std::get_if<Sample>(&parsed[k])) {
        file.samples.push_back(std::move(*sample));
        file.rows.push_back(file.row_count);
        if (options_.keep_texts)
          file.texts.push_back(is_graph6() ? SampleTexts{} : texts_of_sample_json(lines[k]));
      } else {
        add_skip(file, place(piece_.first_line + static_cast<std::int64_t>(k)),
                 std::get<std::string>(parsed[k]));
      }
      ++file.row_count;
    }
    return file;
  }

  const fs::path& path_;
  const SampleFileOptions& options_;
  const std::function<void(SampleFile)>& take_;
  std::int64_t rows_at_once_;
  std::string format_;
  RecordEnds ends_;
  std::string header_;
  Piece piece_;
  std::optional<bool> holds_crystals_;  ///< of .csv and .xyz, as the first piece tells
  std::size_t open_ = 0;
  std::int64_t rows_before_ = 0;
};

}  // namespace

void stream_sample_file(const fs::path& path, const SampleFileOptions& options,
                        const std::function<void(SampleFile)>& take, std::int64_t rows_at_once) {
  if (RecordEnds::knows(sample_format(path))) {
    Stream(path, options, take, rows_at_once).run();
  } else {
    take(read_sample_file(path, options));
  }
}

}  // namespace equigen
