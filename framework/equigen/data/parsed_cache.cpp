// SPDX-License-Identifier: MIT
#include "equigen/data/parsed_cache.h"

#include <fmt/format.h>

#include "equigen/base/compact_bytes.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/version.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

/// Changes whenever the encoding, or what the readers make of a file, does.
constexpr std::string_view kFormat = "equigen parsed data 3\n";

void write_graph(CompactWriter& out, const Graph& graph) {
  out.number(static_cast<std::uint64_t>(graph.node_count));
  out.number(graph.edges.size());
  for (const auto& [begin, end] : graph.edges) {
    out.number(static_cast<std::uint64_t>(begin));
    out.number(static_cast<std::uint64_t>(end));
  }
}

Graph read_graph(CompactReader& in) {
  Graph graph;
  graph.node_count = static_cast<std::int32_t>(in.number());
  graph.edges.resize(in.count());
  for (auto& [begin, end] : graph.edges) {
    begin = static_cast<std::int32_t>(in.number());
    end = static_cast<std::int32_t>(in.number());
  }
  return graph;
}

void write_molecule(CompactWriter& out, const Molecule& molecule) {
  out.number(molecule.atoms.size());
  for (const Atom& atom : molecule.atoms) {
    out.number(atom.atomic_number);
    out.signed_number(atom.formal_charge);
  }
  out.number(molecule.bonds.size());
  for (const Bond& bond : molecule.bonds) {
    out.number(static_cast<std::uint64_t>(bond.begin));
    out.number(static_cast<std::uint64_t>(bond.end));
    out.number(bond.order);
  }
  out.number(molecule.positions.size());
  for (const auto& position : molecule.positions) {
    for (const double coordinate : position) out.real(coordinate);
  }
  out.text(molecule.smiles);
  out.text(molecule.name);
  out.text(molecule.plain_smiles);
}

Molecule read_molecule(CompactReader& in) {
  Molecule molecule;
  molecule.atoms.resize(in.count());
  for (Atom& atom : molecule.atoms) {
    atom.atomic_number = static_cast<std::uint8_t>(in.number());
    atom.formal_charge = static_cast<std::int8_t>(in.signed_number());
  }
  molecule.bonds.resize(in.count());
  for (Bond& bond : molecule.bonds) {
    bond.begin = static_cast<std::int32_t>(in.number());
    bond.end = static_cast<std::int32_t>(in.number());
    bond.order = static_cast<std::uint8_t>(in.number());
  }
  molecule.positions.resize(in.count());
  for (auto& position : molecule.positions) {
    for (double& coordinate : position) coordinate = in.real();
  }
  molecule.smiles = in.text();
  molecule.name = in.text();
  molecule.plain_smiles = in.text();
  return molecule;
}

void write_crystal(CompactWriter& out, const Crystal& crystal) {
  for (const Vector3& vector : crystal.lattice.vectors())
    for (const double component : vector) out.real(component);
  out.number(crystal.size());
  for (const auto atomic_number : crystal.atomic_numbers) out.number(atomic_number);
  for (const Vector3& site : crystal.fractional_coordinates)
    for (const double component : site) out.real(component);
  out.text(crystal.name);
}

Crystal read_crystal(CompactReader& in) {
  Matrix3 vectors;
  for (Vector3& vector : vectors)
    for (double& component : vector) component = in.real();
  Crystal crystal;
  crystal.lattice = Lattice(vectors);
  crystal.atomic_numbers.resize(in.count());
  for (auto& atomic_number : crystal.atomic_numbers)
    atomic_number = static_cast<std::uint8_t>(in.number());
  crystal.fractional_coordinates.resize(crystal.atomic_numbers.size());
  for (Vector3& site : crystal.fractional_coordinates)
    for (double& component : site) component = in.real();
  crystal.name = in.text();
  return crystal;
}

