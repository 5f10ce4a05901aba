// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/geometry_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <variant>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/metrics/molecule/bond_geometry.h"
#include "equigen/metrics/share_figure.h"
#include "equigen/molecule/conformer_energy.h"
#include "equigen/molecule/geometry_checks.h"
#include "equigen/molecule/stability.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

using Molecules = std::vector<const Molecule*>;

Molecules molecules_of(std::span<const Sample> samples) {
  if (samples.empty()) throw DataError("metric-empty", "there are no samples to evaluate");
  Molecules molecules;
  for (const Sample& sample : samples) {
    const auto* molecule = std::get_if<Molecule>(&sample.structure);
    if (!molecule)
      throw DataError("metric-structure", "a metric of molecules was given graphs",
                      "choose metrics whose structure is graph");
    molecules.push_back(molecule);
  }
  return molecules;
}

bool is_positioned(const Molecule& molecule) {
  return !molecule.atoms.empty() && molecule.positions.size() == molecule.atoms.size();
}

template <typename Result, typename Function>
std::vector<Result> on_all_cores(const Molecules& molecules, const Function& function) {
  std::vector<Result> results(molecules.size());
  parallel_for(std::ssize(molecules), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    results[k] = function(*molecules[k]);
  });
  return results;
}

std::string description_of(StabilityTable table) {
  switch (table) {
    case StabilityTable::legacy:
      return "legacy table of MiDi and EQGAT-diff, bonds as given, explicit hydrogens";
    case StabilityTable::corrected:
      return "corrected table of GEOM-Drugs Revisited, bonds as given, explicit hydrogens";
    case StabilityTable::edm:
      return "EDM's table, bonds by distance, explicit hydrogens";
    default:
      return "valence table without charges, bonds as given, explicit hydrogens";
  }
}

void add_stability(const Molecules& molecules, StabilityTable table,
                   std::vector<MetricValue>& figures) {
  const auto judged = on_all_cores<Stability>(
      molecules, [&](const Molecule& molecule) { return stability_of(molecule, table); });
  std::int64_t atoms = 0, stable_atoms = 0, stable = 0;
  for (const Stability& one : judged) {
    atoms += one.atoms;
    stable_atoms += one.stable_atoms;
    stable += one.is_stable();
  }
  const auto add = [&](const char* what, double value) {
    figures.push_back({fmt::format("{}_stability_{}", what, name_of(table)),
                       fmt::format("stable {}s, {} table", what, name_of(table)), value,
                       Direction::higher, "%", "stability: " + description_of(table),
                       std::ssize(molecules), ""});
  };
  add("atom", percent(stable_atoms, atoms));
  add("molecule", percent(stable, std::ssize(molecules)));
}

bool lists_hydrogens(const Molecule& molecule) {
  return std::ranges::any_of(molecule.atoms,
                             [](const Atom& atom) { return atom.atomic_number == 1; });
}

