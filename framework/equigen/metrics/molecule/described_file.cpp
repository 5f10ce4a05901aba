// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/described_file.h"

#include <fmt/format.h>

#include <bit>

#include "equigen/base/compact_bytes.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/molecule/rdkit_release.h"
#include "equigen/version.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

/// Changes whenever the encoding, or what describe() finds, does.
constexpr std::string_view kFormat = "equigen described molecules 1\n";

void write_statistics(CompactWriter& out, const MoleculeDescriptors& molecule) {
  out.signed_number(molecule.heavy_atoms);
  out.number(molecule.is_charged);
  out.number(molecule.elements.size());
  for (const auto& [element, count] : molecule.elements) {
    out.number(element);
    out.signed_number(count);
  }
  out.signed_number(molecule.part_count);
  out.number(molecule.ring_sizes.size());
  for (const std::uint8_t size : molecule.ring_sizes) out.number(size);
  for (const std::int32_t count : molecule.bond_counts) out.signed_number(count);
}

void read_statistics(CompactReader& in, MoleculeDescriptors& molecule) {
  molecule.heavy_atoms = static_cast<std::int32_t>(in.signed_number());
  molecule.is_charged = in.number() != 0;
  molecule.elements.resize(in.count());
  for (auto& [element, count] : molecule.elements) {
    element = static_cast<std::uint8_t>(in.number());
    count = static_cast<std::int32_t>(in.signed_number());
  }
  molecule.part_count = static_cast<std::int32_t>(in.signed_number());
  molecule.ring_sizes.resize(in.count());
  for (std::uint8_t& size : molecule.ring_sizes) size = static_cast<std::uint8_t>(in.number());
  for (std::int32_t& count : molecule.bond_counts)
    count = static_cast<std::int32_t>(in.signed_number());
}

/// Few of the bits are set: the places of those.
void write_bits(CompactWriter& out, const MorganBits& bits) {
  int count = 0;
  for (const std::uint64_t word : bits) count += std::popcount(word);
  out.number(static_cast<std::uint64_t>(count));
  std::size_t previous = 0;
  for (std::size_t w = 0; w < bits.size(); ++w) {
    for (std::uint64_t word = bits[w]; word != 0; word &= word - 1) {
      const std::size_t place = 64 * w + static_cast<std::size_t>(std::countr_zero(word));
      out.number(place - previous);
      previous = place;
    }
  }
}

void read_bits(CompactReader& in, MorganBits& bits) {
  std::size_t place = 0;
  for (std::size_t i = in.count(); i > 0; --i) {
    place += in.number();
    if (place >= 64 * bits.size()) throw CompactReader::Damaged();
    bits[place / 64] |= std::uint64_t{1} << (place % 64);
  }
}

void write_skeleton(CompactWriter& out, const MoleculeSkeleton& skeleton) {
  out.number(skeleton.elements.size());
  for (const std::uint8_t element : skeleton.elements) out.number(element);
  out.number(skeleton.bonds.size());
  for (const Bond& bond : skeleton.bonds) {
    out.number(static_cast<std::uint64_t>(bond.begin));
    out.number(static_cast<std::uint64_t>(bond.end));
    out.number(bond.order);
  }
}

void read_skeleton(CompactReader& in, MoleculeSkeleton& skeleton) {
  skeleton.elements.resize(in.count());
  for (std::uint8_t& element : skeleton.elements) element = static_cast<std::uint8_t>(in.number());
  skeleton.bonds.resize(in.count());
  for (Bond& bond : skeleton.bonds) {
    const std::uint64_t begin = in.number();
    const std::uint64_t end = in.number();
    const bool inside = begin < skeleton.elements.size() && end < skeleton.elements.size();
    if (!inside) throw CompactReader::Damaged();
    bond = {static_cast<std::int32_t>(begin), static_cast<std::int32_t>(end),
            static_cast<std::uint8_t>(in.number())};
  }
}

constexpr double MoleculeDescriptors::*kReals[] = {
    &MoleculeDescriptors::weight,   &MoleculeDescriptors::logp,  &MoleculeDescriptors::qed,
    &MoleculeDescriptors::sa_score, &MoleculeDescriptors::bertz, &MoleculeDescriptors::tpsa};
