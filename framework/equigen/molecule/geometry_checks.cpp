// SPDX-License-Identifier: MIT
#include "equigen/molecule/geometry_checks.h"

#include <DistGeom/BoundsMatrix.h>
#include <DistGeom/TriangleSmooth.h>
#include <GraphMol/DistGeomHelpers/BoundsMatrixBuilder.h>
#include <GraphMol/ForceFieldHelpers/MMFF/AtomTyper.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SanitException.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <GraphMol/Substruct/SubstructMatch.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/molecule/rdkit_molecule.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

using Pattern = std::unique_ptr<RDKit::RWMol>;
using Atoms = std::vector<unsigned>;

Pattern pattern_of(const std::string& smarts) {
  return Pattern(RDKit::SmartsToMol(smarts));
}

/// The patterns of PoseBusters; each ring pattern allows one bond of any order, at another place.
struct Patterns {
  Pattern five_ring = pattern_of("[ar5^2]1[ar5^2][ar5^2][ar5^2][ar5^2]1");
  Pattern six_ring = pattern_of("[ar6^2]1[ar6^2][ar6^2][ar6^2][ar6^2][ar6^2]1");
  Pattern double_bond = pattern_of("[C;X3;^2](*)(*)=[C;X3;^2](*)(*)");
  Pattern terminal = pattern_of("[O,N;D1;$([O,N;D1]-[*]=[O,N;D1]),$([O,N;D1]=[*]-[O,N;D1])]~[*]");
  std::vector<Pattern> saturated_rings;

  Patterns() {
    constexpr const char* atom = "[C,O,S,N;R1]";
    for (int any = 0; any < 5; ++any) {
      std::string smarts = fmt::format("{}{}1", atom, any == 0 ? "~" : "");
      for (int k = 1; k < 6; ++k) smarts += fmt::format("{}{}", any == k ? "~" : "", atom);
      saturated_rings.push_back(pattern_of(smarts + "1"));
    }
  }
};

const Patterns& patterns() {
  static const Patterns all;
  return all;
}

std::vector<Atoms> matches_of(const RDKit::ROMol& molecule, const RDKit::ROMol& pattern) {
  RDKit::SubstructMatchParameters parameters;
  std::vector<Atoms> matches;
  for (const auto& match : RDKit::SubstructMatch(molecule, pattern, parameters)) {
    Atoms& atoms = matches.emplace_back();
    for (const auto& pair : match) atoms.push_back(static_cast<unsigned>(pair.second));
  }
  return matches;
}

DistGeom::BoundsMatPtr bounds_of(const RDKit::ROMol& molecule) {
  DistGeom::BoundsMatPtr bounds(new DistGeom::BoundsMatrix(molecule.getNumAtoms()));
  RDKit::DGeomHelpers::initBoundsMat(bounds);
  RDKit::DGeomHelpers::setTopolBounds(molecule, bounds, true, true, false);
  DistGeom::triangleSmoothBounds(bounds);
  return bounds;
}

/// Equivalent ends of conjugated groups (the oxygens of a carboxylate) get common bounds: their
/// single and double bonds are drawn, not real.
void merge_terminal_bounds(const RDKit::ROMol& molecule, DistGeom::BoundsMatrix& bounds) {
  std::map<std::pair<int, int>, std::vector<Atoms>> groups;
  for (Atoms& pair : matches_of(molecule, *patterns().terminal)) {
    int first = molecule.getAtomWithIdx(pair[0])->getAtomicNum();
    int second = molecule.getAtomWithIdx(pair[1])->getAtomicNum();
    groups[std::minmax(first, second)].push_back(std::move(pair));
  }
  for (const auto& [elements, pairs] : groups) {
    double lower = 1e9, upper = 0;
    for (const Atoms& pair : pairs) {
      lower = std::min(lower, bounds.getLowerBound(pair[0], pair[1]));
      upper = std::max(upper, bounds.getUpperBound(pair[0], pair[1]));
    }
    for (const Atoms& pair : pairs) {
      bounds.setLowerBound(pair[0], pair[1], lower);
      bounds.setUpperBound(pair[0], pair[1], upper);
    }
  }
}

bool share_neighbour(const RDKit::ROMol& molecule, unsigned i, unsigned j) {
  for (const auto* atom : molecule.atomNeighbors(molecule.getAtomWithIdx(i)))
    if (molecule.getBondBetweenAtoms(atom->getIdx(), j)) return true;
  return false;
}

void keep_least(std::optional<double>& kept, double value) {
  if (!kept || value < *kept) kept = value;
}

