// SPDX-License-Identifier: MIT
#include "crystal_stability/stability_metric.h"

#include <map>

#include "catch.h"
#include "crystal_stability/interatomic_potential.h"
#include "crystal_stability/relaxation.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "lennard_jones.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::crystal_stability;

namespace {

Sample cubic(double length, int element) {
  return {
      Crystal{.lattice = Lattice::from_parameters({{length, length, length}, {90, 90, 90}}),
              .fractional_coordinates = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}},
              .atomic_numbers = std::vector<std::uint8_t>(4, static_cast<std::uint8_t>(element)),
              .name = {}},
      {}};
}

std::map<std::string, double> figures(const StabilityMetric& metric, const MetricInput& input) {
  std::map<std::string, double> values;
  for (const MetricValue& value : metric.compute(input)) values[value.name] = value.value;
  return values;
}

}  // namespace

TEST_CASE("stable, unique and novel crystals are counted") {
  const testing::TemporaryFolder folder;
  save_lennard_jones(folder / "lj.pt");
  StabilityMetric::Config config;
  config.potential = (folder / "lj.pt").string();
  config.hull = (folder / "phases.csv").string();
  config.largest_force = 0.01;
  const InteratomicPotential potential(config.potential);
  const auto best =
      relax(std::get<Crystal>(cubic(3.9, 18).structure),
            [&](const Crystal& c) { return potential.evaluate(c); }, {.largest_force = 0.001});
  const double energy = best.energy_after / 4;
  // Argon is on the hull (with a little room for the forces that are left), krypton 0.05 above it.
  write_file_atomically(
      folder / "phases.csv",
      fmt::format("formula,energy_per_atom\nAr,{}\nKr,{}\n", energy + 1e-3, energy - 0.05));
  const std::vector<Sample> generated = {cubic(4.0, 18), cubic(3.8, 18), cubic(4.0, 36),
                                         cubic(4.0, 54)};
  const std::vector<Sample> training = {cubic(3.9, 36)};
  const auto found = figures(StabilityMetric(config), {generated, {}, training});
  CHECK(found.at("relaxation_converged") == Approx(100));
  CHECK(found.at("stable_share") == Approx(50));
  CHECK(found.at("metastable_share") == Approx(75));
  CHECK(found.at("sun_share") == Approx(25));
  CHECK(found.at("msun_share") == Approx(25));
}

TEST_CASE("without a potential the metric says that stability was not computed") {
  const std::vector<Sample> generated = {cubic(4.0, 18)};
  CHECK_THROWS_WITH(StabilityMetric({}).compute({generated, {}, {}}),
                    ContainsSubstring("stability was not computed"));
}

TEST_CASE("crystals without an energy count as unstable and are named") {
  const testing::TemporaryFolder folder;
  save_lennard_jones(folder / "lj.pt");
  StabilityMetric::Config config;
  config.potential = (folder / "lj.pt").string();
  const std::vector<Sample> generated = {cubic(4.0, 18), {Crystal{}, {}}};
  const auto values = StabilityMetric(config).compute({generated, {}, {}});
  REQUIRE(values.front().name == "relaxation_converged");
  CHECK(values.front().value == Approx(50));
  CHECK_THAT(values.front().note, ContainsSubstring("1 without an energy"));
}

TEST_CASE("a potential that fails fails each time it is asked") {
  const testing::TemporaryFolder folder;
  torch::jit::Module module("Broken");
  module.define(
      "def forward(self, numbers, positions, cell):\n    return torch.matmul(positions, "
      "positions)\n");
  module.save((folder / "broken.pt").string());
  StabilityMetric::Config config;
  config.potential = (folder / "broken.pt").string();
  const StabilityMetric metric(config);
  const std::vector<Sample> generated = {cubic(4.0, 18)};
  CHECK_THROWS_AS(metric.compute({generated, {}, {}}), DataError);
  CHECK_THROWS_AS(metric.compute({generated, {}, {}}), DataError);
}

TEST_CASE("a crystal that the potential fails on costs only itself") {
  const testing::TemporaryFolder folder;
  torch::jit::Module module("Partial");
  module.define(R"(
def forward(self, numbers, positions, cell):
    assert int(numbers.max()) <= 20, "unknown element"
    return (positions * positions).sum() * 0.001
)");
  module.save((folder / "partial.pt").string());
  StabilityMetric::Config config;
  config.potential = (folder / "partial.pt").string();
  config.relax = true;
  config.most_steps = 2;
  const std::vector<Sample> generated = {cubic(4.0, 18), cubic(4.0, 54)};
  const auto values = StabilityMetric(config).compute({generated, {}, {}});
  REQUIRE(values.front().name == "relaxation_converged");
  CHECK(values.front().sample_count == 2);
  CHECK_THAT(values.front().note, ContainsSubstring("1 without an energy"));
  const std::vector<Sample> failing = {cubic(4.0, 54)};
  CHECK_THROWS_WITH(StabilityMetric(config).compute({failing, {}, {}}),
                    ContainsSubstring("no crystal has an energy"));
}

TEST_CASE("a potential that is asked for and is not there stops the evaluation") {
  StabilityMetric::Config config;
  config.potential = "nowhere/potential.pt";
  const std::vector<Sample> generated = {cubic(4.0, 18)};
  CHECK_THROWS_AS(StabilityMetric(config).compute({generated, {}, {}}), ConfigError);
}

TEST_CASE("a crystal that is seen again is not relaxed again") {
  const testing::TemporaryFolder folder;
  save_lennard_jones(folder / "lj.pt");
  StabilityMetric::Config config;
  config.potential = (folder / "lj.pt").string();
  const StabilityMetric metric(config);
  const std::vector<Sample> generated = {cubic(4.0, 18), cubic(3.8, 36)};
  const auto first = figures(metric, {generated, {}, {}});
  std::filesystem::remove(folder / "lj.pt");
  CHECK(figures(metric, {generated, {}, {}}) == first);
}
