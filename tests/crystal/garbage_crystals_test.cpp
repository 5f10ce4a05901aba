// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/crystal/fingerprints/composition_fingerprint.h"
#include "equigen/crystal/fingerprints/site_fingerprint.h"
#include "equigen/crystal/matching/structure_groups.h"
#include "equigen/crystal/validity/validity.h"

using namespace equigen;

namespace {

/// Any magnitude that a sampler gone wrong may write.
double wild(RandomStream& random) {
  static constexpr std::array kOdd{0.0,
                                   -1.0,
                                   1e-300,
                                   1e300,
                                   std::numeric_limits<double>::infinity(),
                                   std::numeric_limits<double>::quiet_NaN(),
                                   1e9,
                                   1e-4};
  const double kind = random.uniform();
  if (kind < 0.05) return kOdd[static_cast<std::size_t>(random.uniform() * kOdd.size())];
  return std::exp(8 * random.normal()) * (random.uniform() < 0.5 ? -1 : 1);
}

Crystal wild_crystal(RandomStream& random) {
  Crystal crystal;
  Matrix3 vectors{};
  const bool is_tame = random.uniform() < 0.5;
  for (auto& row : vectors)
    for (double& entry : row) entry = is_tame ? 5 * random.normal() : wild(random);
  crystal.lattice = Lattice(vectors);
  const auto sites = static_cast<std::size_t>(random.uniform() * 6);
  for (std::size_t i = 0; i < sites; ++i) {
    crystal.atomic_numbers.push_back(
        static_cast<std::uint8_t>(random.uniform() * (random.uniform() < 0.1 ? 256 : 3) + 1));
    Vector3 position{};
    for (double& x : position) x = random.uniform() < 0.9 ? random.uniform() : wild(random);
    if (i > 0 && random.uniform() < 0.1) position = crystal.fractional_coordinates.front();
    crystal.fractional_coordinates.push_back(position);
  }
  return crystal;
}

template <typename Function>
void gracefully(const Function& function) {
  try {
    function();
  } catch (const DataError&) {
    // It says what is wrong.
  }
}

}  // namespace

TEST_CASE("crystals of any numbers are judged or refused", "[crystal]") {
  RandomStream random(17, "garbage crystals");
  std::vector<std::optional<PreparedCrystal>> prepared;
  for (int round = 0; round < 150; ++round) {
    const Crystal crystal = wild_crystal(random);
    gracefully([&] { (void)crystal_verdict(crystal); });
    gracefully([&] { (void)structure_fingerprint(crystal); });
    gracefully([&] { (void)composition_fingerprint(composition(crystal)); });
    prepared.push_back(prepared_crystal(crystal));
  }
  std::vector<const PreparedCrystal*> pointers;
  for (const auto& crystal : prepared) pointers.push_back(crystal ? &*crystal : nullptr);
  const auto groups = group_structures(pointers, kReconstructionTolerances);
  for (std::size_t i = 0; i < groups.size(); ++i)
    CHECK((groups[i] <= i) == prepared[i].has_value());
  for (const PreparedCrystal* crystal : pointers)
    if (crystal) (void)rms_distance(*crystal, *crystal, kReconstructionTolerances);
}