void keep_greatest(std::optional<double>& kept, double value) {
  if (!kept || value > *kept) kept = value;
}

/// One pair of heavy atoms.
struct BoundedPair {
  double length;
  double lower;
  double upper;

  /// How far it lies outside, relative to the bound; 0 inside.
  double excess() const {
    if (length < lower) return (length - lower) / lower;
    return length > upper ? (length - upper) / upper : 0;
  }
};

void add_bond(const BoundedPair& pair, DistanceChecks& checks) {
  ++checks.bonds;
  checks.short_bonds += pair.excess() < -kBondLengthLimit;
  checks.long_bonds += pair.excess() > kBondLengthLimit;
  keep_least(checks.shortest_bond, pair.length / pair.lower);
  keep_greatest(checks.longest_bond, pair.length / pair.upper);
}

void add_angle(const BoundedPair& pair, DistanceChecks& checks) {
  ++checks.angles;
  checks.outlier_angles += std::abs(pair.excess()) > kBondAngleLimit;
  keep_greatest(checks.extreme_angle,
                std::max(pair.length / pair.upper, 2 - pair.length / pair.lower));
}

void add_contact(const BoundedPair& pair, DistanceChecks& checks) {
  ++checks.contacts;
  checks.clashes += (pair.length - pair.lower) / pair.lower < -kClashLimit;
  keep_least(checks.nearest_contact, pair.length / pair.lower);
}

DistanceChecks check_distances(const RDKit::ROMol& molecule) {
  const DistGeom::BoundsMatPtr bounds = bounds_of(molecule);
  merge_terminal_bounds(molecule, *bounds);
  const RDKit::Conformer& conformer = molecule.getConformer();
  DistanceChecks checks;
  for (unsigned i = 0; i < molecule.getNumAtoms(); ++i) {
    if (molecule.getAtomWithIdx(i)->getAtomicNum() == 1) continue;
    for (unsigned j = i + 1; j < molecule.getNumAtoms(); ++j) {
      if (molecule.getAtomWithIdx(j)->getAtomicNum() == 1) continue;
      const BoundedPair pair{(conformer.getAtomPos(i) - conformer.getAtomPos(j)).length(),
                             bounds->getLowerBound(i, j), bounds->getUpperBound(i, j)};
      if (molecule.getBondBetweenAtoms(i, j))
        add_bond(pair, checks);
      else if (share_neighbour(molecule, i, j))
        add_angle(pair, checks);
      else
        add_contact(pair, checks);
    }
  }
  return checks;
}

/// Greatest distance from the plane through the atoms' centre that fits best.
double distance_from_plane(const RDKit::Conformer& conformer, const Atoms& atoms) {
  Eigen::MatrixX3d points(atoms.size(), 3);
  for (std::size_t k = 0; k < atoms.size(); ++k) {
    const RDGeom::Point3D& p = conformer.getAtomPos(atoms[k]);
    points.row(static_cast<Eigen::Index>(k)) << p.x, p.y, p.z;
  }
  points.rowwise() -= points.colwise().mean().eval();
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(points.transpose() * points);
  return (points * solver.eigenvectors().col(0)).cwiseAbs().maxCoeff();
}

void measure(const RDKit::ROMol& molecule, const RDKit::ROMol& pattern, FlatnessCheck& check) {
  for (const Atoms& atoms : matches_of(molecule, pattern))
    check.distances.push_back(distance_from_plane(molecule.getConformer(), atoms));
}

bool all_flat(const FlatnessCheck& check) {
  return std::ranges::all_of(check.distances, [](double d) { return d <= kFlatnessLimit; });
}

void check_planes(const RDKit::ROMol& molecule, GeometryChecks& checks) {
  measure(molecule, *patterns().five_ring, checks.aromatic_rings);
  measure(molecule, *patterns().six_ring, checks.aromatic_rings);
  measure(molecule, *patterns().double_bond, checks.double_bonds);
  for (const Pattern& ring : patterns().saturated_rings)
    measure(molecule, *ring, checks.saturated_rings);
  checks.aromatic_rings.passes = all_flat(checks.aromatic_rings);
  checks.double_bonds.passes = all_flat(checks.double_bonds);
  checks.saturated_rings.passes = std::ranges::all_of(
      checks.saturated_rings.distances, [](double d) { return d >= kRingNonFlatLimit; });
  checks.aromatic_rings_flat = checks.aromatic_rings.passes;
  checks.double_bonds_flat = checks.double_bonds.passes;
  checks.saturated_rings_not_flat = checks.saturated_rings.passes;
}

