// SPDX-License-Identifier: MIT
#include "equigen/molecule/conformer_energy.h"

#include <ForceField/ForceField.h>
#include <GraphMol/DistGeomHelpers/Embedder.h>
#include <GraphMol/ForceFieldHelpers/MMFF/AtomTyper.h>
#include <GraphMol/ForceFieldHelpers/MMFF/Builder.h>
#include <GraphMol/ForceFieldHelpers/UFF/AtomTyper.h>
#include <GraphMol/ForceFieldHelpers/UFF/Builder.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/MolTransforms/MolTransforms.h>

#include <Eigen/Dense>
#include <Eigen/Geometry>
#include <cmath>
#include <memory>
#include <mutex>

#include "equigen/base/error.h"
#include "equigen/molecule/rdkit_molecule.h"

namespace equigen {
namespace {

using FieldPointer = std::unique_ptr<ForceFields::ForceField>;

constexpr double kUffVanDerWaals = 10;
constexpr double kMmffNonBonded = 100;
constexpr int kHydrogenIterations = 200;

FieldPointer uff_field(RDKit::ROMol& molecule, int conformer = -1) {
  const auto [types, complete] = RDKit::UFF::getAtomTypes(molecule);
  if (!complete) return nullptr;
  FieldPointer field(RDKit::UFF::constructForceField(molecule, types, kUffVanDerWaals, conformer));
  if (field) field->initialize();
  return field;
}

FieldPointer mmff_field(RDKit::ROMol& molecule) {
  RDKit::MMFF::MMFFMolProperties properties(molecule, "MMFF94");
  if (!properties.isValid()) return nullptr;
  FieldPointer field(RDKit::MMFF::constructForceField(molecule, &properties, kMmffNonBonded));
  if (field) field->initialize();
  return field;
}

/// The force fields fill their tables at first use, which threads must not do at once.
void fill_tables() {
  static std::once_flag once;
  std::call_once(once, [] {
    const rdkit::MoleculePointer methane = rdkit::parse("C");
    RDKit::MolOps::addHs(*methane);
    RDKit::DGeomHelpers::EmbedMolecule(*methane, RDKit::DGeomHelpers::ETKDGv3);
    uff_field(*methane);
    mmff_field(*methane);
  });
}

/// Adds the hydrogens that are not listed, and relaxes these alone.
void add_hydrogens(RDKit::RWMol& molecule) {
  const unsigned listed = molecule.getNumAtoms();
  RDKit::MolOps::addHs(molecule, false, true);
  if (molecule.getNumAtoms() == listed) return;
  const FieldPointer field = uff_field(molecule);
  if (!field) return;
  for (unsigned i = 0; i < listed; ++i) field->fixedPoints().push_back(static_cast<int>(i));
  field->minimize(kHydrogenIterations);
}

rdkit::MoleculePointer with_positions(const Molecule& molecule) {
  fill_tables();
  if (molecule.positions.size() != molecule.atoms.size() || molecule.atoms.empty())
    throw DataError("energy-positions", "an energy needs the positions of all atoms");
  rdkit::MoleculePointer built = rdkit::build_sanitised(molecule);
  rdkit::add_positions(*built, molecule);
  add_hydrogens(*built);
  return built;
}

std::optional<double> energy_of(const FieldPointer& field) {
  if (!field) return std::nullopt;
  const double energy = field->calcEnergy();
  return std::isfinite(energy) ? std::optional(energy) : std::nullopt;
}

/// Mean absolute differences of internal coordinates of two conformers.
class Deviation {
 public:
  Deviation(const RDKit::ROMol& before, const RDKit::ROMol& after)
      : molecule_(before), before_(before.getConformer()), after_(after.getConformer()) {}

  void write_to(Relaxation& result) const {
    Mean bonds, angles, torsions;
    for (const auto* bond : molecule_.bonds()) {
      const unsigned i = bond->getBeginAtomIdx(), j = bond->getEndAtomIdx();
      bonds.add(MolTransforms::getBondLength(before_, i, j) -
                MolTransforms::getBondLength(after_, i, j));
      add_torsions(i, j, torsions);
    }
    for (const auto* atom : molecule_.atoms()) add_angles(*atom, angles);
    result.bond_deviation = bonds.value();
    result.angle_deviation = angles.value();
    result.torsion_deviation = torsions.value();
  }

 private:
  struct Mean {
    double sum = 0;
    int count = 0;
    void add(double difference) {
      if (!std::isfinite(difference)) return;
      sum += std::abs(difference);
      ++count;
    }
    double value() const { return count > 0 ? sum / count : 0; }
  };

  std::vector<unsigned> neighbours(unsigned atom, unsigned without) const {
    std::vector<unsigned> result;
    for (const auto* other : molecule_.atomNeighbors(molecule_.getAtomWithIdx(atom)))
      if (other->getIdx() != without) result.push_back(other->getIdx());
    return result;
  }

