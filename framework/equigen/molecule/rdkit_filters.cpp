// SPDX-License-Identifier: MIT
#include <algorithm>

#include "equigen/molecule/rdkit_descriptors.h"

namespace equigen::embedded {
std::string_view medicinal_chemistry_filters_txt();
std::string_view pains_txt();
}  // namespace equigen::embedded

namespace equigen::rdkit {
namespace {

constexpr std::array<int, 8> kAllowed = {1, 6, 7, 8, 9, 16, 17, 35};
constexpr std::size_t kLargeRing = 8;

const std::vector<Pattern>& unwanted_patterns() {
  static const std::vector<Pattern> patterns = [] {
    auto all = read_patterns(embedded::medicinal_chemistry_filters_txt(),
                             "medicinal_chemistry_filters.txt");
    auto pains = read_patterns(embedded::pains_txt(), "pains.txt");
    std::move(pains.begin(), pains.end(), std::back_inserter(all));
    return all;
  }();
  return patterns;
}

}  // namespace

FilterResult moses_filter(const RDKit::ROMol& molecule, const CompleteMolecule& complete) {
  for (const auto& ring : molecule.getRingInfo()->atomRings())
    if (ring.size() >= kLargeRing) return {FilterOutcome::large_ring, {}};
  for (const auto* atom : molecule.atoms()) {
    if (atom->getFormalCharge() != 0) return {FilterOutcome::charged, {}};
    if (std::find(kAllowed.begin(), kAllowed.end(), atom->getAtomicNum()) == kAllowed.end())
      return {FilterOutcome::element, {}};
  }
  for (const Pattern& pattern : unwanted_patterns())
    if (pattern.occurs_in(complete.screen())) return {FilterOutcome::pattern, pattern.name()};
  return {};
}

}  // namespace equigen::rdkit
