// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/metrics/evaluation/published_results.h"

using namespace equigen;

namespace {

MetricValue figure(std::string name, double value, Direction direction, std::string unit,
                   std::string protocol) {
  MetricValue result;
  result.name = std::move(name);
  result.value = value;
  result.direction = direction;
  result.unit = std::move(unit);
  result.protocol = std::move(protocol);
  return result;
}

MetricValue mean_mmd(double value) {
  return figure("mean_mmd", value, Direction::lower, "", "GDSS convention: mean");
}

const char* const kSmallTable = R"json({
  "format": "equigen-published-results/1",
  "protocols": {
    "one": {"title": "One", "recognised_by": ["one"], "metrics": {"score": ["Score"]}},
    "two": {"title": "Two", "recognised_by": ["two"], "metrics": {"score": ["Score"]}},
    "silent": {"title": "Silent"}},
  "datasets": {"d": ["D", "D (large)"]},
  "blocks": [
    {"dataset": "D", "protocol": "one", "protocol_note": "n", "source": "s", "verified": true,
     "evidence": "e", "rows": [["A", "Score", 2.0, "1", "lower"], ["B", "Score", 1.0, "1", "lower"],
                               ["B, 5 steps", "Score", 0.5, "1", "lower", 0.1],
                               ["P", "Score", 50, "%", "lower"]]},
    {"dataset": "D (large)", "protocol": "two", "protocol_note": "n", "source": "s",
     "verified": true, "evidence": "e", "rows": [["C", "Score", 3.0, "1", "lower"]]},
    {"dataset": "D", "protocol": "one", "protocol_note": "n", "source": "s", "verified": false,
     "evidence": "memory", "rows": [["U", "Score", 0.1, "1", "lower"]]},
    {"dataset": "D", "protocol": "silent", "protocol_note": "n", "source": "s", "verified": true,
     "evidence": "e", "rows": [["X", "Score", 0.0, "1", "lower"]]},
    {"dataset": "E", "protocol": "one", "protocol_note": "n", "source": "s", "verified": true,
     "evidence": "e", "rows": [["A", "Score", 9.0, "1", "lower"]]}]})json";

std::vector<std::string> systems(const std::vector<PublishedResult>& rows) {
  std::vector<std::string> names;
  for (const PublishedResult& row : rows) names.push_back(row.system);
  return names;
}

}  // namespace

TEST_CASE("the compiled-in table of published results is whole") {
  const PublishedResults& table = PublishedResults::builtin();
  REQUIRE(table.rows().size() == 935 + 1047);
  const auto verified = std::count_if(table.rows().begin(), table.rows().end(),
                                      [](const PublishedResult& row) { return row.verified; });
  CHECK(verified == 910 + 1003);
  for (const PublishedResult& row : table.rows()) {
    CAPTURE(row.system, row.dataset, row.metric);
    CHECK(std::isfinite(row.value));
    CHECK_FALSE(row.source.empty());
    CHECK_FALSE(row.evidence.empty());
    CHECK(table.protocol(row.protocol) != nullptr);
    if (row.evidence == "memory") CHECK_FALSE(row.verified);
  }
}

TEST_CASE("published figures of GDSS are found under its protocol") {
  const auto rows = PublishedResults::builtin().comparable("community_small", mean_mmd(0.05));
  const auto gdss = std::find_if(rows.begin(), rows.end(),
                                 [](const PublishedResult& row) { return row.system == "GDSS"; });
  REQUIRE(gdss != rows.end());
  CHECK(gdss->value == Approx(0.046));
  CHECK(gdss->verified);
  CHECK(rows.front().system == "DualDiff");

  const auto validity = PublishedResults::builtin().comparable(
      "qm9", figure("validity_without_correction", 95, Direction::higher, "%",
                    "of the molecules kept (as published)"));
  REQUIRE(validity.size() == 7);
  CHECK(validity.front().system == "CatFlow");
}

TEST_CASE("figures of different protocols, data sets or units never meet") {
  const PublishedResults table = PublishedResults::parse(kSmallTable, "small.json");
  const auto score = [&](const char* dataset, const char* protocol, const char* unit) {
    return systems(table.comparable(dataset, figure("score", 1, Direction::lower, unit, protocol)));
  };
  CHECK(score("d", "Protocol ONE", "") ==
        std::vector<std::string>{"B, 5 steps", "P", "B", "A", "U"});
  CHECK(score("d", "one", "g/mol").empty());
  CHECK(score("d", "two", "") == std::vector<std::string>{"C"});
  CHECK(score("d", "one", "%") == std::vector<std::string>{"P"});
  CHECK(score("d", "", "").empty());
  CHECK(score("d", "three", "").empty());
  CHECK(score("E", "one", "") == std::vector<std::string>{"A"});
  CHECK(score("unknown", "one", "").empty());
  CHECK(table.comparable("d", figure("other", 1, Direction::lower, "", "one")).empty());
}

