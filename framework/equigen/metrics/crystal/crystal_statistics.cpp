// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/crystal/lattice_reduction.h"
#include "equigen/metrics/crystal/crystal_metrics.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/distances/distribution_distances.h"
#include "equigen/metrics/distances/wasserstein.h"

namespace equigen {
namespace {

constexpr std::size_t kPublishedCount = 1000;

/// What is compared of the crystals of one set.
struct Totals {
  std::vector<double> densities;
  std::vector<double> element_counts;
  std::vector<double> atom_counts;
  std::vector<double> atom_volumes;  ///< Å³
  std::vector<double> lengths;       ///< Å, three a crystal, of the reduced cell
  std::vector<double> angles;        ///< degrees, three a crystal
  distance::Counts elements;         ///< atoms
};

LatticeParameters reduced_cell(const PreparedCrystal& crystal, NiggliRule rule) {
  if (rule == NiggliRule::reference) return crystal.parameters();
  return niggli_reduced(crystal.reduced().lattice, rule).lattice.parameters();
}

Totals totals_of(const DescribedCrystals& crystals, NiggliRule niggli) {
  Totals totals;
  for (const auto& crystal : crystals) {
    totals.densities.push_back(crystal->density);
    totals.element_counts.push_back(static_cast<double>(crystal->elements.size()));
    for (const auto& [number, count] : crystal->elements)
      totals.elements[std::to_string(number)] += count;
    if (!crystal->reduced) continue;
    const auto atoms = static_cast<double>(crystal->reduced->positions().size());
    totals.atom_counts.push_back(atoms);
    totals.atom_volumes.push_back(crystal->reduced->volume() / atoms);
    const LatticeParameters cell = reduced_cell(*crystal->reduced, niggli);
    totals.lengths.insert(totals.lengths.end(), cell.lengths.begin(), cell.lengths.end());
    totals.angles.insert(totals.angles.end(), cell.angles.begin(), cell.angles.end());
  }
  return totals;
}

std::string published_draw(std::size_t drawn, std::size_t asked, std::size_t valid) {
  if (asked == 0 || valid < asked)
    return fmt::format("all {} valid crystals against the reference", valid);
  return fmt::format("{} of {} valid crystals against the reference", drawn, valid);
}

std::string images_text(ComparedImages images) {
  return images == ComparedImages::all ? " (all periodic images)" : "";
}

/// The crystals whose own random numbers are lowest, so that the draw does not depend on the order.
std::vector<Sample> drawn_samples(std::span<const Sample> samples,
                                  const DescribedCrystals& crystals,
                                  std::optional<ComparedImages> valid_in, std::int64_t count) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < crystals.size(); ++i)
    if (!valid_in || crystals[i]->valid_with_fingerprints(*valid_in)) places.push_back(i);
  std::ranges::stable_sort(places, {}, [&](std::size_t i) { return crystals[i]->draw; });
  if (count > 0 && std::ssize(places) > count) places.resize(static_cast<std::size_t>(count));
  std::vector<Sample> drawn;
  for (const std::size_t i : places) drawn.push_back(samples[i]);
  return drawn;
}

distance::Counts space_groups_of(const MetricInput& input, const std::vector<Sample>& samples) {
  distance::Counts counts;
  for (const auto& crystal : crystal_cache(input)->describe(samples, CrystalParts::space_group))
    ++counts[std::to_string(crystal->space_group)];
  return counts;
}

/// The names that data sets of the field give to the energy of a crystal, eV an atom.
constexpr std::array kEnergyNames{"energy_per_atom", "formation_energy_per_atom", "heat_ref",
                                  "heat_all"};

std::vector<double> property_values(std::span<const Sample> samples, const std::string& name) {
  std::vector<double> values;
  for (const Sample& sample : samples)
    if (const double value = property_or(sample, name, std::numeric_limits<double>::quiet_NaN());
        std::isfinite(value))
      values.push_back(value);
  return values;
}

/// The published figure compares what a regressor predicts; this one what the files themselves say.
std::optional<MetricValue> energy_distance(const std::vector<Sample>& ours,
                                           std::span<const Sample> theirs,
                                           const std::string& wanted) {
  std::vector<std::string> names(kEnergyNames.begin(), kEnergyNames.end());
  if (!wanted.empty()) names = {wanted};
  for (const std::string& name : names) {
    auto generated = property_values(ours, name), reference = property_values(theirs, name);
    if (generated.empty() || reference.empty()) continue;
    const auto count = std::ssize(generated);
    const auto protocol = fmt::format(
        "Wasserstein-1 of the property {} as the files give it, of {} valid crystals "
        "and {} of the reference; not of predicted energies, as published",
        name, count, reference.size());
    return MetricValue{"d_energy",
                       "Energy of an atom, distance to the reference",
                       wasserstein_distance(std::move(generated), std::move(reference)),
                       Direction::lower,
                       "eV/atom",
                       protocol,
                       count,
                       {}};
  }
  return std::nullopt;
}

