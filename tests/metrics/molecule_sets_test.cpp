// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/random.h"
#include "equigen/metrics/distances/distribution_distances.h"
#include "equigen/metrics/molecule/molecule_guacamol.h"
#include "equigen/metrics/molecule/molecule_moses.h"
#include "equigen/metrics/molecule/molecule_set.h"
#include "equigen/metrics/molecule/similarity.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;

namespace {

using Json = nlohmann::json;

Sample sample_of(const std::string& smiles) {
  Molecule molecule;
  molecule.atoms = {{}};
  molecule.smiles = smiles;
  return {molecule, {}};
}

std::vector<Sample> samples_of(const std::vector<std::string>& smiles) {
  std::vector<Sample> samples;
  for (const std::string& text : smiles) samples.push_back(sample_of(text));
  return samples;
}

struct Halves {
  std::vector<Sample> own;
  std::vector<Sample> other;
};

Halves golden_halves() {
  const Json all = Json::parse(
      read_file(testing::tests_folder() / "data/golden/molecule_descriptors" / "molecules.json"));
  Halves halves;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Sample sample = sample_of(all[i]["smiles"].get<std::string>());
    if (i % 2 == 0) halves.own.push_back(sample);
    if (i % 2 == 1 || i % 8 == 0) halves.other.push_back(sample);
  }
  return halves;
}

void check_golden(const std::vector<MetricValue>& values) {
  const Json golden = Json::parse(
      read_file(testing::tests_folder() / "data/golden/molecule_descriptors" / "sets.json"));
  for (const MetricValue& value : values) {
    INFO(value.name);
    REQUIRE(golden.contains(value.name));
    CHECK(value.value == Approx(golden[value.name].get<double>()).epsilon(1e-6).margin(1e-9));
    CHECK(value.sample_count > 0);
    CHECK_FALSE(value.protocol.empty());
  }
}

}  // namespace

TEST_CASE("golden.molecule_descriptors.moses: figures of MOSES") {
  const Halves halves = golden_halves();
  const MetricInput input{halves.own, halves.other, {}};
  check_golden(MoleculeProperties({}).compute(input));
  check_golden(MoleculeSimilarity({}).compute(input));
  check_golden(MoleculeFragments({}).compute(input));
  check_golden(MoleculeFilters({}).compute(input));
  if (const std::string problem = sa_table_problem(); problem.empty())
    check_golden(MoleculeSaScore({}).compute(input));
  else
    WARN("skipped the SA score: " << problem);
}

TEST_CASE("golden.molecule_descriptors.guacamol: KL divergences of descriptors") {
  const Halves halves = golden_halves();
  check_golden(GuacamolKl({}).compute({halves.own, halves.other, {}}));
}

TEST_CASE("identical sets are at the best value of each figure") {
  const Halves halves = golden_halves();
  const MetricInput input{halves.own, halves.own, {}};
  const auto properties = MoleculeProperties({}).compute(input);
  CHECK(properties.front().value == Approx(0).margin(1e-12));
  CHECK(MoleculeSimilarity({}).compute(input).front().value == Approx(1));
  CHECK(MoleculeFragments({}).compute(input).front().value == Approx(1));
  CHECK(GuacamolKl({}).compute(input).front().value == Approx(1));
}

TEST_CASE("descriptors are computed once and shared") {
  auto samples = samples_of({"CCO", "c1ccccc1", "CCO", "not a molecule"});
  MoleculeCache cache;
  cache.expect(MoleculeParts::properties, MoleculeParts::none);
  const auto side = MoleculeCache::Side::generated;
  const auto first = cache.valid(samples, MoleculeParts::statistics, side);
  REQUIRE(first.size() == 3);
  CHECK(first[0] == first[2]);
  CHECK(first[0]->weight > 0);
  CHECK(cache.valid(std::span(samples).first(1), MoleculeParts::properties, side)[0] == first[0]);
  const auto more = cache.valid(samples, MoleculeParts::scaffold, side);
  CHECK(more[1]->scaffold == "c1ccccc1");
  CHECK(more[1]->weight == first[1]->weight);
}