TEST_CASE("a share printed in per cent is compared as a share") {
  const PublishedResults table = PublishedResults::parse(kSmallTable, "small.json");
  for (const auto& row : table.comparable("d", figure("score", 1, Direction::lower, "", "one"))) {
    if (row.system == "P") CHECK(row.value == Approx(0.5));
  }
}

TEST_CASE("figures of the molecule benchmarks meet their own rows") {
  const PublishedResults& table = PublishedResults::builtin();
  const auto count = [&](const char* dataset, const char* name, const char* unit,
                         const char* protocol) {
    return table.comparable(dataset, figure(name, 1, Direction::higher, unit, protocol)).size();
  };
  CHECK(count("moses", "filters", "%", "MOSES: MCF and PAINS patterns") == 10);
  CHECK(count("moses_scaffolds", "scaf", "", "MOSES: cosine of counts") == 10);
  CHECK(count("moses", "scaf", "", "MOSES: cosine of counts") == 0);
  CHECK(count("moses", "fcd", "", "Fréchet distance as in fcd_torch") == 0);
  CHECK(count("zinc250k", "fcd", "", "Fréchet distance as in fcd_torch") == 13);
  CHECK(count("guacamol", "guacamol_kl", "", "GuacaMol KL divergence, against the training set") ==
        9);
  CHECK(count("guacamol", "guacamol_kl", "", "GuacaMol KL divergence, against the reference") == 0);
  CHECK(count("qm9_conformers", "molecule_stability_legacy", "%", "stability: legacy table") == 6);
  CHECK(count("qm9_conformers", "molecule_stability_edm", "%", "stability: EDM's table") == 4);
  CHECK(count("geom_drugs", "molecule_stability_corrected", "%", "stability: corrected table") ==
        7);
}

TEST_CASE("no figure of ours meets two published protocols of one data set") {
  const PublishedResults& table = PublishedResults::builtin();
  std::set<std::string> datasets;
  for (const PublishedResult& row : table.rows()) datasets.insert(row.dataset);
  for (const char* ours : {"qm9", "moses_scaffolds", "qm9_conformers", "geom_drugs"})
    datasets.insert(ours);
  for (const std::string& dataset : datasets) {
    for (const char* protocol :
         {"GDSS convention: kernel", "SwinGNN convention: kernel", "as in fcd_torch",
          "distinct canonical SMILES of the valid ones", "stereochemistry as given (published way)",
          "samples that are a molecule, of all samples", "features not folded"}) {
      for (const char* name : {"degree_mmd", "mean_mmd", "uniqueness", "novelty_stereo",
                               "nspdk_mmd", "validity", "fcd"}) {
        std::set<std::string> met;
        for (const char* unit : {"", "%"})
          for (const PublishedResult& row :
               table.comparable(dataset, figure(name, 1, Direction::lower, unit, protocol)))
            met.insert(row.protocol);
        CAPTURE(dataset, protocol, name);
        CHECK(met.size() <= 1);
      }
    }
  }
}

TEST_CASE("the families' validity meets the published rates, each of its own protocol") {
  const PublishedResults& table = PublishedResults::builtin();
  for (const auto& [dataset, protocol] :
       {std::pair("planar", "connected and planar, of all generated"),
        std::pair("sbm", "SPECTRE's Wald test of block sizes, of all generated")}) {
    CAPTURE(dataset);
    const auto valid =
        table.comparable(dataset, figure("validity", 1, Direction::higher, "%", protocol));
    const auto novel = table.comparable(
        dataset, figure("valid_unique_novel", 1, Direction::higher, "%", protocol));
    REQUIRE(!valid.empty());
    REQUIRE(!novel.empty());
    for (const auto& row : valid) CHECK(row.protocol == "spectre_ratio");
    for (const auto& row : novel) CHECK(row.protocol == "hspectre_ratio");
  }
}

TEST_CASE("the ranking counts verified methods once") {
  const PublishedResults table = PublishedResults::parse(kSmallTable, "small.json");
  const auto ranking = [&](double value) {
    const MetricValue own = figure("score", value, Direction::lower, "", "one");
    return ranking_of(own, table.comparable("d", own));
  };
  CHECK(ranking(0.2) == Ranking{1, 3});
  CHECK(ranking(0.7) == Ranking{3, 3});
  CHECK(ranking(5) == Ranking{4, 3});
  CHECK_FALSE(ranking(std::nan("")));
  CHECK_FALSE(ranking_of(mean_mmd(1), {}));
}