bool reads_back(const RDKit::RWMol& molecule) {
  try {
    const std::string smiles = rdkit::written_without_hydrogens(molecule, false);
    return canonical_smiles(smiles, true) == smiles;
  } catch (const std::exception&) {
    return false;
  }
}

bool has_finite_positions(const Molecule& molecule) {
  return !molecule.atoms.empty() && molecule.positions.size() == molecule.atoms.size() &&
         std::ranges::all_of(molecule.positions, [](const auto& p) {
           return std::isfinite(p[0]) && std::isfinite(p[1]) && std::isfinite(p[2]);
         });
}

/// The checks of the graph alone.
void check_chemistry(const RDKit::RWMol& built, GeometryChecks& checks) {
  checks.valences = checks.kekulises = checks.sanitises = true;
  for (const auto& problem : RDKit::MolOps::detectChemistryProblems(built)) {
    checks.sanitises = false;
    const std::string kind = problem->getType();
    if (kind == "AtomValenceException") checks.valences = false;
    if (kind.find("Kekulize") != std::string::npos) checks.kekulises = false;
  }
  std::vector<int> parts;
  checks.connected = RDKit::MolOps::getMolFrags(built, parts) == 1;
}

}  // namespace

const std::vector<std::string>& geometry_check_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const auto& [name, passes] : GeometryChecks{}.by_name()) result.push_back(name);
    return result;
  }();
  return names;
}

std::vector<std::pair<std::string, bool>> GeometryChecks::by_name() const {
  return {{"has_positions", has_positions},
          {"valences", valences},
          {"kekulises", kekulises},
          {"sanitises", sanitises},
          {"round_trip", round_trip},
          {"connected", connected},
          {"no_radicals", no_radicals},
          {"bond_lengths", bond_lengths},
          {"bond_angles", bond_angles},
          {"no_clash", no_clash},
          {"aromatic_rings_flat", aromatic_rings_flat},
          {"double_bonds_flat", double_bonds_flat},
          {"saturated_rings_not_flat", saturated_rings_not_flat}};
}

bool GeometryChecks::all_pass() const {
  return std::ranges::all_of(by_name(), [](const auto& check) { return check.second; });
}

std::string GeometryChecks::failures() const {
  std::vector<std::string> failed;
  for (const auto& [name, passes] : by_name())
    if (!passes) failed.push_back(name);
  return text::join(failed, ", ");
}

GeometryChecks check_geometry(const Molecule& molecule) {
  GeometryChecks checks;
  checks.has_positions = has_finite_positions(molecule);
  if (molecule.atoms.empty()) return checks;
  try {
    const rdkit::MoleculePointer built = rdkit::build(molecule);
    check_chemistry(*built, checks);
    if (!checks.sanitises) return checks;
    RDKit::MolOps::sanitizeMol(*built);
    checks.no_radicals = std::ranges::all_of(molecule.atoms, [&, i = 0U](const Atom&) mutable {
      return built->getAtomWithIdx(i++)->getNumRadicalElectrons() == 0;
    });
    checks.round_trip = reads_back(*built);
    if (!checks.has_positions || molecule.atoms.size() > kLargestCheckedMolecule) return checks;
    rdkit::add_positions(*built, molecule);
    checks.distances = check_distances(*built);
    checks.bond_lengths = checks.distances.short_bonds == 0 && checks.distances.long_bonds == 0;
    checks.bond_angles = checks.distances.outlier_angles == 0;
    checks.no_clash = checks.distances.clashes == 0;
    check_planes(*built, checks);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    checks.sanitises = false;  // bonds that are not determined, and RDKit's own complaints
  }
  return checks;
}

std::vector<double> distance_bounds(const Molecule& molecule, bool mmff94_aromaticity) {
  const rdkit::MoleculePointer built = rdkit::build_sanitised(molecule);
  // Atom typing leaves its own aromaticity on the molecule.
  if (mmff94_aromaticity) RDKit::MMFF::MMFFMolProperties(*built, "MMFF94");
  const DistGeom::BoundsMatPtr bounds = bounds_of(*built);
  const unsigned count = built->getNumAtoms();
  std::vector<double> result(std::size_t{count} * count, 0);
  for (unsigned i = 0; i < count; ++i) {
    for (unsigned j = i + 1; j < count; ++j) {
      result[std::size_t{i} * count + j] = bounds->getUpperBound(i, j);
      result[std::size_t{j} * count + i] = bounds->getLowerBound(i, j);
    }
  }
  return result;
}

}  // namespace equigen
