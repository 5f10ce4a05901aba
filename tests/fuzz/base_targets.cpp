// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "equigen/base/gzip_members.h"
#include "equigen/base/text.h"
#include "equigen/config/compose.h"
#include "equigen/config/interpolation.h"
#include "equigen/config/overrides.h"
#include "equigen/crystal/files/cif.h"
#include "equigen/data/crystal_files.h"
#include "equigen/data/sample_files.h"
#include "equigen/data/sample_json.h"
#include "equigen/graph/edge_list.h"
#include "equigen/graph/graph_files.h"
#include "equigen/molecule/molecule_files.h"
#include "equigen/molecule/smiles.h"
#include "fuzz_targets.h"

namespace equigen::fuzz {
namespace {

/// What was accepted must be written and read again as the same.
void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

void read_yaml(std::string_view bytes) {
  config::Problems problems;
  const config::Value tree = config::parse_yaml(bytes, "input.yaml", problems);
  if (problems.empty()) {
    config::Problems again;
    config::parse_yaml(tree.to_yaml(), "again.yaml", again);
    require(again.empty(), "what was written from a YAML tree cannot be read");
    (void)config::interpolate(tree, config::Value::map(), problems);
  }
  (void)problems.render();
}

void read_overrides(std::string_view bytes) {
  std::vector<std::string> arguments;
  for (const auto& line : text::split(bytes, '\n')) arguments.emplace_back(line);
  config::Problems problems;
  config::Value tree = config::Value::map();
  for (const auto& change : config::parse_overrides(arguments, problems))
    config::apply_override(tree, change, problems);
  (void)tree.to_yaml();
  (void)problems.render();
}

void read_smiles(std::string_view bytes) {
  const Molecule molecule = parse_smiles(bytes);
  require(canonical_smiles(molecule.smiles, true) == molecule.smiles,
          "canonical SMILES is not its own canonical form");
}

template <typename Extension>
void read_molecules(std::string_view bytes, Extension extension) {
  const MoleculeFile file = parse_molecule_file(bytes, extension, "input");
  require(file.row_count == std::ssize(file.records) + std::ssize(file.broken),
          "rows are neither read nor named as broken");
}

void read_smi(std::string_view bytes) {
  read_molecules(bytes, ".smi");
}

void read_csv(std::string_view bytes) {
  read_molecules(bytes, ".csv");
}

void read_sdf(std::string_view bytes) {
  read_molecules(bytes, ".sdf");
}

void read_graph6(std::string_view bytes) {
  const Graph graph = parse_graph6(bytes);
  require(parse_graph6(to_graph6(graph)) == graph, "graph6 does not read back");
}

void read_xyz(std::string_view bytes) {
  read_molecules(bytes, ".xyz");
}

void read_edge_list_file(std::string_view bytes) {
  const GraphFile file = read_edge_lists(written(bytes, ".edges"));
  for (const Graph& graph : file.graphs)
    require(parse_graph_json(to_graph_json(graph)) == graph, "a graph does not read back");
}

void read_json_lines(std::string_view bytes) {
  const Sample sample = parse_sample_json(bytes);
  (void)to_sample_json(sample);
}

/// Crystals whose lattice has no volume cannot be written with fractional coordinates.
bool is_whole(const Crystal& crystal) {
  const double volume = crystal.lattice.volume();
  return crystal.size() > 0 && std::isfinite(volume) && volume > 1e-6;
}

/// What JSON can hold; a name in a file may be anything.
bool is_utf8(const std::string& text) {
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

template <typename Extension>
void read_crystals(std::string_view bytes, Extension extension) {
  const SampleFile file = parse_crystals(bytes, extension, "input", {});
  require(file.row_count == std::ssize(file.samples) + file.skipped_count,
          "rows are neither read nor named as broken");
  for (const Sample& sample : file.samples) {
    Crystal crystal = crystal_in(sample);
    if (!is_whole(crystal)) continue;
    if (!is_utf8(crystal.name)) crystal.name.clear();
    require(crystal_in(parse_sample_json(to_sample_json({crystal, {}}))) == crystal,
            "a crystal does not read back from JSON");
    const CrystalRecord record{crystal, sample.properties};
    require(read_cif_block(cif_text(record)).crystal.size() == crystal.size(),
            "a crystal does not read back from CIF");
  }
}

void read_cif(std::string_view bytes) {
  read_crystals(bytes, ".cif");
}

void read_poscar_file(std::string_view bytes) {
  read_crystals(bytes, ".poscar");
}

void read_crystal_xyz(std::string_view bytes) {
  read_crystals(bytes, ".extxyz");
}

void read_crystal_csv(std::string_view bytes) {
  read_crystals(bytes, ".csv");
}

/// Records of files within the file.
void read_container(std::string_view bytes, const std::string& extension) {
  SampleFileOptions options;
  options.to_be_judged = true;
  const SampleFile file = read_sample_file(written(bytes, extension), options);
  require(file.row_count == std::ssize(file.samples) + file.skipped_count,
          "rows are neither read nor named as broken");
  require(file.rows.size() == file.samples.size(), "a sample has no row");
}

void read_crystal_zip(std::string_view bytes) {
  read_container(bytes, ".zip");
}

void read_crystal_tar(std::string_view bytes) {
  read_container(bytes, ".tar");
}

void read_gzip(std::string_view bytes) {
  constexpr std::size_t kMost = std::size_t{1} << 22;
  const Unpacked found = unpacked(std::string(bytes), kMost);
  require(found.text.size() <= std::max(kMost, bytes.size()), "more was unpacked than asked for");
}

}  // namespace

std::span<const Target> base_targets() {
  static constexpr std::array targets{
      Target{"yaml", refusing<read_yaml>},
      Target{"overrides", refusing<read_overrides>},
      Target{"smiles", refusing<read_smiles>},
      Target{"smi", refusing<read_smi>},
      Target{"csv", refusing<read_csv>},
      Target{"sdf", refusing<read_sdf>},
      Target{"graph6", refusing<read_graph6>},
      Target{"json_lines", refusing<read_json_lines>},
      Target{"xyz", refusing<read_xyz>},
      Target{"edge_list", refusing<read_edge_list_file>},
      Target{"cif", refusing<read_cif>},
      Target{"poscar", refusing<read_poscar_file>},
      Target{"crystal_xyz", refusing<read_crystal_xyz>},
      Target{"crystal_csv", refusing<read_crystal_csv>},
      Target{"crystal_zip", refusing<read_crystal_zip>},
      Target{"crystal_tar", refusing<read_crystal_tar>},
      Target{"gzip", refusing<read_gzip>},
  };
  return targets;
}

}  // namespace equigen::fuzz
