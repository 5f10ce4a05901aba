// SPDX-License-Identifier: MIT
#include "crystal_stability/stability_metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "crystal_stability/energy_above_hull.h"
#include "crystal_stability/relaxation.h"
#include "equigen/base/error.h"
#include "equigen/crystal/matching/structure_groups.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/share_figure.h"

namespace equigen::crystal_stability {
namespace {

/// What became of one generated crystal.
struct Outcome {
  Crystal crystal;               // relaxed, or as generated where that failed
  std::string failure;           // why there is no energy
  bool is_of_potential = false;  // the failure, and not the crystal's own
  double energy_per_atom = 0;    // eV
  double energy_gain = 0;        // eV per atom, by relaxing
  bool converged = false;
  std::optional<double> above_hull;  // eV per atom
};

Outcome relaxed(const Crystal& crystal, const InteratomicPotential& potential,
                const StabilityMetric::Config& config) {
  Outcome outcome;
  outcome.crystal = crystal;
  if (crystal.size() == 0 || !(crystal.lattice.volume() > 0.1)) {
    outcome.failure = "no atoms or no volume";
    return outcome;
  }
  try {
    const Relaxation relaxation =
        relax(crystal, [&](const Crystal& moved) { return potential.evaluate(moved); },
              {.largest_force = config.largest_force,
               .most_steps = config.relax ? config.most_steps : 0,
               .relax_cell = config.relax_cell});
    const auto atoms = static_cast<double>(crystal.size());
    outcome.crystal = relaxation.crystal;
    outcome.energy_per_atom = relaxation.energy_after / atoms;
    outcome.energy_gain = (relaxation.energy_before - relaxation.energy_after) / atoms;
    outcome.converged = relaxation.converged;
  } catch (const NumericalError& error) {
    outcome.failure = error.message();
  } catch (const DataError& error) {
    // One crystal that a potential cannot take (cells collapse, elements are unknown to it) shall
    // not cost the figures of all others.
    outcome.is_of_potential = error.identifier() != "crystal-stability-element";
    outcome.failure = error.message();
  }
  return outcome;
}

/// A potential that fails on every crystal is broken itself. Throws DataError.
void require_energies(const std::vector<Outcome>& outcomes) {
  const auto failed = std::ranges::find_if(
      outcomes, [](const Outcome& outcome) { return outcome.is_of_potential; });
  const bool any_energy =
      std::ranges::any_of(outcomes, [](const Outcome& outcome) { return outcome.failure.empty(); });
  if (failed != outcomes.end() && !any_energy)
    throw DataError("crystal-stability-potential", "no crystal has an energy: " + failed->failure);
}

/// Which of the relaxed crystals are the first of their kind and not in the training set.
std::vector<bool> unique_and_novel(const std::vector<Outcome>& outcomes, const MetricInput& input) {
  std::vector<std::optional<PreparedCrystal>> prepared;
  for (const Outcome& outcome : outcomes) prepared.push_back(prepared_crystal(outcome.crystal));
  std::vector<const PreparedCrystal*> crystals;
  for (const auto& crystal : prepared) crystals.push_back(crystal ? &*crystal : nullptr);
  const auto groups = group_structures(crystals, MatchTolerances{});
  const auto known =
      KnownStructures(crystals_of(input.train)).first_fits(crystals, MatchTolerances{});
  std::vector<bool> result;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    result.push_back(groups[i] == i && known[i] == kNoStructure);
  return result;
}

/// "3 without an energy: 2 the potential does not know Xe, ..."
std::string failures_of(const std::vector<Outcome>& outcomes) {
  std::map<std::string, int> counts;
  int all = 0;
  for (const Outcome& outcome : outcomes) {
    if (outcome.failure.empty()) continue;
    ++counts[outcome.failure];
    ++all;
  }
  if (all == 0) return {};
  std::string text = fmt::format("{} without an energy:", all);
  for (const auto& [reason, count] : counts) text += fmt::format(" {} × {};", count, reason);
  text.pop_back();
  return text;
}

class Figures {
 public:
  Figures(const std::vector<Outcome>& outcomes, const StabilityMetric::Config& config)
      : outcomes_(outcomes), note_(failures_of(outcomes)) {
    protocol_ = fmt::format("energies of {}, {}",
                            std::filesystem::path(config.potential).filename().string(),
                            config.relax ? fmt::format("relaxed by FIRE to {} eV/Å in {} steps",
                                                       config.largest_force, config.most_steps)
                                         : "as generated");
  }

  template <typename Holds>
  void share(const std::string& name, const std::string& label, Direction direction,
             const Holds& holds) {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < outcomes_.size(); ++i) count += holds(i) ? 1 : 0;
    values_.push_back({name, label, percent(count, std::ssize(outcomes_)), direction, "%",
                       protocol_ + ", of all generated", std::ssize(outcomes_), note_});
  }

  template <typename ValueOf>
  void mean(const std::string& name, const std::string& label, const ValueOf& value_of) {
    double sum = 0;
    std::int64_t count = 0;
    for (const Outcome& outcome : outcomes_) {
      const std::optional<double> value = value_of(outcome);
      if (!value) continue;
      sum += *value;
      ++count;
    }
    if (count == 0) return;
    values_.push_back({name, label, sum / static_cast<double>(count), Direction::lower, "eV/atom",
                       protocol_, count, note_});
  }

  std::vector<MetricValue> take() { return std::move(values_); }

