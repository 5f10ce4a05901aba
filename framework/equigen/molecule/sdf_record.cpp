// SPDX-License-Identifier: MIT
#include "equigen/molecule/sdf_record.h"

#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/MolOps.h>
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

/// Lines up to the empty one that ends a field.
std::string field_text(const std::vector<std::string>& lines, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < lines.size(); ++i) {
    const std::string_view line = lines[i].ends_with('\r')
                                      ? std::string_view(lines[i]).substr(0, lines[i].size() - 1)
                                      : std::string_view(lines[i]);
    if (line.empty()) break;
    text.append(i == first ? "" : "\n").append(line);
  }
  return text;
}

void read_data_fields(std::string_view text, bool keep_texts, MoleculeRecord& record) {
  const auto lines = text::split(text, '\n');
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const auto name = field_name(text::trim(lines[i]));
    if (!name) continue;
    if (const auto value = text::to_real(text::trim(lines[i + 1])))
      record.properties.emplace_back(*name, *value);
    else if (keep_texts)
      if (std::string value = field_text(lines, i + 1); !value.empty())
        record.texts.emplace_back(*name, std::move(value));
  }
}

/// What RDKit makes of a block; nothing, with the reason in its log, when that is no molecule.
rdkit::MoleculePointer parse_block(const std::string& block, bool sanitise, bool keep_hydrogens) {
  rdkit::MoleculePointer molecule;
  try {
    molecule.reset(RDKit::MolBlockToMol(block, sanitise, !keep_hydrogens));
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

Molecule with_positions(const RDKit::RWMol& source) {
  Molecule result = rdkit::to_plain(source);
  const RDKit::Conformer& conformer = source.getConformer();
  for (unsigned i = 0; i < source.getNumAtoms(); ++i) {
    const RDGeom::Point3D& position = conformer.getAtomPos(i);
    result.positions.push_back({position.x, position.y, position.z});
  }
  return result;
}

Molecule to_molecule(rdkit::MoleculePointer source, const MoleculeFileOptions& options) {
  if (source->getNumAtoms() == 0) return {};
  const bool positioned = has_3d_positions(*source);
  const std::string smiles = rdkit::written_without_hydrogens(*source, positioned);
  if (!positioned && !options.keep_hydrogens) return parse_smiles(smiles);
  Molecule result = positioned ? with_positions(*source) : rdkit::to_plain(*source);
  result.smiles = smiles;
  return result;
}

/// A record that is no possible molecule, as it stands; its bonds are kekulised where they can be.
Molecule to_judged(const std::string& block) {
  const rdkit::MoleculePointer source = parse_block(block, false, true);
  return has_3d_positions(*source) ? with_positions(*source) : rdkit::to_plain(*source);
}

Molecule read_block(const std::string& block, const MoleculeFileOptions& options) {
  rdkit::silence();
  rdkit::forget_failure();
  const bool keep_hydrogens = options.keep_hydrogens || options.to_be_judged;
  try {
    return to_molecule(parse_block(block, true, keep_hydrogens), options);
  } catch (const DataError&) {
    if (!options.to_be_judged) throw;
    return to_judged(block);
  }
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

/// Text that neither ends its field or record nor begins another.
std::string without_field_ends(const std::string& value) {
  std::vector<std::string> lines;
  for (std::string& line : text::split(value, '\n')) {
    if (line.ends_with('\r')) line.pop_back();
    const bool has_meaning = line.empty() || line.starts_with('>') || line.starts_with("$$$$");
    lines.push_back(has_meaning ? ' ' + line : std::move(line));
  }
  return text::join(lines, "\n");
}

}  // namespace

MoleculeRecord read_sdf_record(std::string_view text, const MoleculeFileOptions& options) {
  const auto end = text.find("M  END");
  if (end == std::string_view::npos)
    throw DataError("sdf-invalid", "the record has no line 'M  END': it is cut off or no SD file");
  const std::string block(text.substr(0, end + 7));
  MoleculeRecord record;
  record.molecule = read_block(block, options);
  record.molecule.name = text::trim(block.substr(0, block.find('\n')));
  read_data_fields(text.substr(std::min(end + 7, text.size())), options.keep_texts, record);
  return record;
}

std::string sdf_record(const Molecule& molecule,
                       std::span<const std::pair<std::string, double>> properties,
                       std::span<const std::pair<std::string, std::string>> texts) {
  const rdkit::MoleculePointer target = with_coordinates(molecule);
  target->setProp("_Name", one_line(molecule.name));
  std::string text = RDKit::MolToMolBlock(*target);
  for (const auto& [key, value] : properties)
    text += fmt::format(">  <{}>\n{}\n\n", one_line(key), text::shortest(value));
  for (const auto& [key, value] : texts)
    text += fmt::format(">  <{}>\n{}\n\n", one_line(key), without_field_ends(value));
  return text + "$$$$\n";
}

}  // namespace equigen
