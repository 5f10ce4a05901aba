// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <vector>

#include "equigen/crystal/elements.h"
#include "equigen/crystal/validity/validity.h"

namespace equigen {
namespace {

/// An element of the composition with the states that it may take.
struct Ion {
  int count = 0;
  std::optional<double> electronegativity;
  std::vector<int> states;
};

using Ions = std::vector<Ion>;

/// True when one state for each ion can be chosen so that the charges add up to zero.
bool can_be_neutral(const Ions& ions) {
  int lowest = 0, highest = 0;
  for (const Ion& ion : ions) {
    if (ion.states.empty()) return false;
    lowest += ion.count * std::ranges::min(ion.states);
    highest += ion.count * std::ranges::max(ion.states);
  }
  if (lowest > 0 || highest < 0) return false;
  // Which sums of charges can be reached; all partial sums lie in this range too once 0 does.
  int low = 0, high = 0;
  for (const Ion& ion : ions) {
    low += std::min(0, ion.count * std::ranges::min(ion.states));
    high += std::max(0, ion.count * std::ranges::max(ion.states));
  }
  const auto slots = static_cast<std::size_t>(high - low + 1);
  std::vector<char> reached(slots, 0), next;
  reached[static_cast<std::size_t>(-low)] = 1;
  for (const Ion& ion : ions) {
    next.assign(slots, 0);
    for (std::size_t sum = 0; sum < slots; ++sum) {
      if (!reached[sum]) continue;
      for (const int state : ion.states)
        next[static_cast<std::size_t>(static_cast<int>(sum) + ion.count * state)] = 1;
    }
    reached.swap(next);
  }
  return reached[static_cast<std::size_t>(-low)] != 0;
}

void keep_states(Ion& ion, const std::function<bool(int)>& keep) {
  std::erase_if(ion.states, [&](int state) { return !keep(state); });
}

/// All electronegativities known: every cation must have a lower one than every anion, so that some
/// value parts them.
bool balanced_by_a_threshold(const Ions& ions) {
  std::set<double> thresholds;
  for (const Ion& ion : ions) thresholds.insert(*ion.electronegativity);
  return std::ranges::any_of(thresholds, [&](double threshold) {
    Ions parted = ions;
    for (Ion& ion : parted) {
      const bool cation = *ion.electronegativity <= threshold;
      keep_states(ion, [&](int state) { return cation ? state >= 0 : state <= 0; });
    }
    return can_be_neutral(parted);
  });
}

bool opposite(int a, int b) {
  return (a > 0 && b < 0) || (a < 0 && b > 0);
}

/// The test compares pairs in order and ends at the first with an unknown electronegativity, which
/// passes for opposite charges and fails otherwise: only pairs of the first element are looked at.
bool balanced_up_to_the_unknown(const Ions& ions) {
  std::size_t unknown = 0;
  while (ions[unknown].electronegativity) ++unknown;
  const std::size_t decisive = std::max<std::size_t>(unknown, 1);
  return std::ranges::any_of(ions[0].states, [&](int first) {
    Ions left = ions;
    left[0].states = {first};
    keep_states(left[decisive], [&](int state) { return opposite(first, state); });
    for (std::size_t i = 1; i < decisive; ++i) {
      const double gap = *ions[0].electronegativity - *ions[i].electronegativity;
      keep_states(left[i], [&](int state) {
        return !opposite(first, state) || (first > 0 ? gap < 0 : gap > 0);
      });
    }
    return can_be_neutral(left);
  });
}

bool exceeds(const Ions& ions, std::int64_t limit) {
  double combinations = 1;
  for (const Ion& ion : ions) combinations *= static_cast<double>(ion.states.size());
  return limit > 0 && combinations > static_cast<double>(limit);
}

}  // namespace

std::optional<std::string> composition_fault(const Composition& given,
                                             const CompositionRule& rule) {
  if (given.empty()) return "it has no atoms";
  for (const auto& [number, count] : given)
    if (number < 1 || number > kLargestAtomicNumber)
      return fmt::format("there are no oxidation states for atomic number {}", number);
  if (given.size() == 1) return std::nullopt;
  Ions ions;
  bool alloy = true;
  const Composition composition = reduced(given);
  for (const auto& [number, count] : composition) {
    const Element& data = element(number);
    alloy = alloy && data.smact_is_metal;
    ions.push_back({count, data.smact_electronegativity, data.smact_oxidation_states});
  }
  if (alloy) return std::nullopt;
  if (exceeds(ions, rule.search_limit))
    return fmt::format("it allows more than {} combinations of oxidation states",
                       rule.search_limit);
  for (std::size_t i = 0; i < ions.size(); ++i)
    if (ions[i].states.empty())
      return fmt::format("{} has no oxidation states", element(composition[i].first).symbol);
  if (!can_be_neutral(ions))
    return fmt::format("no charge-neutral oxidation states for {}", formula(composition));
  const bool all_known =
      std::ranges::all_of(ions, [](const Ion& ion) { return ion.electronegativity.has_value(); });
  if (all_known ? balanced_by_a_threshold(ions) : balanced_up_to_the_unknown(ions))
    return std::nullopt;
  return fmt::format("no charge-neutral oxidation states of {} agree with the electronegativities",
                     formula(composition));
}

}  // namespace equigen
