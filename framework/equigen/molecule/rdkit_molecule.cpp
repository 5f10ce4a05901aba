// SPDX-License-Identifier: MIT
#include "equigen/molecule/rdkit_molecule.h"

#include <GraphMol/Conformer.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SanitException.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <RDGeneral/RDLog.h>
#include <fmt/format.h>

#include <mutex>
#include <streambuf>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen::rdkit {
namespace {

// Longer texts come from damaged files; RDKit's parser would spend minutes on them.
constexpr std::size_t kLongestSmiles = 20000;

std::string& said_on_this_thread() {
  thread_local std::string said;
  return said;
}

/// Collects RDKit's error log, each thread's lines apart, because RDKit has one log for all.
class ThreadLog : public std::streambuf {
 protected:
  int_type overflow(int_type character) override {
    if (character != traits_type::eof())
      said_on_this_thread().push_back(static_cast<char>(character));
    return character;
  }
  std::streamsize xsputn(const char* text, std::streamsize count) override {
    said_on_this_thread().append(text, static_cast<std::size_t>(count));
    return count;
  }
};

class ThreadLogStream : public std::ostream {
 public:
  ThreadLogStream() : std::ostream(nullptr) { rdbuf(&buffer_); }

 private:
  ThreadLog buffer_;
};

std::string without_time_stamp(std::string_view line) {
  if (line.starts_with('[')) {
    const auto end = line.find("] ");
    if (end != std::string_view::npos && end < 16) line.remove_prefix(end + 2);
  }
  return std::string(text::trim(line));
}

RDKit::Bond::BondType bond_type(int order) {
  switch (order) {
    case 0:
      throw DataError("molecule-invalid", "its bonds could not be determined from the positions");
    case 1:
      return RDKit::Bond::SINGLE;
    case 2:
      return RDKit::Bond::DOUBLE;
    case 3:
      return RDKit::Bond::TRIPLE;
    default:
      throw DataError("molecule-unsupported", fmt::format("a bond of order {}", order),
                      "bond orders are 1, 2 and 3");
  }
}

std::uint8_t bond_order(const RDKit::Bond& bond) {
  switch (bond.getBondType()) {
    case RDKit::Bond::SINGLE:
      return 1;
    case RDKit::Bond::DOUBLE:
      return 2;
    case RDKit::Bond::TRIPLE:
      return 3;
    default:
      throw DataError("molecule-unsupported",
                      fmt::format("the bond between atoms {} and {} is neither single, double nor "
                                  "triple",
                                  bond.getBeginAtomIdx() + 1, bond.getEndAtomIdx() + 1));
  }
}

bool has_aromatic_bond(const RDKit::ROMol& molecule) {
  for (const auto* bond : molecule.bonds())
    if (bond->getBondType() == RDKit::Bond::AROMATIC) return true;
  return false;
}

/// The molecule with single, double and triple bonds in place of aromatic ones; nothing when that
/// takes more than it does for what RDKit wrote.
MoleculePointer kekulised(const std::string& smiles) {
  if (smiles.find("[H") != std::string::npos) return nullptr;
  RDKit::SmilesParserParams options;
  options.parseName = false;
  options.allowCXSMILES = false;
  options.sanitize = false;
  options.removeHs = false;
  try {
    MoleculePointer molecule(RDKit::SmilesToMol(smiles, options));
    if (!molecule) return nullptr;
    unsigned failed = 0;
    RDKit::MolOps::sanitizeMol(
        *molecule, failed,
        RDKit::MolOps::SANITIZE_CLEANUP | RDKit::MolOps::SANITIZE_PROPERTIES |
            RDKit::MolOps::SANITIZE_SYMMRINGS | RDKit::MolOps::SANITIZE_KEKULIZE);
    return molecule;
  } catch (const RDKit::MolSanitizeException&) {
    return nullptr;
  }
}

/// Atoms and bonds in RDKit's order; no bond is aromatic.
Molecule copied(const RDKit::ROMol& source) {
  Molecule result;
  result.atoms.reserve(source.getNumAtoms());
  for (const auto* atom : source.atoms()) {
    if (atom->getAtomicNum() < 1 || atom->getAtomicNum() > 118)
      throw DataError("molecule-unsupported",
                      fmt::format("atom {} is a wildcard, not an element", atom->getIdx() + 1));
    result.atoms.push_back({static_cast<std::uint8_t>(atom->getAtomicNum()),
                            static_cast<std::int8_t>(atom->getFormalCharge())});
  }
  result.bonds.reserve(source.getNumBonds());
  for (const auto* bond : source.bonds()) {
    result.bonds.push_back({static_cast<std::int32_t>(bond->getBeginAtomIdx()),
                            static_cast<std::int32_t>(bond->getEndAtomIdx()), bond_order(*bond)});
  }
  return result;
}

}  // namespace

void silence() {
  static std::once_flag once;
  std::call_once(once, [] {
    boost::logging::disable_logs("rdApp.*");
    // Lives as long as the process: RDKit's own objects may log while they are destroyed.
    rdErrorLog = std::make_shared<boost::logging::rdLogger>(new ThreadLogStream, true);
  });
}