void write_sample(CompactWriter& out, const Sample& sample) {
  out.number(sample.structure.index());
  if (const auto* graph = std::get_if<Graph>(&sample.structure))
    write_graph(out, *graph);
  else if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
    write_crystal(out, *crystal);
  else
    write_molecule(out, molecule_in(sample));
  out.number(sample.properties.size());
  for (const auto& [name, value] : sample.properties) {
    out.text(name);
    out.real(value);
  }
  out.text(sample.fault);
}

Sample read_sample(CompactReader& in) {
  Sample sample;
  switch (in.number()) {
    case 0:
      sample.structure = read_graph(in);
      break;
    case 1:
      sample.structure = read_molecule(in);
      break;
    case 2:
      sample.structure = read_crystal(in);
      break;
    default:
      throw CompactReader::Damaged();
  }
  sample.properties.resize(in.count());
  for (auto& [name, value] : sample.properties) {
    name = in.text();
    value = in.real();
  }
  sample.fault = in.text();
  return sample;
}

SampleFile read_body(CompactReader& in) {
  SampleFile file;
  file.row_count = in.signed_number();
  file.skipped_count = in.signed_number();
  file.skipped.resize(in.count());
  for (auto& row : file.skipped) {
    row.source = in.text();
    row.reason = in.text();
  }
  file.rows.resize(in.count());
  std::int64_t row = 0;
  for (auto& entry : file.rows) entry = row += in.signed_number();
  const auto count = in.count();
  file.samples.reserve(count);
  for (std::size_t i = 0; i < count; ++i) file.samples.push_back(read_sample(in));
  if (!in.at_end()) throw CompactReader::Damaged();
  return file;
}

void store(const fs::path& path, const SampleFile& file) {
  try {
    write_file_atomically(path, encode_sample_file(file));
  } catch (const ResourceError& problem) {
    log::warning(fmt::format("parsed data is not kept for the next run: {}", problem.what()));
  }
}

}  // namespace

std::string encode_sample_file(const SampleFile& file) {
  CompactWriter out(kFormat);
  out.signed_number(file.row_count);
  out.signed_number(file.skipped_count);
  out.number(file.skipped.size());
  for (const auto& row : file.skipped) {
    out.text(row.source);
    out.text(row.reason);
  }
  out.number(file.rows.size());
  std::int64_t previous = 0;
  for (const auto row : file.rows) {
    out.signed_number(row - previous);
    previous = row;
  }
  out.number(file.samples.size());
  for (const Sample& sample : file.samples) write_sample(out, sample);
  return sealed(out.take());
}

std::optional<SampleFile> decode_sample_file(std::string_view bytes) {
  const auto body = opened(bytes, kFormat);
  if (!body) return {};
  try {
    CompactReader in(*body);
    return read_body(in);
  } catch (const CompactReader::Damaged&) {
    return {};
  }
}

SampleFile cached(const fs::path& folder, const std::string& key,
                  const std::function<SampleFile()>& make) {
  const fs::path path =
      folder / (sha256(fmt::format("{}{}\n{}", kFormat, EQUIGEN_VERSION, key)) + ".bin");
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    try {
      if (auto file = decode_sample_file(read_file(path))) return std::move(*file);
      log::warning(fmt::format("the cached data {} is damaged and is made anew", path.string()));
    } catch (const DataError& problem) {
      log::warning(fmt::format("cached data is made anew: {}", problem.what()));
    }
  }
  SampleFile file = make();
  store(path, file);
  return file;
}

SampleFile read_cached_file(const fs::path& path, const SampleFileOptions& options,
                            const fs::path& folder) {
  const auto key = fmt::format("file {} {} columns {} {} hydrogens {} charge {}{}",
                               sha256_of_file(path), sample_format(path), options.smiles_column,
                               options.cif_column, options.keep_hydrogens, options.charge,
                               options.to_be_judged ? " to be judged" : "");
  SampleFile file = cached(folder, key, [&] { return read_sample_file(path, options); });
  // The same content may have been read before under another name.
  for (auto& row : file.skipped) {
    row.source = path.string() + row.source.substr(row.source.rfind(':'));
  }
  return file;
}

}  // namespace equigen
