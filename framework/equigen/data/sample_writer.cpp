// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <map>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/data/record_file.h"
#include "equigen/data/sample_files.h"
#include "equigen/data/sample_json.h"
#include "equigen/graph/graph_files.h"
#include "equigen/molecule/molecule_files.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPossible =
    "molecules can be written to .smi, .sdf and .jsonl, those with positions also to .xyz and "
    ".extxyz, graphs to .jsonl and .g6, each also with .gz";

/// A SMILES for every molecule that has one, the word for "none" for every other.
std::string encode_smi(const Sample& sample) {
  const auto& molecule = std::get<Molecule>(sample.structure);
  try {
    return smi_line(molecule, sample.properties);
  } catch (const DataError& problem) {
    log::warning(fmt::format("a sample is written as invalid: {}", problem.message()));
    return smi_line(Molecule{}, sample.properties);
  }
}

std::string encode_sdf(const Sample& sample) {
  return sdf_record(std::get<Molecule>(sample.structure), sample.properties);
}

std::string encode_positions(const Sample& sample, bool extended) {
  const auto& molecule = std::get<Molecule>(sample.structure);
  if (molecule.positions.size() != molecule.atoms.size()) {
    throw ConfigError("sample-format",
                      "molecules without positions cannot be written to .xyz and .extxyz",
                      kPossible);
  }
  return xyz_record(molecule, sample.properties, extended);
}

std::string encode_xyz(const Sample& sample) {
  return encode_positions(sample, false);
}

std::string encode_extxyz(const Sample& sample) {
  return encode_positions(sample, true);
}

std::string encode_json(const Sample& sample) {
  return to_sample_json(sample) + "\n";
}

std::string encode_graph6(const Sample& sample) {
  return to_graph6(std::get<Graph>(sample.structure)) + "\n";
}

/// A format that can be written.
struct Format {
  bool graphs;
  bool molecules;
  std::string_view record_end;  ///< see RecordFile
  std::string (*encode)(const Sample&);
};

const std::map<std::string, Format>& formats() {
  static const std::map<std::string, Format> known = {
      {".smi", {false, true, "", encode_smi}},
      {".sdf", {false, true, "$$$$", encode_sdf}},
      {".xyz", {false, true, kAtomCount, encode_xyz}},
      {".extxyz", {false, true, kAtomCount, encode_extxyz}},
      {".jsonl", {true, true, "", encode_json}},
      {".g6", {true, false, "", encode_graph6}},
  };
  return known;
}

const Format& format_of(const fs::path& path) {
  const auto found = formats().find(format_extension(path));
  if (found == formats().end()) {
    throw ConfigError("sample-format",
                      fmt::format("cannot write samples to {}: no format that is written has this "
                                  "ending",
                                  path.string()),
                      kPossible);
  }
  return found->second;
}

[[noreturn]] void refuse_structure(const fs::path& path, std::string_view structure) {
  throw ConfigError("sample-format", fmt::format("{} cannot hold a {}", path.string(), structure),
                    kPossible);
}

class FileSampleWriter final : public SampleWriter {
 public:
  FileSampleWriter(const fs::path& path, bool append)
      : path_(path), format_(format_of(path)), file_(path, format_.record_end, append) {}

  ~FileSampleWriter() override {
    try {
      flush();
    } catch (const std::exception& problem) {
      log::error(problem.what());
    }
  }

  void write(const Sample& sample) override {
    const bool graph = std::holds_alternative<Graph>(sample.structure);
    if (graph ? !format_.graphs : !format_.molecules)
      refuse_structure(path_, structure_kind(sample));
    file_.add(format_.encode(sample));
  }

  void flush() override { file_.flush(); }
  std::int64_t count() const override { return file_.count(); }

 private:
  fs::path path_;
  const Format& format_;
  RecordFile file_;
};

}  // namespace

SampleWriter::~SampleWriter() = default;

void SampleWriter::write(std::span<const Sample> samples) {
  for (const Sample& sample : samples) write(sample);
}

void require_writable_format(const fs::path& path, std::string_view structure) {
  const Format& format = format_of(path);
  if (structure == "graph" ? !format.graphs : !format.molecules) refuse_structure(path, structure);
}

std::unique_ptr<SampleWriter> open_sample_writer(const fs::path& path, bool append) {
  return std::make_unique<FileSampleWriter>(path, append);
}

}  // namespace equigen