/// Up to `count` of the molecules that sanitise and have positions, evenly spread.
Molecules evenly_spread(const Molecules& molecules, const std::vector<GeometryChecks>& checks,
                        std::int64_t count) {
  Molecules fit;
  for (std::size_t i = 0; i < molecules.size(); ++i)
    if (checks[i].sanitises && checks[i].has_positions) fit.push_back(molecules[i]);
  if (std::ssize(fit) <= count) return fit;
  Molecules chosen;
  for (std::int64_t k = 0; k < count; ++k)
    chosen.push_back(fit[static_cast<std::size_t>(k * std::ssize(fit) / count)]);
  return chosen;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::optional<Relaxation> relaxation_of(const Molecule& molecule) {
  constexpr std::size_t largest = 300;  // atoms; more take minutes
  if (molecule.atoms.size() > largest) return std::nullopt;
  try {
    return relax(molecule);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return std::nullopt;  // RDKit's force fields give up on some molecules
  }
}

/// What relaxation changes.
void add_relaxation(const Molecules& molecules, std::vector<MetricValue>& figures) {
  const auto relaxed = on_all_cores<std::optional<Relaxation>>(molecules, relaxation_of);
  std::vector<double> energies, bonds, angles, torsions, rmsds;
  std::int64_t failed = 0;
  for (const auto& one : relaxed) {
    if (!one) {
      ++failed;
      continue;
    }
    energies.push_back(one->energy_before - one->energy_after);
    bonds.push_back(one->bond_deviation);
    angles.push_back(one->angle_deviation);
    torsions.push_back(one->torsion_deviation);
    rmsds.push_back(one->rmsd);
  }
  if (energies.empty()) return;
  const auto add = [&](const char* name, const char* label, double value, const char* unit) {
    figures.push_back(
        {name, label, value, Direction::lower, unit,
         "against the structure relaxed with MMFF94 (UFF where that lacks parameters)",
         std::ssize(energies), failed > 0 ? fmt::format("{} could not be relaxed", failed) : ""});
  };
  add("relaxation_energy", "energy that relaxation frees (median)", median(energies), "kcal/mol");
  add("bond_deviation", "change of bond lengths when relaxed", mean(bonds), "Å");
  add("angle_deviation", "change of bond angles when relaxed", mean(angles), "°");
  add("torsion_deviation", "change of torsions when relaxed", mean(torsions), "°");
  add("relaxation_rmsd", "RMSD to the relaxed structure (median)", median(rmsds), "Å");
}

/// For each molecule that sanitises whether its UFF energy is at most 100 times the mean of its
/// ensemble; the ensembles are made once for each canonical SMILES.
std::vector<bool> energy_ratio_passes(const Molecules& molecules,
                                      const std::vector<GeometryChecks>& checks, int conformers) {
  std::map<std::string, std::size_t> place_of;
  Molecules distinct;
  const auto key = [&](const Molecule& molecule) {
    return molecule.smiles.empty() ? fmt::format("{}", fmt::ptr(&molecule)) : molecule.smiles;
  };
  const auto is_fit = [&](std::size_t i) { return checks[i].sanitises && checks[i].has_positions; };
  for (std::size_t i = 0; i < molecules.size(); ++i)
    if (is_fit(i) && place_of.try_emplace(key(*molecules[i]), distinct.size()).second)
      distinct.push_back(molecules[i]);
  const auto guarded = [](const auto& function) {
    return [&function](const Molecule& molecule) -> std::optional<double> {
      try {
        return function(molecule);
      } catch (const std::bad_alloc&) {
        throw;
      } catch (const std::exception&) {
        return std::nullopt;
      }
    };
  };
  const auto mean_of = [&](const Molecule& molecule) {
    return mean_ensemble_energy(molecule, {.conformers = conformers});
  };
  const auto means = on_all_cores<std::optional<double>>(distinct, guarded(mean_of));
  const auto own = on_all_cores<std::optional<double>>(molecules, guarded(uff_energy));
  std::vector<bool> passes(molecules.size(), false);
  for (std::size_t i = 0; i < molecules.size(); ++i) {
    if (!is_fit(i) || !own[i]) continue;
    const auto& ensemble = means[place_of.at(key(*molecules[i]))];
    passes[i] = ensemble && *own[i] / *ensemble <= kEnergyRatioLimit;
  }
  return passes;
}

const std::map<std::string, std::string>& labels() {
  static const std::map<std::string, std::string> all{
      {"has_positions", "with finite positions"},
      {"valences", "with possible valences"},
      {"kekulises", "whose aromatic bonds kekulise"},
      {"sanitises", "that sanitise"},
      {"round_trip", "whose SMILES reads back"},
      {"connected", "of one part"},
      {"no_radicals", "without radicals"},
      {"bond_lengths", "with good bond lengths"},
      {"bond_angles", "with good bond angles"},
      {"no_clash", "without internal clash"},
      {"aromatic_rings_flat", "with flat aromatic rings"},
      {"double_bonds_flat", "with flat double bonds"},
      {"saturated_rings_not_flat", "with six-rings that are not flat"},
  };
  return all;
}

}  // namespace

void MoleculeStability::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Share of atoms, and of whole molecules, whose bonds sum to a valence of the element.");
  keys.field(
      "tables", &Config::tables,
      "corrected (GEOM-Drugs Revisited), legacy (MiDi, EQGAT-diff), edm (bonds by distance), "
      "without_charges (DiGress, Pard)");
}