TEST_CASE("the training set is no method, and equal figures share a place") {
  const PublishedResults& table = PublishedResults::builtin();
  MetricValue own = figure("degree_mmd", 0.0002, Direction::lower, "", "raw MMD");
  std::vector<PublishedResult> rows(3);
  rows[0] = {
      .system = "training set", .dataset = "planar", .metric = "degree MMD", .value = 0.0001};
  rows[1] = {.system = "A", .dataset = "planar", .metric = "degree MMD", .value = 0.0002};
  rows[2] = {.system = "B", .dataset = "planar", .metric = "degree MMD", .value = 0.0003};
  for (PublishedResult& row : rows) row.verified = true;
  CHECK(ranking_of(own, rows) == Ranking{1, 2});
  own.value = 0.00025;
  CHECK(ranking_of(own, rows) == Ranking{2, 2});
  CHECK_FALSE(ranking_of(own, {rows.data(), 1}));
  CHECK(std::ranges::any_of(table.rows(), [](const auto& row) { return !is_of_method(row); }));

  Evaluation evaluation;
  evaluation.generated_count = 10000;
  evaluation.dataset = "planar";
  own.value = 0.0002;
  Figure shown;
  shown.value = own;
  shown.published = rows;
  for (PublishedResult& row : shown.published) row.protocol = "spectre_raw";
  shown.ranking = ranking_of(own, rows);
  evaluation.figures.push_back(shown);
  const std::string text = ranking_text(evaluation);
  INFO(text);
  CHECK_THAT(text, ContainsSubstring("place 1 of 3") && ContainsSubstring("1.    A ") &&
                       ContainsSubstring("3.    B ") && ContainsSubstring("      training set"));
}

TEST_CASE("figures of a part of the data set, or of very few samples, get no place") {
  Evaluation evaluation;
  evaluation.generated_count = 10000;
  PublishedResult row;
  row.protocol = "gdss_molecules";
  REQUIRE(PublishedResults::builtin().protocol(row.protocol));
  evaluation.dataset = "zinc250k";
  CHECK_THAT(why_not_ranked(evaluation, row), ContainsSubstring("29,445 of the 249,455"));
  evaluation.dataset = "zinc250k_full";
  CHECK(why_not_ranked(evaluation, row).empty());
  evaluation.generated_count = 4;
  CHECK_THAT(why_not_ranked(evaluation, row), ContainsSubstring("4 samples"));
}

TEST_CASE("a table of published results that is none is refused by name") {
  CHECK_THROWS_WITH(PublishedResults::parse("{", "mine.json"), ContainsSubstring("mine.json"));
  CHECK_THROWS_AS(PublishedResults::parse("[]", "mine.json"), DataError);
  CHECK_THROWS_WITH(
      PublishedResults::parse(R"({"format": "equigen-published-results/9"})", "mine.json"),
      ContainsSubstring("equigen-published-results/1"));
  CHECK_THROWS_WITH(PublishedResults::parse(R"({"format": "equigen-published-results/1",
    "protocols": {}, "datasets": {}, "blocks": [{"protocol": "lost", "rows": []}]})",
                                            "mine.json"),
                    ContainsSubstring("lost"));
}

TEST_CASE("published figures of crystals are compared under their own protocol only") {
  const PublishedResults& table = PublishedResults::builtin();
  const auto rate = [&](const char* protocol) {
    return table.comparable("mp_20", figure("match_rate", 60, Direction::higher, "%", protocol));
  };
  const auto one = rate("match rate protocol, 1 sample a composition");
  const auto twenty = rate("match rate protocol, 20 samples a composition");
  REQUIRE_FALSE(one.empty());
  REQUIRE_FALSE(twenty.empty());
  for (const PublishedResult& row : one) CHECK(row.protocol == "crystal_csp_k1");
  for (const PublishedResult& row : twenty) CHECK(row.protocol == "crystal_csp_k20");
  CHECK(rate("some other protocol").empty());
}

TEST_CASE("where nothing can be compared the reason is named") {
  const PublishedResults table = PublishedResults::parse(kSmallTable, "small.json");
  const MetricValue score = figure("score", 1, Direction::lower, "", "three");
  CHECK_THAT(table.why_nothing_comparable("", score), ContainsSubstring("not known"));
  CHECK_THAT(table.why_nothing_comparable("nowhere", score),
             ContainsSubstring("no published figures of 'nowhere'; there are of D, D (large), E"));
  CHECK_THAT(table.why_nothing_comparable("d", score),
             ContainsSubstring("computed otherwise (three)") && ContainsSubstring("One; Two"));
  CHECK_THAT(table.why_nothing_comparable("d", figure("other", 1, Direction::lower, "", "one")),
             ContainsSubstring("nobody's figure of this kind"));
}

TEST_CASE("tables that declare the same protocol do not mix") {
  PublishedResults table = PublishedResults::parse(kSmallTable, "small.json");
  CHECK_THROWS_WITH(table.add(PublishedResults::parse(kSmallTable, "small.json")),
                    ContainsSubstring("declare the protocol"));
}
