// SPDX-License-Identifier: MIT
#include "equigen/data/sample_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <variant>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/parallel.h"
#include "equigen/base/text.h"
#include "equigen/data/crystal_files.h"
#include "equigen/data/molecule_options.h"
#include "equigen/data/plain_text.h"
#include "equigen/data/sample_json.h"
#include "equigen/graph/edge_list.h"
#include "equigen/graph/graph_files.h"
#include "equigen/molecule/molecule_files.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamedSkips = 20;

SkippedRow named_row(const fs::path& path, std::int64_t line, const std::string& reason) {
  return {fmt::format("{}:{}", path.string(), line), reason};
}

void skip(SampleFile& file, const fs::path& path, std::int64_t line, const std::string& reason) {
  ++file.skipped_count;
  if (file.skipped.size() < kNamedSkips) file.skipped.push_back(named_row(path, line, reason));
}

/// Rows that are no molecules, in their places, as samples without atoms.
void add_invalid_samples(SampleFile& file, const fs::path& path,
                         const std::vector<BrokenMoleculeRow>& broken) {
  std::vector<Sample> samples(static_cast<std::size_t>(file.row_count), Sample{Molecule{}, {}});
  for (const auto& row : broken) samples[static_cast<std::size_t>(row.row)].fault = row.reason;
  for (std::size_t i = 0; i < file.samples.size(); ++i)
    samples[static_cast<std::size_t>(file.rows[i])] = std::move(file.samples[i]);
  if (!file.texts.empty()) {
    std::vector<SampleTexts> texts(samples.size());
    for (std::size_t i = 0; i < file.texts.size(); ++i)
      texts[static_cast<std::size_t>(file.rows[i])] = std::move(file.texts[i]);
    file.texts = std::move(texts);
  }
  file.samples = std::move(samples);
  file.rows.resize(file.samples.size());
  std::iota(file.rows.begin(), file.rows.end(), std::int64_t{0});
  file.invalid_count = std::ssize(broken);
  for (const auto& row : broken) {
    if (file.invalid.size() == kNamedSkips) return;
    file.invalid.push_back(named_row(path, row.line, row.reason));
  }
}

SampleFile read_molecules_or_crystals(const fs::path& path, const SampleFileOptions& options) {
  const std::string format = format_extension(path);
  const CrystalText content = read_crystal_text(path);
  const std::string& text = content.text;
  if (holds_crystals(text, format, options))
    return parse_crystals(text, format, path.string(), options, content.cut);
  if (!content.cut.empty())
    throw DataError("file-damaged", fmt::format("cannot read {}: {}", path.string(), content.cut),
                    "the file is damaged or incomplete; get it again");
  MoleculeFile molecules = parse_molecule_file(text, format == ".txt" ? ".smi" : format,
                                               path.string(), molecule_file_options(options));
  SampleFile file;
  file.row_count = molecules.row_count;
  for (auto& record : molecules.records) {
    file.samples.push_back({std::move(record.molecule), std::move(record.properties)});
    if (options.keep_texts) file.texts.push_back(std::move(record.texts));
    file.rows.push_back(record.row);
  }
  // A file without a single molecule is more likely none of molecules than all invalid.
  if (options.to_be_judged && !file.samples.empty()) {
    add_invalid_samples(file, path, molecules.broken);
    return file;
  }
  for (const auto& broken : molecules.broken) skip(file, path, broken.line, broken.reason);
  return file;
}

SampleFile read_graphs(const fs::path& path) {
  GraphFile graphs = read_edge_lists(path);
  SampleFile file;
  for (Graph& graph : graphs.graphs) {
    file.rows.push_back(std::ssize(file.samples));
    file.samples.emplace_back().structure = std::move(graph);
  }
  for (const BadRow& row : graphs.bad_rows) skip(file, path, row.line, row.reason);
  file.skipped_count = graphs.bad_row_count;
  file.row_count = std::ssize(file.samples) + file.skipped_count;
  return file;
}

struct Line {
  std::string text;
  std::int64_t number;
};

std::vector<Line> lines_of(const fs::path& path) {
  std::vector<Line> lines;
  read_lines(path, [&](std::string_view text, std::int64_t number) {
    const auto trimmed = text::trim(number == 1 ? without_byte_order_mark(text) : text);
    if (!trimmed.empty()) lines.push_back({std::string(trimmed), number});
    return true;
  });
  return lines;
}

bool are_molecules(std::span<const Sample> samples) {
  return !samples.empty() && std::ranges::all_of(samples, [](const Sample& sample) {
    return std::holds_alternative<Molecule>(sample.structure);
  });
}