std::vector<MetricValue> MoleculeStability::compute(const MetricInput& input) const {
  const Molecules molecules = molecules_of(input.generated);
  if (std::ranges::none_of(molecules, [](const auto* m) { return lists_hydrogens(*m); }))
    throw DataError("metric-hydrogens", "stability needs hydrogens as atoms, and there are none",
                    "use .xyz or .sdf files with hydrogens");
  std::vector<MetricValue> figures;
  for (const std::string& name : config_.tables) {
    const StabilityTable table = stability_table(name);
    const bool needs_positions = table == StabilityTable::edm;
    if (needs_positions && !has_positions(input.generated)) continue;
    Molecules judged = molecules;
    static const Molecule none;
    for (const Molecule*& molecule : judged)
      if (needs_positions && !is_positioned(*molecule)) molecule = &none;
    add_stability(judged, table, figures);
  }
  return figures;
}

void MoleculeGeometry::Config::declare(config::Declaration<Config>& keys) {
  keys.doc(
      "Checks of PoseBusters for molecules with positions, and how far they are from relaxed "
      "ones.");
  keys.field("relaxed", &Config::relaxed,
             "how many molecules, evenly spread, are relaxed with a force field; 0: none")
      .at_least(0);
  keys.field("conformers", &Config::conformers,
             "conformers of each molecule for the check of the energy, PoseBusters takes 50; 0: "
             "without this check, which takes most of the time")
      .range(0, 1000);
}

std::vector<MetricValue> MoleculeGeometry::compute(const MetricInput& input) const {
  const Molecules molecules = molecules_of(input.generated);
  if (!has_positions(input.generated))
    throw DataError("metric-positions", "geometry checks need positions, and no sample has them",
                    "use .xyz or .sdf files with 3-D coordinates");
  const auto checks = on_all_cores<GeometryChecks>(molecules, check_geometry);
  const bool with_energy = config_.conformers > 0;
  std::vector<bool> energy(molecules.size(), true);
  if (with_energy)
    energy = energy_ratio_passes(molecules, checks, static_cast<int>(config_.conformers));
  std::vector<MetricValue> figures;
  const auto add = [&](const std::string& name, const std::string& label, std::int64_t passed) {
    const std::string protocol =
        with_energy
            ? fmt::format("PoseBusters, configuration mol, {} conformers", config_.conformers)
            : "PoseBusters, configuration mol, without the energy ratio";
    figures.push_back({name, label, percent(passed, std::ssize(molecules)), Direction::higher, "%",
                       protocol, std::ssize(molecules), ""});
  };
  std::int64_t valid = 0;
  for (std::size_t i = 0; i < checks.size(); ++i) valid += checks[i].all_pass() && energy[i];
  add("pb_valid", "molecules that pass all geometry checks", valid);
  for (const std::string& name : geometry_check_names()) {
    std::int64_t passed = 0;
    for (const GeometryChecks& one : checks)
      for (const auto& [check, passes] : one.by_name()) passed += check == name && passes;
    add(name + "_share", "molecules " + labels().at(name), passed);
  }
  if (with_energy)
    add("energy_ratio_share", "molecules with a reasonable energy",
        std::ranges::count(energy, true));
  add_relaxation(evenly_spread(molecules, checks, config_.relaxed), figures);
  return figures;
}

bool has_positions(std::span<const Sample> samples) {
  return std::ranges::any_of(samples, [](const Sample& sample) {
    const auto* molecule = std::get_if<Molecule>(&sample.structure);
    return molecule && is_positioned(*molecule);
  });
}

std::vector<std::string> geometry_failures(std::span<const Sample> samples) {
  return on_all_cores<std::string>(molecules_of(samples), [](const Molecule& molecule) {
    return check_geometry(molecule).failures();
  });
}

void register_geometry_metrics(RegistryBuilder& registry) {
  registry.add<Metric, MoleculeStability>(
      "molecule_stability", "stable atoms and molecules, by published valence tables");
  registry.add<Metric, MoleculeGeometry>(
      "molecule_geometry", "PoseBusters' checks of 3-D structures, distance from relaxed ones");
  registry.add<Metric, MoleculeBondGeometry>(
      "molecule_bond_geometry", "bond lengths and angles of 3-D structures against the reference");
}

}  // namespace equigen
