// SPDX-License-Identifier: MIT
#include "equigen/molecule/sdf_record.h"

#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/molecule/rdkit_molecule.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

/// Line of a data field's heading, "> <name>", to its name.
std::optional<std::string> field_name(std::string_view line) {
  if (!line.starts_with('>')) return std::nullopt;
  const auto begin = line.find('<');
  const auto end = line.rfind('>');
  if (begin == std::string_view::npos || end <= begin + 1) return std::nullopt;
  return std::string(line.substr(begin + 1, end - begin - 1));
}

MoleculeProperties data_fields(std::string_view text) {
  MoleculeProperties properties;
  const auto lines = text::split(text, '\n');
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const auto name = field_name(text::trim(lines[i]));
    if (!name) continue;
    if (const auto value = text::to_real(text::trim(lines[i + 1])))
      properties.emplace_back(*name, *value);
  }
  return properties;
}

rdkit::MoleculePointer read_block(const std::string& block, bool keep_hydrogens) {
  rdkit::silence();
  rdkit::forget_failure();
  rdkit::MoleculePointer molecule;
  try {
    molecule.reset(RDKit::MolBlockToMol(block, true, !keep_hydrogens));
  } catch (const std::exception& error) {
    throw DataError("sdf-invalid", rdkit::reason_of_failure(error.what()));
  }
  if (!molecule)
    throw DataError("sdf-invalid", rdkit::reason_of_failure("the record cannot be read"));
  return molecule;
}

bool has_3d_positions(const RDKit::ROMol& molecule) {
  return molecule.getNumConformers() > 0 && molecule.getConformer().is3D();
}

std::string smiles_with_stereochemistry(const RDKit::RWMol& molecule, bool from_positions) {
  RDKit::RWMol copy(molecule);
  if (from_positions) RDKit::MolOps::assignStereochemistryFrom3D(copy);
  RDKit::MolOps::removeHs(copy);
  return RDKit::MolToSmiles(copy);
}

Molecule with_positions(const RDKit::RWMol& source) {
  Molecule result = rdkit::to_plain(source);
  const RDKit::Conformer& conformer = source.getConformer();
  for (unsigned i = 0; i < source.getNumAtoms(); ++i) {
    const RDGeom::Point3D& position = conformer.getAtomPos(i);
    result.positions.push_back({position.x, position.y, position.z});
  }
  return result;
}

Molecule to_molecule(const RDKit::RWMol& source, bool keep_hydrogens) {
  if (source.getNumAtoms() == 0) return {};
  const bool positioned = has_3d_positions(source);
  const std::string smiles = smiles_with_stereochemistry(source, positioned);
  if (!positioned && !keep_hydrogens) return parse_smiles(smiles);
  Molecule result = positioned ? with_positions(source) : rdkit::to_plain(source);
  result.smiles = smiles;
  return result;
}

/// The molecule as it is written: with its positions, or laid out flat.
rdkit::MoleculePointer with_coordinates(const Molecule& molecule) {
  if (!molecule.positions.empty()) {
    rdkit::MoleculePointer target = rdkit::build_sanitised(molecule);
    rdkit::add_positions(*target, molecule);
    RDKit::MolOps::assignStereochemistryFrom3D(*target);
    return target;
  }
  // The canonical text knows the stereochemistry, the graph does not.
  const bool stereo = may_have_stereochemistry(molecule.smiles);
  rdkit::MoleculePointer target =
      stereo ? rdkit::parse(molecule.smiles) : rdkit::build_sanitised(molecule);
  RDDepict::compute2DCoords(*target);
  return target;
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

MoleculeRecord read_sdf_record(std::string_view text, bool keep_hydrogens) {
  const auto end = text.find("M  END");
  if (end == std::string_view::npos)
    throw DataError("sdf-invalid", "the record has no line 'M  END': it is cut off or no SD file");
  const std::string block(text.substr(0, end + 7));
  const rdkit::MoleculePointer source = read_block(block, keep_hydrogens);
  MoleculeRecord record;
  record.molecule = to_molecule(*source, keep_hydrogens);
  record.molecule.name = text::trim(block.substr(0, block.find('\n')));
  record.properties = data_fields(text.substr(std::min(end + 7, text.size())));
  return record;
}

std::string sdf_record(const Molecule& molecule,
                       std::span<const std::pair<std::string, double>> properties) {
  const rdkit::MoleculePointer target = with_coordinates(molecule);
  target->setProp("_Name", one_line(molecule.name));
  std::string text = RDKit::MolToMolBlock(*target);
  for (const auto& [key, value] : properties)
    text += fmt::format(">  <{}>\n{}\n\n", one_line(key), text::shortest(value));
  return text + "$$$$\n";
}

}  // namespace equigen
