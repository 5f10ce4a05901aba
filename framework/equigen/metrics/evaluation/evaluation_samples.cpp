// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <unordered_set>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/crystal/validity/validity.h"
#include "equigen/graph/isomorphism.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/evaluation/split_keys.h"
#include "equigen/molecule/smiles.h"

namespace equigen {

namespace {

/// The verdict of one sample without regard to others, and what identifies its structure.
struct Judged {
  SampleVerdict verdict;
  std::string key;
};

Judged judge(const Graph& graph) {
  Judged result;
  result.verdict.size = graph.node_count;
  result.verdict.edge_count = static_cast<std::int64_t>(graph.edges.size());
  result.verdict.valid = graph.node_count > 0;
  if (result.verdict.valid)
    result.key = canonical_key(graph);
  else
    result.verdict.reason = "no nodes";
  return result;
}

Judged judge(const Molecule& molecule) {
  Judged result;
  SampleVerdict& verdict = result.verdict;
  verdict.size = std::count_if(molecule.atoms.begin(), molecule.atoms.end(),
                               [](const Atom& atom) { return atom.atomic_number != 1; });
  verdict.edge_count = static_cast<std::int64_t>(molecule.bonds.size());
  verdict.text = molecule.smiles;
  if (molecule.atoms.empty()) {
    verdict.reason = "no molecule";
    return result;
  }
  try {
    // Models of the molecular graph know nothing of stereochemistry.
    result.key = plain_smiles(molecule);
    verdict.text = molecule.smiles.empty() ? result.key : molecule.smiles;
    verdict.valid = true;
  } catch (const DataError& error) {
    verdict.reason = error.message();
  }
  return result;
}

/// Both faults of a crystal, or an empty text.
std::string faults_of(const CrystalVerdict& verdict) {
  std::string text = verdict.structure_fault.value_or("");
  if (verdict.composition_fault) text += (text.empty() ? "" : "; ") + *verdict.composition_fault;
  return text;
}

Judged judge(const Crystal& crystal) {
  Judged result;
  SampleVerdict& verdict = result.verdict;
  verdict.size = static_cast<std::int64_t>(crystal.size());
  if (crystal.size() == 0) {
    verdict.reason = "no crystal";
    return result;
  }
  verdict.reason = faults_of(crystal_verdict(crystal));
  result.key = written_identity(crystal);
  verdict.valid = verdict.reason.empty() && !result.key.empty();
  try {
    verdict.text = formula(reduced(composition(crystal)));
  } catch (const DataError&) {
    // An element without data, which the reason names.
  }
  return result;
}

Judged judge(const Sample& sample) {
  Judged result =
      std::visit([](const auto& structure) { return judge(structure); }, sample.structure);
  if (!sample.fault.empty()) {
    result.verdict.valid = false;
    result.verdict.reason = sample.fault;
  }
  for (const auto& [name, value] : sample.properties)
    if (name == "valid_without_correction") result.verdict.valid_without_correction = value != 0;
  return result;
}

std::vector<Judged> judge_each(std::span<const Sample> samples) {
  std::vector<Judged> judged(samples.size());
  parallel_for(static_cast<std::int64_t>(samples.size()), [&](std::int64_t i) {
    const auto place = static_cast<std::size_t>(i);
    judged[place] = judge(samples[place]);
  });
  return judged;
}

Counterpart counterpart(Relation relation, std::span<const Sample> set, std::size_t index,
                        std::optional<double> distance) {
  return {relation, static_cast<std::int64_t>(index), crystal_in(set[index]).name, distance};
}

/// Crystals are the same where the structure matcher fits them, however they are written.
void match_crystals(std::span<const Sample> generated, std::span<const Sample> train,
                    CrystalCache& crystals, std::vector<SampleVerdict>& verdicts) {
  const auto matches = crystals.matches(generated, train, MatchTolerances{});
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (!verdicts[i].valid) continue;
    verdicts[i].unique = matches->groups[i] == i;
    if (!train.empty()) verdicts[i].novel = matches->known[i] == kNoStructure;
    if (matches->known[i] != kNoStructure)
      verdicts[i].counterparts.push_back(
          counterpart(Relation::training, train, matches->known[i], std::nullopt));
  }
}

void add_findings(const CrystalFindings& findings, std::span<const Sample> reference,
                  std::vector<SampleVerdict>& verdicts) {
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    auto& counterparts = verdicts[i].counterparts;
    if (i < findings.targets.size() && findings.targets[i]) {
      const auto& [target, rms] = *findings.targets[i];
      counterparts.push_back(counterpart(Relation::reference, reference, target, rms));
    }
    if (i < findings.nearest.size() && findings.nearest[i]) {
      const NearestCrystals& nearest = *findings.nearest[i];
      counterparts.push_back(counterpart(Relation::structure, reference, nearest.structure_index,
                                         nearest.structure_distance));
      counterparts.push_back(counterpart(Relation::composition, reference,
                                         nearest.composition_index, nearest.composition_distance));
    }
  }
}