TEST_CASE("figures of sets without what they compare say so") {
  const auto chains = samples_of({"CCO", "CCN"});
  const auto fragments = MoleculeFragments({}).compute({chains, chains, {}});
  CHECK(std::isnan(fragments.back().value));
  CHECK_THAT(fragments.back().note, ContainsSubstring("not defined"));
  const auto one = samples_of({"CCO"});
  const std::vector<Sample> nothing = {{Molecule{}, {}}};
  CHECK_THAT(GuacamolKl({}).compute({one, one, {}}).front().note, ContainsSubstring("logP"));
  CHECK_THROWS_AS(MoleculeProperties({}).compute({chains, {}, {}}), DataError);
  CHECK_THROWS_AS(MoleculeProperties({}).compute({nothing, chains, {}}), DataError);
  CHECK_THROWS_AS(MoleculeFilters({}).compute({}), DataError);
}

TEST_CASE("GuacaMol's score can be taken against the training set, over distinct molecules") {
  const Halves halves = golden_halves();
  GuacamolKl::Config config;
  config.against = "training";
  const GuacamolKl metric(config);
  CHECK_THROWS_AS(metric.compute({halves.own, halves.other, {}}), DataError);
  auto doubled = halves.own;
  doubled.insert(doubled.end(), halves.own.begin(), halves.own.end());
  const auto values = metric.compute({doubled, {}, halves.other});
  const auto once = metric.compute({halves.own, {}, halves.other});
  CHECK(values.front().sample_count == once.front().sample_count);
  CHECK(values.front().value == Approx(once.front().value));
  CHECK_THAT(values.front().protocol, ContainsSubstring("training"));
}

TEST_CASE("total variation and cosine of counts") {
  CHECK(distance::total_variation({{"a", 1}, {"b", 1}}, {{"a", 2}}) == Approx(0.5));
  CHECK(distance::total_variation({}, {{"a", 2}}) == Approx(1));
  CHECK(distance::total_variation({}, {}) == Approx(0).margin(0));
  CHECK(distance::cosine_similarity({{"a", 3}, {"b", 4}}, {{"a", 1}}) == Approx(0.6));
  CHECK(std::isnan(distance::cosine_similarity({}, {{"a", 1}})));
}

TEST_CASE("KL divergences are not defined where nothing varies or nothing is inside") {
  CHECK(std::isnan(distance::kl_of_densities({1, 1, 1}, {1, 2, 3})));
  CHECK(std::isnan(distance::kl_of_densities({1, 2, 3}, {})));
  CHECK(std::isnan(distance::kl_of_histograms(std::vector<double>{0, 1}, std::vector<double>{7})));
  const std::vector<double> same = {2, 2, 2};
  CHECK(distance::kl_of_histograms(same, same) == Approx(0).margin(1e-12));
}

TEST_CASE("the nearest other fingerprint is the same as by comparing each with each") {
  RandomStream random(1, "fingerprints", 0);
  similarity::Fingerprints set;
  set.words = 2;
  for (int i = 0; i < 700; ++i) {
    std::int32_t set_bits = 0;
    for (std::size_t w = 0; w < set.words; ++w) {
      const auto bits = random() & random() & random();
      set.bits.push_back(bits);
      set_bits += std::popcount(bits);
    }
    set.set_bits.push_back(set_bits);
  }
  const auto fast = similarity::nearest_other(set);
  for (std::size_t i = 0; i < set.size(); ++i) {
    double largest = 0;
    for (std::size_t j = 0; j < set.size(); ++j) {
      if (i == j) continue;
      const int shared = std::popcount(set.bits[2 * i] & set.bits[2 * j]) +
                         std::popcount(set.bits[2 * i + 1] & set.bits[2 * j + 1]);
      const int either = set.set_bits[i] + set.set_bits[j] - shared;
      largest = std::max(largest, either == 0 ? 1.0 : static_cast<double>(shared) / either);
    }
    CHECK(fast[i] == Approx(largest).margin(0));
  }
}

TEST_CASE("what is found of the whole reference is kept, of other sets it is not") {
  const auto reference = samples_of({"CCO", "c1ccccc1"});
  MoleculeCache cache{reference};
  int times = 0;
  const auto count = [&] { return std::vector<double>{static_cast<double>(++times)}; };
  CHECK(cache.reference_numbers(reference, "a", count)->front() == 1);
  CHECK(cache.reference_numbers(reference, "a", count)->front() == 1);
  CHECK(cache.reference_numbers(reference, "b", count)->front() == 2);
  const auto other = samples_of({"CCO", "c1ccccc1"});
  CHECK(cache.reference_numbers(other, "a", count)->front() == 3);
  CHECK(cache.reference_features(reference) == cache.reference_features(reference));
  const auto side = MoleculeCache::Side::reference;
  CHECK(cache.valid(reference, MoleculeParts::statistics, side).size() == 2);
  CHECK(cache.valid(reference, MoleculeParts::scaffold, side)[1]->scaffold == "c1ccccc1");
}