constexpr std::int32_t MoleculeDescriptors::*kNumbers[] = {
    &MoleculeDescriptors::acceptors,       &MoleculeDescriptors::donors,
    &MoleculeDescriptors::rotatable_bonds, &MoleculeDescriptors::aliphatic_rings,
    &MoleculeDescriptors::aromatic_rings,  &MoleculeDescriptors::scaffold_rings};
constexpr std::string MoleculeDescriptors::*kTexts[] = {&MoleculeDescriptors::plain_smiles,
                                                        &MoleculeDescriptors::scaffold,
                                                        &MoleculeDescriptors::filter_pattern};

void write_molecule(CompactWriter& out, const MoleculeDescriptors& molecule) {
  out.number(molecule.valid);
  if (!molecule.valid) return;
  write_statistics(out, molecule);
  for (const auto member : kReals) out.real(molecule.*member);
  for (const auto member : kNumbers) out.signed_number(molecule.*member);
  for (const auto member : kTexts) out.text(molecule.*member);
  write_bits(out, molecule.bits);
  out.number(molecule.fragments.size());
  for (const std::string& fragment : molecule.fragments) out.text(fragment);
  out.number(static_cast<std::uint64_t>(molecule.filter));
  write_skeleton(out, molecule.skeleton);
}

MoleculeDescriptors read_molecule(CompactReader& in) {
  MoleculeDescriptors molecule;
  molecule.valid = in.number() != 0;
  if (!molecule.valid) return molecule;
  read_statistics(in, molecule);
  for (const auto member : kReals) molecule.*member = in.real();
  for (const auto member : kNumbers)
    molecule.*member = static_cast<std::int32_t>(in.signed_number());
  for (const auto member : kTexts) molecule.*member = in.text();
  read_bits(in, molecule.bits);
  molecule.fragments.resize(in.count());
  for (std::string& fragment : molecule.fragments) fragment = in.text();
  const std::uint64_t filter = in.number();
  if (filter > static_cast<std::uint64_t>(FilterOutcome::pattern)) throw CompactReader::Damaged();
  molecule.filter = static_cast<FilterOutcome>(filter);
  read_skeleton(in, molecule.skeleton);
  return molecule;
}

fs::path path_of(const fs::path& folder, std::span<const std::string> smiles, MoleculeParts parts) {
  std::string key = fmt::format("{}{}\nRDKit {}\n{}\n", kFormat, EQUIGEN_VERSION, rdkit_release(),
                                static_cast<std::uint32_t>(parts));
  for (const std::string& item : smiles) key += item + '\n';
  return folder / (sha256(key) + ".bin");
}

std::optional<DescribedMolecules> stored(const fs::path& path, std::size_t count) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  try {
    auto molecules = decode_described(read_file(path));
    if (molecules && molecules->size() == count) return molecules;
    log::warning(
        fmt::format("the cached descriptors {} are damaged and are made anew", path.string()));
  } catch (const DataError& problem) {
    log::warning(fmt::format("cached descriptors are made anew: {}", problem.what()));
  }
  return std::nullopt;
}

}  // namespace

std::string encode_described(const DescribedMolecules& molecules) {
  CompactWriter out(kFormat);
  out.number(molecules.size());
  for (const auto& molecule : molecules) write_molecule(out, *molecule);
  return sealed(out.take());
}

std::optional<DescribedMolecules> decode_described(std::string_view bytes) {
  const auto body = opened(bytes, kFormat);
  if (!body) return std::nullopt;
  try {
    CompactReader in(*body);
    DescribedMolecules molecules(in.count());
    for (auto& molecule : molecules)
      molecule = std::make_shared<const MoleculeDescriptors>(read_molecule(in));
    if (!in.at_end()) return std::nullopt;
    return molecules;
  } catch (const CompactReader::Damaged&) {
    return std::nullopt;
  }
}

DescribedMolecules kept_described(const fs::path& folder, std::span<const std::string> smiles,
                                  MoleculeParts parts,
                                  const std::function<DescribedMolecules()>& make) {
  const fs::path path = path_of(folder, smiles, parts);
  if (auto known = stored(path, smiles.size())) return std::move(*known);
  DescribedMolecules molecules = make();
  try {
    write_file_atomically(path, encode_described(molecules));
  } catch (const ResourceError& problem) {
    log::warning(fmt::format("descriptors are not kept for the next run: {}", problem.what()));
  }
  return molecules;
}

}  // namespace equigen