/// Of a part only: finding a space group takes longer than all other figures of a crystal.
MetricValue space_group_distance(const MetricInput& input, const ComparedCrystals& sets,
                                 std::int64_t count, ComparedImages images) {
  const auto ours = drawn_samples(input.generated, sets.generated, images, count);
  const auto theirs = drawn_samples(input.reference, sets.reference, std::nullopt, count);
  return {"d_space_groups",
          "Space groups, distance to the reference",
          distance::total_variation(space_groups_of(input, ours), space_groups_of(input, theirs)),
          Direction::lower,
          "",
          fmt::format("total variation, spglib at 0.1 Å, of {} valid crystals{} and {} of the "
                      "reference",
                      ours.size(), images_text(images), theirs.size()),
          std::ssize(ours),
          {}};
}

}  // namespace

void CrystalStatistics::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Density, elements, sizes and cells of valid crystals against the reference.");
  keys.field("sample_count", &Config::sample_count,
             "how many valid crystals the published distances are computed of; 0: all")
      .at_least(0);
  keys.field("space_group_count", &Config::space_group_count,
             "how many crystals of each set space groups are found of; 0: all, -1: none")
      .at_least(-1);
  keys.field("own_images", &Config::own_images,
             "valid crystals: compare an atom with its own periodic images too, which the "
             "published rule forgets");
  keys.field("niggli", &Config::niggli,
             "cells of which lengths and angles are compared: reduced as the published cells are "
             "(pymatgen's slip included) or as the algorithm is written")
      .choices({"reference", "textbook"});
  keys.field("energy", &Config::energy,
             "property of generated and reference crystals to compare as energy of an atom; empty: "
             "energy_per_atom, formation_energy_per_atom, heat_ref or heat_all, whichever both "
             "have");
}

std::vector<MetricValue> CrystalStatistics::compute(const MetricInput& input) const {
  const auto sets = compared_crystals(input, CrystalParts::fingerprints | CrystalParts::reduced,
                                      "crystal_statistics");
  const auto asked = static_cast<std::size_t>(config_.sample_count);
  const ComparedImages images = compared_images(config_.own_images);
  const NiggliRule niggli =
      config_.niggli == "textbook" ? NiggliRule::textbook : NiggliRule::reference;
  const DescribedCrystals valid = drawn_valid(sets.generated, 0, images);
  if (valid.empty()) throw DataError("metric-empty", "no generated crystal is valid");
  const DescribedCrystals drawn = drawn_valid(sets.generated, asked, images);
  const Totals all = totals_of(valid, niggli), some = totals_of(drawn, niggli),
               reference = totals_of(sets.reference, niggli);
  std::vector<MetricValue> values;
  const auto wasserstein = [&](std::string name, std::string label, std::string unit,
                               const Totals& ours, std::vector<double> Totals::*member,
                               std::string protocol) {
    if ((ours.*member).empty() || (reference.*member).empty()) return;
    values.push_back({std::move(name),
                      std::move(label) + ", distance to the reference",
                      wasserstein_distance(ours.*member, reference.*member),
                      Direction::lower,
                      std::move(unit),
                      "Wasserstein-1, " + std::move(protocol),
                      static_cast<std::int64_t>(ours.densities.size()),
                      {}});
  };
  const std::string rule = asked == kPublishedCount ? "CDVAE protocol: " : "own number: ";
  const std::string published = (config_.own_images ? "all periodic images: " : rule) +
                                published_draw(drawn.size(), asked, valid.size());
  wasserstein("d_density", "Density", "g/cm3", some, &Totals::densities, published);
  wasserstein("d_num_elements", "Number of elements", "", some, &Totals::element_counts, published);
  const std::string own =
      "all valid crystals" + images_text(images) + ", " +
      (niggli == NiggliRule::textbook ? "textbook Niggli cell" : "reduced cell");
  wasserstein("d_atoms", "Atoms a cell", "", all, &Totals::atom_counts, own);
  wasserstein("d_atom_volume", "Volume of an atom", "Å³", all, &Totals::atom_volumes, own);
  wasserstein("d_lengths", "Cell lengths", "Å", all, &Totals::lengths, own);
  wasserstein("d_angles", "Cell angles", "°", all, &Totals::angles, own);
  const auto variation = [&](std::string name, std::string label, distance::Counts Totals::*member,
                             const std::string& of_what) {
    values.push_back({std::move(name),
                      std::move(label) + ", distance to the reference",
                      distance::total_variation(all.*member, reference.*member),
                      Direction::lower,
                      "",
                      "total variation of the shares of " + of_what,
                      std::ssize(valid),
                      {}});
  };
  variation("d_elements", "Elements", &Totals::elements,
            "atoms, all valid crystals" + images_text(images));
  const auto energy =
      energy_distance(drawn_samples(input.generated, sets.generated, images, config_.sample_count),
                      input.reference, config_.energy);
  if (energy) values.push_back(*energy);
  if (config_.space_group_count >= 0)
    values.push_back(space_group_distance(input, sets, config_.space_group_count, images));
  return values;
}

}  // namespace equigen