TEST_CASE("descriptors on disk are read as they were, damaged ones are not") {
  DescribedMolecules molecules;
  const auto all = static_cast<MoleculeParts>(511 & ~(sa_table_problem().empty() ? 0 : 4));
  for (const Sample& sample : samples_of({"C[C@H](N)C(=O)Nc1ccc2[nH]ccc2c1", "[Na+].[Cl-]", "C1C",
                                          "O=C1C=CC(=O)C=C1", "C1CCCCCCCC1"}))
    molecules.push_back(std::make_shared<const MoleculeDescriptors>(
        describe(std::get<Molecule>(sample.structure), all)));
  const std::string bytes = encode_described(molecules);
  const auto again = decode_described(bytes);
  REQUIRE(again);
  CHECK(encode_described(*again) == bytes);
  CHECK_FALSE((*again)[2]->valid);
  CHECK(again->front()->bits == molecules.front()->bits);
  CHECK(again->front()->fragments == molecules.front()->fragments);
  CHECK(again->front()->skeleton.bonds == molecules.front()->skeleton.bonds);
  CHECK(again->front()->logp == molecules.front()->logp);
  CHECK((*again)[3]->filter_pattern == molecules[3]->filter_pattern);
  for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
    std::string damaged = bytes;
    damaged[at] ^= 1;
    CHECK_FALSE(decode_described(damaged));
  }
  CHECK_FALSE(decode_described(bytes.substr(0, bytes.size() - 1)));
}

TEST_CASE("descriptors of large sets are kept for the next evaluation") {
  const testing::TemporaryFolder folder;
  std::vector<std::string> smiles;
  for (std::size_t i = 0; i < 600; ++i)
    smiles.push_back(std::string(i % 20 + 1, 'C') + "O" + std::string(i / 20, 'N'));
  smiles.push_back(smiles.front());
  const auto samples = samples_of(smiles);
  const auto evaluate_once = [&](MoleculeParts parts) {
    MoleculeCache cache(samples);
    cache.keep_in(folder.path() / "described");
    cache.expect(parts, MoleculeParts::none);
    cache.prepare(samples, MoleculeCache::Side::reference);
    return encode_described(cache.valid(samples, parts, MoleculeCache::Side::reference));
  };
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(folder.path() / "described"), {});
  };
  const std::string first = evaluate_once(MoleculeParts::statistics);
  CHECK(files() == 1);
  CHECK(evaluate_once(MoleculeParts::statistics) == first);
  CHECK(files() == 1);
  CHECK(evaluate_once(MoleculeParts::scaffold) != first);
  CHECK(files() == 2);
  MoleculeCache direct;
  direct.expect(MoleculeParts::statistics, MoleculeParts::none);
  CHECK(encode_described(direct.valid(samples, MoleculeParts::statistics,
                                      MoleculeCache::Side::reference)) == first);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "described"))
    write_file_atomically(entry.path(), "damaged");
  CHECK(evaluate_once(MoleculeParts::statistics) == first);
}

TEST_CASE("similarity of fingerprints by hand") {
  MoleculeDescriptors first;
  first.bits[0] = 0b0111;
  MoleculeDescriptors second;
  second.bits[0] = 0b1110;
  second.bits[16] = 0b0001;  // the same bit as the first of 1024
  const auto shared = [](const MoleculeDescriptors& molecule) {
    return std::make_shared<const MoleculeDescriptors>(molecule);
  };
  const auto set = similarity::fingerprints({shared(first), shared(second), shared({})}, 1024);
  CHECK(set.set_bits == std::vector<std::int32_t>{3, 4, 0});
  const auto nearest = similarity::nearest_other(set);
  CHECK(nearest[0] == Approx(0.75));
  CHECK(nearest[2] == Approx(0).margin(0));
  CHECK(similarity::nearest(set, set)[2] == Approx(1));
  CHECK(similarity::mean_within(set)[0].mean == Approx((1 + 0.75) / 3));
  CHECK(similarity::mean_within(set)[0].mean_of_squares == Approx((1 + 0.5625) / 3));
  CHECK_THROWS_AS(similarity::nearest(set, similarity::Fingerprints{}), DataError);
}