  void add_angles(const RDKit::Atom& atom, Mean& mean) const {
    const auto ends = neighbours(atom.getIdx(), atom.getIdx());
    for (std::size_t a = 0; a < ends.size(); ++a)
      for (std::size_t b = a + 1; b < ends.size(); ++b)
        mean.add(MolTransforms::getAngleDeg(before_, ends[a], atom.getIdx(), ends[b]) -
                 MolTransforms::getAngleDeg(after_, ends[a], atom.getIdx(), ends[b]));
  }

  void add_torsions(unsigned i, unsigned j, Mean& mean) const {
    for (const unsigned a : neighbours(i, j))
      for (const unsigned b : neighbours(j, i)) {
        if (a == b) continue;
        const double difference = MolTransforms::getDihedralDeg(before_, a, i, j, b) -
                                  MolTransforms::getDihedralDeg(after_, a, i, j, b);
        mean.add(std::remainder(difference, 360.0));
      }
  }

  const RDKit::ROMol& molecule_;
  const RDKit::Conformer& before_;
  const RDKit::Conformer& after_;
};

Eigen::Matrix3Xd points_of(const RDKit::ROMol& molecule) {
  Eigen::Matrix3Xd points(3, molecule.getNumAtoms());
  for (unsigned i = 0; i < molecule.getNumAtoms(); ++i) {
    const RDGeom::Point3D& p = molecule.getConformer().getAtomPos(i);
    points.col(i) << p.x, p.y, p.z;
  }
  return points;
}

double rmsd_of(const RDKit::ROMol& before, const RDKit::ROMol& after) {
  const Eigen::Matrix3Xd a = points_of(before), b = points_of(after);
  if (a.cols() < 3) return 0;
  const Eigen::Matrix4d transform = Eigen::umeyama(a, b, false);
  const Eigen::Matrix3Xd moved =
      (transform.topLeftCorner<3, 3>() * a).colwise() + transform.topRightCorner<3, 1>();
  return std::sqrt((moved - b).squaredNorm() / static_cast<double>(a.cols()));
}

}  // namespace

std::optional<double> uff_energy(const Molecule& molecule) {
  const rdkit::MoleculePointer built = with_positions(molecule);
  return energy_of(uff_field(*built));
}

std::optional<double> mmff94_energy(const Molecule& molecule) {
  const rdkit::MoleculePointer built = with_positions(molecule);
  return energy_of(mmff_field(*built));
}

std::optional<Relaxation> relax(const Molecule& molecule, int max_iterations) {
  const rdkit::MoleculePointer before = with_positions(molecule);
  RDKit::RWMol after(*before);
  Relaxation result;
  FieldPointer field = mmff_field(after);
  result.used_mmff94 = field != nullptr;
  if (!field) field = uff_field(after);
  const auto start = energy_of(field);
  if (!start) return std::nullopt;
  result.converged = field->minimize(max_iterations) == 0;
  const auto end = energy_of(field);
  if (!end) return std::nullopt;
  result.energy_before = *start;
  result.energy_after = *end;
  const unsigned heavy = before->getNumHeavyAtoms();
  result.strain = (*start - *end) / std::max(1U, heavy);
  Deviation(*before, after).write_to(result);
  result.rmsd = rmsd_of(*before, after);
  result.relaxed = molecule;
  for (unsigned i = 0; i < molecule.atoms.size(); ++i) {
    const RDGeom::Point3D& p = after.getConformer().getAtomPos(i);
    result.relaxed.positions[i] = {p.x, p.y, p.z};
  }
  return result;
}

std::optional<double> mean_ensemble_energy(const Molecule& molecule,
                                           const EnsembleOptions& options) {
  fill_tables();
  rdkit::MoleculePointer built = rdkit::build_sanitised(molecule);
  if (!molecule.positions.empty()) {
    rdkit::add_positions(*built, molecule);
    RDKit::MolOps::assignStereochemistryFrom3D(*built);
  }
  RDKit::MolOps::addHs(*built);
  RDKit::DGeomHelpers::EmbedParameters parameters = RDKit::DGeomHelpers::ETKDGv3;
  parameters.randomSeed = options.seed;
  parameters.useRandomCoords = true;
  const RDKit::INT_VECT made = RDKit::DGeomHelpers::EmbedMultipleConfs(
      *built, static_cast<unsigned>(options.conformers), parameters);
  double sum = 0;
  int count = 0;
  for (const int conformer : made) {
    const FieldPointer field = uff_field(*built, conformer);
    if (!field) return std::nullopt;
    field->minimize(options.iterations);
    const auto energy = energy_of(field);
    if (!energy) continue;
    sum += *energy;
    ++count;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

}  // namespace equigen