/// Reads a file of one record a line on all cores; the order stays that of the file. To be judged,
/// broken lines among molecules are invalid samples.
template <typename Parse>
SampleFile read_rows(const fs::path& path, const Parse& parse, const SampleFileOptions& options) {
  const auto lines = lines_of(path);
  std::vector<std::variant<std::monostate, Sample, std::string>> parsed(lines.size());
  parallel_for(static_cast<std::int64_t>(lines.size()), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    try {
      parsed[k].template emplace<Sample>(parse(lines[k].text));
    } catch (const DataError& problem) {
      parsed[k].template emplace<std::string>(problem.message());
    }
  });
  SampleFile file;
  file.row_count = static_cast<std::int64_t>(lines.size());
  std::vector<BrokenMoleculeRow> broken;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const auto row = static_cast<std::int64_t>(k);
    if (auto* sample = std::get_if<Sample>(&parsed[k])) {
      file.samples.push_back(std::move(*sample));
      file.rows.push_back(row);
      if (options.keep_texts) file.texts.push_back(texts_of_sample_json(lines[k].text));
    } else {
      broken.push_back({row, lines[k].number, std::get<std::string>(std::move(parsed[k]))});
    }
  }
  if (options.to_be_judged && are_molecules(file.samples)) {
    add_invalid_samples(file, path, broken);
    return file;
  }
  for (const auto& row : broken) skip(file, path, row.line, row.reason);
  return file;
}

/// As far as the first line that tells.
bool holds_crystal_lines(const fs::path& path) {
  bool found = false;
  try {
    read_lines(path, [&](std::string_view line, std::int64_t number) {
      const auto text = text::trim(number == 1 ? without_byte_order_mark(line) : line);
      const auto is_one = is_crystal_json(text);
      found = is_one.value_or(false);
      return !is_one.has_value();
    });
  } catch (const DataError& error) {
    if (error.identifier() != "file-damaged") throw;
    return holds_crystals(read_crystal_text(path).text, ".jsonl", {});
  }
  return found;
}

SampleFile read_crystals(const fs::path& path, const SampleFileOptions& options) {
  const CrystalText content = read_crystal_text(path);
  return parse_crystals(content.text, sample_format(path), path.string(), options, content.cut);
}

std::string first_line(const fs::path& path) {
  std::string first;
  try {
    read_lines(path, [&](std::string_view line, std::int64_t) {
      first = line;
      return false;
    });
  } catch (const DataError& error) {
    // A damaged gzip stream is no pointer; what can be read of it is the readers' business.
    if (error.identifier() != "file-damaged") throw;
  }
  return first;
}

void refuse_lfs_pointer(const fs::path& path) {
  if (first_line(path).starts_with("version https://git-lfs"))
    throw DataError("file-lfs-pointer",
                    fmt::format("{} is a Git LFS pointer, not the data itself", path.string()),
                    "run `git lfs pull` in the folder it comes from, or download the file");
}

bool is_molecule_format(const std::string& format) {
  static const std::set<std::string> formats{".smi", ".smiles", ".csv", ".tsv",
                                             ".sdf", ".mol",    ".xyz", ".extxyz"};
  return formats.contains(format);
}

bool is_known_format(const std::string& format) {
  static const std::set<std::string> others{".cif",    ".zip",    ".tar",    ".tgz",
                                            ".poscar", ".jsonl",  ".ndjson", ".txt",
                                            ".g6",     ".graph6", ".edges",  ".edgelist"};
  return is_molecule_format(format) || others.contains(format);
}

}  // namespace

std::string sample_format(const fs::path& path) {
  const std::string format = format_extension(path);
  const std::string name = text::lower(path.filename().string());
  const bool is_poscar_name = name.starts_with("poscar") || name.starts_with("contcar");
  if (format == ".vasp" || (is_poscar_name && (format.empty() || !is_known_format(format))))
    return ".poscar";
  if (format == ".tgz") return ".tar";
  return format == ".ndjson" ? ".jsonl" : format;
}

SampleFile read_sample_file(const fs::path& path, const SampleFileOptions& options) {
  if (fs::is_directory(path)) return read_crystal_folder(path, options);
  refuse_lfs_pointer(path);
  const auto format = sample_format(path);
  if (format == ".zip" || format == ".tar") return read_crystal_archive(path, options);
  if (format == ".cif" || format == ".poscar") return read_crystals(path, options);
  if (is_molecule_format(format)) return read_molecules_or_crystals(path, options);
  if (format == ".edges" || format == ".edgelist") return read_graphs(path);
  if (format == ".txt")
    return looks_like_edges(path) ? read_graphs(path) : read_molecules_or_crystals(path, options);
  if (format == ".jsonl") {
    if (holds_crystal_lines(path)) return read_crystals(path, options);
    return read_rows(
        path, [](const std::string& line) { return parse_sample_json(line); }, options);
  }
  if (format == ".g6" || format == ".graph6") {
    return read_rows(
        path,
        [](const std::string& line) {
          return Sample{parse_graph6(line), {}};
        },
        options);
  }
  throw DataError("sample-format",
                  fmt::format("cannot tell the format of {} by its name", path.string()),
                  "known are .smi, .csv, .tsv, .sdf, .xyz, .extxyz, .cif, POSCAR, .jsonl, .g6, "
                  ".edges, .edgelist and .txt, each also with .gz, and .zip, .tar and folders of "
                  "crystals");
}

}  // namespace equigen