 private:
  const std::vector<Outcome>& outcomes_;
  std::string note_;
  std::string protocol_;
  std::vector<MetricValue> values_;
};

void add_stable_shares(const std::vector<Outcome>& outcomes, const MetricInput& input,
                       const StabilityMetric::Config& config, Figures& figures) {
  const auto is_below = [&](std::size_t i, double limit) {
    return outcomes[i].above_hull && *outcomes[i].above_hull <= limit;
  };
  const std::string above = fmt::format("at most {} eV/atom above the hull", config.stable_below);
  figures.share("stable_share", "stable: " + above, Direction::higher,
                [&](std::size_t i) { return is_below(i, config.stable_below); });
  figures.share(
      "metastable_share",
      fmt::format("metastable: at most {} eV/atom above the hull", config.metastable_below),
      Direction::higher, [&](std::size_t i) { return is_below(i, config.metastable_below); });
  if (input.train.empty()) return;
  const std::vector<bool> is_new = unique_and_novel(outcomes, input);
  figures.share("sun_share", "stable, unique and novel (S.U.N.)", Direction::higher,
                [&](std::size_t i) { return is_new[i] && is_below(i, config.stable_below); });
  figures.share("msun_share", "metastable, unique and novel (M.S.U.N.)", Direction::higher,
                [&](std::size_t i) { return is_new[i] && is_below(i, config.metastable_below); });
}

}  // namespace

/// The potential, and what it made of the crystals it has seen: relaxing is dear, and the draws for
/// the standard errors show the same crystals again.
class StabilityMetric::RelaxedCrystals {
 public:
  explicit RelaxedCrystals(Config config) : config_(std::move(config)) {}

  std::vector<Outcome> of(const std::vector<const Crystal*>& crystals) {
    const std::lock_guard lock(mutex_);
    // Asked for by name: that it is not there is no figure to leave out in silence.
    if (!potential_ && !std::filesystem::exists(config_.potential))
      throw ConfigError("crystal-stability-potential",
                        fmt::format("there is no file {}", config_.potential),
                        "name a TorchScript file with the key potential");
    if (!potential_) potential_.emplace(config_.potential);
    std::vector<Outcome> outcomes;
    for (const Crystal* crystal : crystals) {
      const std::string key = bytes_of(*crystal);
      auto known = outcomes_.find(key);
      if (known == outcomes_.end())
        known = outcomes_.emplace(key, relaxed(*crystal, *potential_, config_)).first;
      outcomes.push_back(known->second);
    }
    return outcomes;
  }

 private:
  Config config_;
  std::mutex mutex_;
  std::optional<InteratomicPotential> potential_;
  std::unordered_map<std::string, Outcome> outcomes_;
};

StabilityMetric::StabilityMetric(Config config)
    : config_(std::move(config)), relaxed_(std::make_shared<RelaxedCrystals>(config_)) {}

void StabilityMetric::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Stable, unique and novel crystals, by the energies of your interatomic potential.");
  keys.field("potential", &Config::potential,
             "TorchScript file of an interatomic potential (see the plugin's README)");
  keys.field("hull", &Config::hull,
             "CSV file of competing phases, columns formula and energy_per_atom, with energies of "
             "the same potential; empty: no energies above the hull");
  keys.field("relax", &Config::relax, "relax the crystals first, by FIRE");
  keys.field("relax_cell", &Config::relax_cell, "relax the cell too");
  keys.field("largest_force", &Config::largest_force, "when relaxing ends").unit("eV/Å").above(0);
  keys.field("most_steps", &Config::most_steps, "steps after which relaxing is given up")
      .at_least(1);
  keys.field("stable_below", &Config::stable_below, "largest energy above the hull of a stable one")
      .unit("eV/atom");
  keys.field("metastable_below", &Config::metastable_below,
             "largest energy above the hull of a metastable one")
      .unit("eV/atom");
}

std::vector<MetricValue> StabilityMetric::compute(const MetricInput& input) const {
  const auto crystals = crystals_of(input.generated);
  if (crystals.empty()) throw DataError("metric-empty", "there are no crystals to evaluate");
  if (config_.potential.empty()) {
    throw DataError("crystal-stability-potential",
                    "stability was not computed: it needs an interatomic potential",
                    "name a TorchScript file with the key potential");
  }
  const auto phases = config_.hull.empty() ? std::vector<Phase>() : read_phases(config_.hull);
  std::vector<Outcome> outcomes = relaxed_->of(crystals);
  require_energies(outcomes);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i].failure.empty()) continue;
    if (const auto hull = hull_energy(phases, composition(*crystals[i])))
      outcomes[i].above_hull = outcomes[i].energy_per_atom - *hull;
  }
  Figures figures(outcomes, config_);
  if (config_.relax) {
    figures.share("relaxation_converged", "relaxations that converged", Direction::higher,
                  [&](std::size_t i) { return outcomes[i].converged; });
    figures.mean("relaxation_energy", "energy lost by relaxing", [](const Outcome& outcome) {
      return outcome.failure.empty() ? std::optional(outcome.energy_gain) : std::nullopt;
    });
  }
  if (!phases.empty()) {
    figures.mean("energy_above_hull", "mean energy above the hull",
                 [](const Outcome& outcome) { return outcome.above_hull; });
    add_stable_shares(outcomes, input, config_, figures);
  }
  return figures.take();
}

}  // namespace equigen::crystal_stability