/// What the metric of validity says decides: its options may ask for more than crystal_verdict().
void take_faults(const CrystalCache* crystals, std::vector<Judged>& judged) {
  if (crystals == nullptr || crystals->findings().faults.size() != judged.size()) return;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    SampleVerdict& verdict = judged[i].verdict;
    if (verdict.reason != "no crystal") verdict.reason = crystals->findings().faults[i];
    verdict.valid = verdict.reason.empty() && !judged[i].key.empty();
  }
}

/// Adds the keys of a set's valid samples to `keys`; returns how many were there already.
std::int64_t add_keys(std::span<const Sample> samples, std::unordered_set<std::string>& keys) {
  std::int64_t repeated = 0;
  for (Judged& item : judge_each(samples))
    if (item.verdict.valid && !keys.insert(std::move(item.key)).second) ++repeated;
  return repeated;
}

}  // namespace

SplitKeys::SplitKeys(std::span<const Sample> reference, std::span<const Sample> train)
    : compared_(reference), training_(train) {
  overlap_.train_repeated = add_keys(train, train_);
  for (Judged& item : judge_each(reference)) {
    if (!item.verdict.valid) continue;
    if (train_.contains(item.key)) ++overlap_.reference_in_train;
    if (!reference_.insert(std::move(item.key)).second) ++overlap_.reference_repeated;
  }
}

std::vector<SampleVerdict> SplitKeys::judge(std::span<const Sample> generated,
                                            SplitOverlap* overlap,
                                            std::shared_ptr<CrystalCache> crystals) const {
  std::unordered_set<std::string> seen;
  std::vector<SampleVerdict> verdicts;
  verdicts.reserve(generated.size());
  std::vector<Judged> judged = judge_each(generated);
  take_faults(crystals.get(), judged);
  for (Judged& item : judged) {
    item.verdict.index = std::ssize(verdicts);
    if (item.verdict.valid) {
      if (!training_.empty()) item.verdict.novel = !train_.contains(item.key);
      if (overlap && reference_.contains(item.key)) ++overlap->generated_in_reference;
      item.verdict.unique = seen.insert(std::move(item.key)).second;
    }
    verdicts.push_back(std::move(item.verdict));
  }
  if (!generated.empty() && std::holds_alternative<Crystal>(generated.front().structure)) {
    if (!crystals) crystals = std::make_shared<CrystalCache>();
    match_crystals(generated, training_, *crystals, verdicts);
    add_findings(crystals->findings(), compared_, verdicts);
  }
  return verdicts;
}

std::vector<SampleVerdict> judge_samples(std::span<const Sample> generated,
                                         std::span<const Sample> train) {
  return SplitKeys({}, train).judge(generated);
}

}  // namespace equigen
