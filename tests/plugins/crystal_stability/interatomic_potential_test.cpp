// SPDX-License-Identifier: MIT
#include "crystal_stability/interatomic_potential.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "lennard_jones.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::crystal_stability;

namespace {

Crystal skewed() {
  return {.lattice = Lattice::from_parameters({{4.1, 3.8, 5.2}, {81, 95, 101}}),
          .fractional_coordinates = {{0.1, 0.05, 0}, {0.45, .52, .61}},
          .atomic_numbers = {18, 36},
          .name = "pair"};
}

void save(const std::filesystem::path& path, const char* source) {
  torch::jit::Module module("Potential");
  module.define(source);
  module.save(path.string());
}

}  // namespace

TEST_CASE("forces and stress are the derivatives of the energy") {
  const testing::TemporaryFolder folder;
  save_lennard_jones(folder / "lj.pt");
  const InteratomicPotential potential(folder / "lj.pt");
  const Crystal crystal = skewed();
  const EnergyAndForces found = potential.evaluate(crystal);
  constexpr double h = 1e-5;
  for (std::size_t k = 0; k < 3; ++k) {
    const auto energy_at = [&](double by) {
      Crystal moved = crystal;
      Vector3 at = crystal.lattice.to_cartesian(crystal.fractional_coordinates[1]);
      at[k] += by;
      moved.fractional_coordinates[1] = crystal.lattice.to_fractional(at);
      return potential.evaluate(moved).energy;
    };
    CHECK(found.forces[1][k] == Approx(-(energy_at(h) - energy_at(-h)) / (2 * h)).margin(1e-6));
    CHECK(found.forces[0][k] == Approx(-found.forces[1][k]).margin(1e-9));
  }
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      const auto energy_at = [&](double by) {
        Crystal strained = crystal;
        Matrix3 vectors = crystal.lattice.vectors();
        for (Vector3& vector : vectors) vector[k] += by * vector[i];
        strained.lattice = Lattice(vectors);
        return potential.evaluate(strained).energy;
      };
      const double slope = (energy_at(h) - energy_at(-h)) / (2 * h) / crystal.lattice.volume();
      CHECK(found.stress[i][k] == Approx(slope).margin(1e-6));
    }
}

TEST_CASE("a deployed potential gets its neighbours and gives energy, forces and stress") {
  const testing::TemporaryFolder folder;
  torch::jit::Module module("Deployed");
  module.define(R"(
def forward(self, data: Dict[str, Tensor]) -> Dict[str, Tensor]:
    edges = data["edge_index"]
    ends = data["pos"][edges[1]] + torch.matmul(data["edge_cell_shift"], data["cell"])
    squared = ((ends - data["pos"][edges[0]]) ** 2).sum(-1)
    inverse = 6.25 / squared
    energy = (0.2 * (inverse ** 6 - inverse ** 3)).sum() + 0.0 * data["atom_types"].sum()
    return {"total_energy": energy.reshape([1, 1]), "forces": torch.zeros_like(data["pos"]), "stress": torch.zeros([1, 3, 3])}
)");
  module.save((folder / "deployed.pt").string(), {{"r_max", "8.0"}, {"type_names", "Kr Ar"}});
  save_lennard_jones(folder / "lj.pt");
  const double expected = InteratomicPotential(folder / "lj.pt").evaluate(skewed()).energy;
  const InteratomicPotential potential(folder / "deployed.pt");
  CHECK(potential.evaluate(skewed()).energy == Approx(expected).epsilon(1e-9));
  Crystal other = skewed();
  other.atomic_numbers[0] = 1;
  CHECK_THROWS_WITH(potential.evaluate(other), ContainsSubstring("does not know H"));
}

TEST_CASE("what is no potential is refused with the reason") {
  const testing::TemporaryFolder folder;
  CHECK_THROWS_WITH(InteratomicPotential(folder / "none.pt"), ContainsSubstring("none.pt"));
  write_file_atomically(folder / "text.pt", "not a module");
  CHECK_THROWS_WITH(InteratomicPotential(folder / "text.pt"),
                    ContainsSubstring("no TorchScript module"));
  save(folder / "vector.pt",
       "def forward(self, numbers, positions, cell):\n    return positions\n");
  CHECK_THROWS_WITH(InteratomicPotential(folder / "vector.pt").evaluate(skewed()),
                    ContainsSubstring("one number"));
  save(folder / "flat.pt",
       "def forward(self, numbers, positions, cell):\n    return torch.zeros([1])\n");
  CHECK_THROWS_WITH(InteratomicPotential(folder / "flat.pt").evaluate(skewed()),
                    ContainsSubstring("differentiated"));
  save(folder / "fails.pt",
       "def forward(self, numbers, positions, cell):\n    return torch.matmul(positions, "
       "positions)\n");
  CHECK_THROWS_AS(InteratomicPotential(folder / "fails.pt").evaluate(skewed()), DataError);
  save(folder / "nan.pt",
       "def forward(self, numbers, positions, cell):\n    return (positions - positions).sum() / "
       "0.0\n");
  CHECK_THROWS_AS(InteratomicPotential(folder / "nan.pt").evaluate(skewed()), NumericalError);
}
