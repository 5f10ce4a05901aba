// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <map>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/parallel.h"
#include "equigen/crystal/files/cif.h"
#include "equigen/crystal/files/extxyz.h"
#include "equigen/crystal/files/poscar.h"
#include "equigen/crystal/symmetry/symmetry.h"
#include "equigen/data/record_file.h"
#include "equigen/data/sample_files.h"
#include "equigen/data/sample_json.h"
#include "equigen/data/sample_table.h"
#include "equigen/graph/edge_list.h"
#include "equigen/graph/graph_files.h"
#include "equigen/molecule/molecule_files.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPossible =
    "molecules can be written to .smi, .csv, .tsv, .sdf and .jsonl, those with positions also to "
    ".xyz and .extxyz, graphs to .jsonl, .g6 and .edges, crystals to .cif, .csv, .tsv, .extxyz and "
    ".jsonl, each also with .gz; one crystal also to POSCAR";

/// A SMILES for every molecule that has one, the word for "none" for every other.
std::string encode_smi(const Sample& sample, const SampleTexts&) {
  const auto& molecule = molecule_in(sample);
  try {
    return smi_line(molecule, sample.properties);
  } catch (const DataError& problem) {
    log::warning(fmt::format("a sample is written as invalid: {}", problem.message()));
    return smi_line(Molecule{}, sample.properties);
  }
}

std::string encode_sdf(const Sample& sample, const SampleTexts& texts) {
  return sdf_record(molecule_in(sample), sample.properties, texts);
}

std::string encode_positions(const Sample& sample, bool extended, const SampleTexts& texts) {
  const auto& molecule = molecule_in(sample);
  if (molecule.positions.size() != molecule.atoms.size()) {
    throw ConfigError("sample-format",
                      "molecules without positions cannot be written to .xyz and .extxyz",
                      kPossible);
  }
  return xyz_record(molecule, sample.properties, extended, texts);
}

std::string encode_xyz(const Sample& sample, const SampleTexts& texts) {
  return encode_positions(sample, false, texts);
}

CrystalRecord record_of(const Sample& sample, const SampleTexts& texts) {
  return {crystal_in(sample), sample.properties, texts};
}

std::string encode_cif(const Sample& sample, const SampleTexts& texts) {
  return cif_text(record_of(sample, texts));
}

std::string encode_poscar(const Sample& sample, const SampleTexts&) {
  return poscar_text(crystal_in(sample));
}

std::string encode_extxyz(const Sample& sample, const SampleTexts& texts) {
  if (std::holds_alternative<Crystal>(sample.structure))
    return extxyz_text(record_of(sample, texts));
  return encode_positions(sample, true, texts);
}

std::string encode_json(const Sample& sample, const SampleTexts& texts) {
  return to_sample_json(sample, texts) + "\n";
}

std::string encode_graph6(const Sample& sample, const SampleTexts&) {
  return to_graph6(graph_in(sample)) + "\n";
}

/// An empty line has no graph, so one without nodes cannot be told.
std::string encode_edges(const Sample& sample, const SampleTexts&) {
  return edge_list_text(graph_in(sample)) + "\n";
}

/// A format that can be written.
struct Format {
  std::string_view structures;  ///< "graph molecule"
  std::string_view record_end;  ///< see RecordFile
  /// Null for tables, whose rows need the heading: see SampleTable.
  std::string (*encode)(const Sample&, const SampleTexts&);
};

const std::map<std::string, Format>& formats() {
  static const std::map<std::string, Format> known = {
      {".smi", {"molecule", "", encode_smi}},
      {".sdf", {"molecule", "$$$$", encode_sdf}},
      {".xyz", {"molecule", kAtomCount, encode_xyz}},
      {".extxyz", {"molecule crystal", kAtomCount, encode_extxyz}},
      {".cif", {"crystal", kEmptyLine, encode_cif}},
      {".poscar", {"crystal", kEmptyLine, encode_poscar}},
      {".jsonl", {"graph molecule crystal", "", encode_json}},
      {".g6", {"graph", "", encode_graph6}},
      {".edges", {"graph", kEmptyLine, encode_edges}},
      {".edgelist", {"graph", kEmptyLine, encode_edges}},
      {".csv", {"molecule crystal", kTableRow, nullptr}},
      {".tsv", {"molecule crystal", kTableRow, nullptr}},
  };
  return known;
}

const Format& format_of(const fs::path& path) {
  const auto found = formats().find(sample_format(path));
  if (found == formats().end()) {
    throw ConfigError("sample-format",
                      fmt::format("cannot write samples to {}: no format that is written has this "
                                  "ending",
                                  path.string()),
                      kPossible);
  }
  return found->second;
}

void require_writable(const fs::path& path, const Format& format, std::string_view structure) {
  if (format.structures.find(structure) != std::string_view::npos) return;
  throw ConfigError("sample-format", fmt::format("{} cannot hold a {}", path.string(), structure),
                    kPossible);
}

class FileSampleWriter final : public SampleWriter {
 public:
  FileSampleWriter(const fs::path& path, bool append, const SampleWriteOptions& options)
      : path_(path),
        format_(format_of(path)),
        options_(options),
        file_(path, format_.record_end, append) {
    if (options.symmetry_tolerance && format_.encode != encode_cif)
      throw ConfigError("sample-format", fmt::format("{} does not hold symmetry", path.string()),
                        "choose .cif for crystals with their space groups");
  }

  ~FileSampleWriter() override {
    try {
      flush();
    } catch (const std::exception& problem) {
      log::error(problem.what());
    }
  }

  std::string encoded(const Sample& sample, const SampleTexts& texts) const override {
    require_writable(path_, format_, structure_kind(sample));
    return options_.symmetry_tolerance
               ? symmetric_cif_text(record_of(sample, texts), {*options_.symmetry_tolerance, {}})
               : format_.encode(sample, texts);
  }

  void add(std::string_view record) override {
    if (format_.encode == encode_poscar && file_.count() > 0)
      throw ConfigError("sample-format", "a POSCAR holds one crystal only",
                        "write several to .cif, .csv, .extxyz or .jsonl");
    file_.add(record);
  }

  void flush() override { file_.flush(); }
  std::int64_t count() const override { return file_.count(); }

 private:
  fs::path path_;
  const Format& format_;
  SampleWriteOptions options_;
  RecordFile file_;
};

}  // namespace

SampleWriter::~SampleWriter() = default;

void SampleWriter::write(std::span<const Sample> samples) {
  if (samples.empty()) return;
  std::vector<std::string> records(samples.size());
  // Tables take their columns from the first one.
  records[0] = encoded(samples[0]);
  parallel_for(std::ssize(samples) - 1, [&](std::int64_t i) {
    const auto place = static_cast<std::size_t>(i) + 1;
    records[place] = encoded(samples[place]);
  });
  for (const std::string& record : records) add(record);
}

void require_writable_format(const fs::path& path, std::string_view structure) {
  require_writable(path, format_of(path), structure);
}

bool holds_texts(const fs::path& path) {
  const std::string format = sample_format(path);
  return format == ".sdf" || format == ".jsonl" || format == ".cif" || format == ".extxyz" ||
         is_sample_table(path);
}

std::unique_ptr<SampleWriter> open_sample_writer(const fs::path& path, bool append,
                                                 const SampleWriteOptions& options) {
  if (is_sample_table(path) && !options.symmetry_tolerance)
    return open_table_writer(path, append, options.columns);
  return std::make_unique<FileSampleWriter>(path, append, options);
}

}  // namespace equigen