void forget_failure() {
  said_on_this_thread().clear();
}

std::string reason_of_failure(std::string_view otherwise) {
  for (const std::string& line : text::split(said_on_this_thread(), '\n')) {
    std::string reason = without_time_stamp(line);
    if (!reason.empty() && reason.find_first_not_of("*-~^ ") != std::string::npos) return reason;
  }
  return std::string(otherwise);
}

MoleculePointer parse(std::string_view smiles) {
  silence();
  const auto fail = [&](std::string_view reason) -> DataError {
    const bool is_long = smiles.size() > 80;
    return {"smiles-invalid", fmt::format("'{}{}' is not a molecule: {}", smiles.substr(0, 80),
                                          is_long ? "..." : "", reason)};
  };
  if (smiles.size() > kLongestSmiles) throw fail("it is longer than 20,000 characters");
  if (smiles.find_first_of(" \t\r\n") != std::string_view::npos) throw fail("it contains a space");
  forget_failure();
  RDKit::SmilesParserParams options;
  options.parseName = false;
  options.allowCXSMILES = false;
  MoleculePointer molecule;
  try {
    molecule.reset(RDKit::SmilesToMol(std::string(smiles), options));
  } catch (const std::exception& error) {
    throw fail(error.what());
  }
  if (!molecule) throw fail(reason_of_failure("the SMILES cannot be read"));
  if (molecule->getNumAtoms() == 0) throw fail("it has no atoms");
  return molecule;
}

Molecule parse_canonical(const std::string& smiles) {
  silence();
  const MoleculePointer molecule = kekulised(smiles);
  const bool is_done = molecule && molecule->getNumAtoms() > 0 && !has_aromatic_bond(*molecule);
  return is_done ? copied(*molecule) : to_plain(*parse(smiles));
}

MoleculePointer build(const Molecule& molecule) {
  silence();
  auto target = std::make_unique<RDKit::RWMol>();
  for (const Atom& atom : molecule.atoms) {
    if (element_symbol(atom.atomic_number).empty())
      throw DataError("molecule-unsupported",
                      fmt::format("there is no element {}", atom.atomic_number));
    auto added = std::make_unique<RDKit::Atom>(atom.atomic_number);
    added->setFormalCharge(atom.formal_charge);
    target->addAtom(added.release(), false, true);
  }
  const auto count = static_cast<std::int32_t>(molecule.atoms.size());
  for (const Bond& bond : molecule.bonds) {
    const bool inside = bond.begin >= 0 && bond.end >= 0 && bond.begin < count && bond.end < count;
    if (!inside || bond.begin == bond.end ||
        target->getBondBetweenAtoms(static_cast<unsigned>(bond.begin),
                                    static_cast<unsigned>(bond.end))) {
      throw DataError("molecule-invalid",
                      fmt::format("a bond between atoms {} and {} of {} is impossible or doubled",
                                  bond.begin, bond.end, count));
    }
    target->addBond(static_cast<unsigned>(bond.begin), static_cast<unsigned>(bond.end),
                    bond_type(bond.order));
  }
  return target;
}

MoleculePointer build_sanitised(const Molecule& molecule) {
  MoleculePointer target = build(molecule);
  try {
    RDKit::MolOps::sanitizeMol(*target);
  } catch (const std::exception& error) {
    throw DataError("molecule-invalid", error.what());
  }
  return target;
}

void add_positions(RDKit::RWMol& target, const Molecule& molecule) {
  auto conformer = std::make_unique<RDKit::Conformer>(target.getNumAtoms());
  conformer->set3D(true);
  for (unsigned i = 0; i < target.getNumAtoms(); ++i) {
    const auto& position = molecule.positions.at(i);
    conformer->setAtomPos(i, RDGeom::Point3D(position[0], position[1], position[2]));
  }
  target.addConformer(conformer.release(), true);
}

std::string written_without_hydrogens(const RDKit::RWMol& molecule, bool stereo_from_positions) {
  RDKit::RWMol copy(molecule);
  if (stereo_from_positions) RDKit::MolOps::assignStereochemistryFrom3D(copy);
  RDKit::MolOps::removeHs(copy);
  return RDKit::MolToSmiles(copy);
}

Molecule to_plain(const RDKit::ROMol& source) {
  if (!has_aromatic_bond(source)) return copied(source);
  RDKit::RWMol kekulised(source);
  try {
    RDKit::MolOps::Kekulize(kekulised, true);
  } catch (const RDKit::MolSanitizeException& error) {
    throw DataError("molecule-unsupported", error.what());
  }
  // "CC:CC" is SMILES, and RDKit leaves such a bond as it is.
  if (has_aromatic_bond(kekulised))
    throw DataError("molecule-unsupported", "an aromatic bond outside of aromatic rings");
  return copied(kekulised);
}

}  // namespace equigen::rdkit
