// SPDX-License-Identifier: MIT
#include "equigen/report/distributions.h"

#include <cmath>
#include <numeric>

#include "catch.h"
#include "equigen/crystal/crystal.h"
#include "equigen/molecule/smiles.h"

using namespace equigen;
using namespace equigen::report;

namespace {

const Distribution& find(const std::vector<Distribution>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Distribution& item) { return item.name == name; });
  REQUIRE(found != all.end());
  return *found;
}

double sum(const std::vector<double>& shares) {
  return std::accumulate(shares.begin(), shares.end(), 0.0);
}

}  // namespace

TEST_CASE("distributions of graphs count what they name") {
  const Graph triangle{3, {{0, 1}, {0, 2}, {1, 2}}};
  const Graph pair_and_one{3, {{0, 1}}};
  const std::vector<Sample> generated = {{triangle, {}}};
  const std::vector<Sample> reference = {{triangle, {}}, {pair_and_one, {}}};
  const auto all = compare_distributions(generated, reference);
  CHECK(find(all, "nodes").overlap() == Approx(1));
  CHECK(find(all, "edges").classes == std::vector<std::string>{"1", "2", "3"});
  CHECK(find(all, "edges").reference == std::vector<double>{0.5, 0, 0.5});
  CHECK(find(all, "edges").overlap() == Approx(0.5));
  CHECK(find(all, "degree").generated_mean == Approx(2));
  CHECK(find(all, "clustering").generated.back() == Approx(1));
  CHECK(find(all, "components").reference_mean == Approx(1.5));
}

TEST_CASE("distributions of molecules count elements, bonds and rings") {
  const std::vector<Sample> generated = {{parse_smiles("C1CC1O"), {}}, {Molecule{}, {}}};
  const std::vector<Sample> reference = {{parse_smiles("CC=O"), {}}};
  const auto all = compare_distributions(generated, reference);
  CHECK(find(all, "heavy_atoms").generated_mean == Approx(4));
  CHECK(find(all, "elements").classes == std::vector<std::string>{"C", "O"});
  CHECK(find(all, "elements").generated[0] == Approx(0.75));
  CHECK(find(all, "bond_orders").reference == std::vector<double>{0.5, 0.5});
  CHECK(find(all, "rings").generated_mean == Approx(1));
  CHECK(find(all, "rings").overlap() == Approx(0));
}

TEST_CASE("distributions of crystals are of the reduced primitive cells, with space groups") {
  const double h = 2.8;
  const Crystal salt{.lattice = Lattice({Vector3{0, h, h}, Vector3{h, 0, h}, Vector3{h, h, 0}}),
                     .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}},
                     .atomic_numbers = {11, 17},
                     .name = {}};
  const std::vector<Sample> generated = {{supercell(salt, {2, 2, 1}), {}}, {Crystal{}, {}}};
  const std::vector<Sample> reference = {{salt, {}}};
  const auto all = compare_distributions(generated, reference);
  CHECK(find(all, "atoms").generated_mean == Approx(2));
  for (const char* name : {"atoms", "space_groups", "lengths", "angles", "density"})
    CHECK(find(all, name).overlap() == Approx(1));
  REQUIRE(find(all, "space_groups").classes.size() == 1);
  CHECK(find(all, "space_groups").classes[0] == "F m -3 m (225)");
}

TEST_CASE("wide ranges are put into classes of equal width that lose nothing") {
  std::vector<Sample> samples;
  for (std::int32_t n = 1; n <= 4000; n += 7) samples.push_back({Graph{n, {}}, {}});
  const auto all = compare_distributions(samples, samples);
  const Distribution& nodes = find(all, "nodes");
  CHECK(nodes.classes.empty());
  CHECK(nodes.edges.size() <= 28);
  CHECK(sum(nodes.generated) == Approx(1));
  CHECK(nodes.overlap() == Approx(1));
}

TEST_CASE("empty sets give no shares") {
  CHECK(compare_distributions({}, {}).empty());
  const std::vector<Sample> one = {{Graph{2, {{0, 1}}}, {}}};
  for (const Distribution& item : compare_distributions(one, {})) {
    CHECK(item.reference.empty());
    CHECK(std::isnan(item.overlap()));
  }
  const std::vector<Sample> nothing = {{Graph{}, {}}};
  CHECK(compare_distributions(nothing, nothing).size() == 5);
}
