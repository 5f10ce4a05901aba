// SPDX-License-Identifier: MIT
#include "equigen/crystal/matching/structure_matching.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "equigen/base/error.h"
#include "equigen/crystal/lattice_reduction.h"
#include "equigen/crystal/matching/lattice_mappings.h"
#include "equigen/crystal/matching/optimal_assignment.h"
#include "equigen/crystal/matching/primitive_cell.h"
#include "equigen/crystal/minimum_image.h"

namespace equigen {
namespace {

// Lattice vectors that a match would have to try: longer and thinner cells are refused.
constexpr double kMostLatticeVectors = 300'000;
constexpr std::size_t kMostSites = 10'000;  // finding the primitive cell takes n² steps
constexpr double kExactMatch = 1e-5;        // below it the reference looks no further

enum class Goal { smallest_rms, any_fit };

Vector3 moved_to(const Vector3& f, const IntegerMatrix3& to) {
  Vector3 result{};
  for (std::size_t i = 0; i < 3; ++i)
    result[i] = f[0] * to[0][i] + f[1] * to[1][i] + f[2] * to[2][i];
  return result;
}

bool within(const Vector3& a, const Vector3& b, const Vector3& tolerance) {
  for (std::size_t i = 0; i < 3; ++i)
    if (std::abs(nearest_image(a[i] - b[i])) > tolerance[i]) return false;
  return true;
}

Lattice average_lattice(const LatticeMapping& mapping, const LatticeParameters& target) {
  LatticeParameters mean;
  for (std::size_t i = 0; i < 3; ++i) {
    const double angle = std::acos(mapping.cosines[i]) * 180.0 / std::numbers::pi;
    mean.lengths[i] = (mapping.lengths[i] + target.lengths[i]) / 2;
    mean.angles[i] = (angle + target.angles[i]) / 2;
  }
  return Lattice::from_parameters(mean);
}

/// Matches one pair; keeps its memory over the lattices and shifts that it tries.
class PairMatch {
 public:
  PairMatch(const PreparedCrystal& a, const PreparedCrystal& b, const MatchTolerances& tolerances,
            Goal goal)
      : a_(a), b_(b), tolerances_(tolerances), goal_(goal), n_(a.positions().size()) {
    a_fractional_.resize(n_);
    b_fractional_.resize(n_);
    a_reduced_.resize(n_);
    a_cartesian_.resize(n_);
    chosen_.resize(n_);
  }

  std::optional<MatchDistance> find() {
    const double ratio = std::pow(b_.volume() / a_.volume(), 1.0 / 6.0);
    const Matrix3 vectors = scaled(a_.reduced().lattice.vectors(), ratio);
    LatticeParameters target = b_.parameters();
    for (double& length : target.lengths) length /= ratio;
    for (const LatticeMapping& mapping :
         lattice_mappings(vectors, target, tolerances_.ltol, tolerances_.angle_tol))
      if (try_lattice(mapping, target)) break;
    if (best_value_ < tolerances_.stol) return best_;
    return std::nullopt;
  }

 private:
  /// True when the search may stop.
  bool try_lattice(const LatticeMapping& mapping, const LatticeParameters& target) {
    const IntegerMatrix3 back = inverse(mapping.transformation);
    for (std::size_t site = 0; site < n_; ++site)
      a_fractional_[site] = wrapped(moved_to(a_.positions()[site], back));
    const Lattice average = average_lattice(mapping, target);
    const double volume = average.volume();
    if (!(volume > 0)) return false;
    normalization_ = std::cbrt(static_cast<double>(n_) / volume);
    const double reach = 2 * tolerances_.stol / normalization_;
    const Vector3 tolerance = scaled(average.reciprocal_lengths(), reach);
    const auto& anchor = b_.blocks()[b_.anchor_block()];
    std::optional<MinimumImages> images;
    for (std::size_t partner = 0; partner < anchor.count; ++partner) {
      const Vector3 shift =
          difference(a_fractional_[anchor.first + partner], b_.positions()[anchor.first]);
      for (std::size_t site = 0; site < n_; ++site)
        b_fractional_[site] = sum(b_.positions()[site], shift);
      if (!every_site_has_a_partner(tolerance)) continue;
      if (!images) {
        images.emplace(average);
        place_a(*images);
      }
      if (try_shift(*images, scaled(images->reciprocal_lengths(), reach))) return true;
    }
    return false;
  }

  [[nodiscard]] bool every_site_has_a_partner(const Vector3& tolerance) const {
    for (const auto& block : b_.blocks())
      for (std::size_t i = block.first; i < block.first + block.count; ++i) {
        bool found = false;
        for (std::size_t j = block.first; j < block.first + block.count && !found; ++j)
          found = within(a_fractional_[j], b_fractional_[i], tolerance);
        if (!found) return false;
      }
    return true;
  }

  void place_a(const MinimumImages& images) {
    for (std::size_t site = 0; site < n_; ++site) {
      a_reduced_[site] = images.reduced_fractional(a_fractional_[site]);
      a_cartesian_[site] = images.cartesian(a_reduced_[site]);
    }
  }

  bool try_shift(const MinimumImages& images, const Vector3& tolerance) {
    for (const auto& block : b_.blocks())
      if (!assign_block(block, images, tolerance)) return false;
    Vector3 mean{};
    for (const Vector3& vector : chosen_) mean = sum(mean, vector);
    mean = scaled(mean, 1.0 / static_cast<double>(n_));
    double total = 0, largest = 0;
    for (const Vector3& vector : chosen_) {
      const double square = squared_length(difference(vector, mean));
      total += square;
      largest = std::max(largest, square);
    }
    const MatchDistance distance{.rms = normalization_ * std::sqrt(total / static_cast<double>(n_)),
                                 .largest = normalization_ * std::sqrt(largest)};
    const double value = goal_ == Goal::any_fit ? distance.largest : distance.rms;
    if (value < best_value_) {
      best_value_ = value;
      best_ = distance;
    }
    return value < tolerances_.stol && (goal_ == Goal::any_fit || value < kExactMatch);
  }

  /// Chooses for each site of B in the block the vector to its site of A.
  bool assign_block(const PreparedCrystal::Block& block, const MinimumImages& images,
                    const Vector3& tolerance) {
    const std::size_t m = block.count;
    vectors_.resize(m * m);
    costs_.assign(m * m, OptimalAssignment::kForbidden);
    columns_.resize(m);
    for (std::size_t i = 0; i < m; ++i) {
      const Vector3 from = images.reduced_fractional(b_fractional_[block.first + i]);
      const Vector3 from_cartesian = images.cartesian(from);
      bool any = false;
      for (std::size_t j = 0; j < m; ++j) {
        if (!within(a_reduced_[block.first + j], from, tolerance)) continue;
        any = true;
        Vector3& vector = vectors_[i * m + j];
        vector = images.shortest_image(difference(a_cartesian_[block.first + j], from_cartesian));
        costs_[i * m + j] = squared_length(vector);
      }
      if (!any) return false;
    }
    if (!assignment_.solve(costs_, columns_)) return false;
    for (std::size_t i = 0; i < m; ++i) chosen_[block.first + i] = vectors_[i * m + columns_[i]];
    return true;
  }

  const PreparedCrystal& a_;
  const PreparedCrystal& b_;
  const MatchTolerances& tolerances_;
  Goal goal_;
  std::size_t n_;
  double normalization_ = 1;
  std::vector<Vector3> a_fractional_, b_fractional_;  // in the mapped cell, by block
  std::vector<Vector3> a_reduced_, a_cartesian_;      // in the LLL cell of the average lattice
  std::vector<Vector3> vectors_, chosen_;
  std::vector<double> costs_;
  std::vector<std::size_t> columns_;
  OptimalAssignment assignment_;
  MatchDistance best_;
  double best_value_ = std::numeric_limits<double>::infinity();
};

void require_compact(const Lattice& lattice) {
  const double reach = 1.5 * std::ranges::max(lattice.parameters().lengths);
  double vectors = 1;
  for (const double reciprocal : lattice.reciprocal_lengths())
    vectors *= 2 * reach * reciprocal + 1;
  if (!(vectors <= kMostLatticeVectors))
    throw DataError("crystal.long-cell", "the cell is too long and thin to be matched");
}

}  // namespace

PreparedCrystal::PreparedCrystal(const Crystal& crystal) {
  if (crystal.size() == 0)
    throw DataError("crystal.no-sites", "a crystal without sites cannot be matched");
  if (crystal.size() > kMostSites)
    throw DataError("crystal.too-large",
                    fmt::format("a cell of more than {} atoms cannot be matched", kMostSites));
  reduced_ = primitive_cell(niggli_reduced(crystal));
  require_compact(reduced_.lattice);
  composition_ = equigen::reduced(composition(reduced_));
  parameters_ = reduced_.lattice.parameters();
  volume_ = reduced_.lattice.volume();
  std::vector<std::size_t> first_site;
  for (const auto& [atomic_number, count] : composition(reduced_)) {
    blocks_.push_back({.atomic_number = atomic_number,
                       .first = positions_.size(),
                       .count = static_cast<std::size_t>(count)});
    first_site.push_back(reduced_.size());
    for (std::size_t site = 0; site < reduced_.size(); ++site) {
      if (reduced_.atomic_numbers[site] != atomic_number) continue;
      first_site.back() = std::min(first_site.back(), site);
      positions_.push_back(reduced_.fractional_coordinates[site]);
    }
  }
  for (std::size_t i = 1; i < blocks_.size(); ++i) {
    const auto rank = [&](std::size_t block) {
      return std::pair(blocks_[block].count, first_site[block]);
    };
    if (rank(i) < rank(anchor_block_)) anchor_block_ = i;
  }
}

bool fit(const PreparedCrystal& a, const PreparedCrystal& b, const MatchTolerances& tolerances) {
  // Equal blocks imply equal compositions.
  return a.blocks() == b.blocks() && PairMatch(a, b, tolerances, Goal::any_fit).find().has_value();
}

std::optional<MatchDistance> rms_distance(const PreparedCrystal& a, const PreparedCrystal& b,
                                          const MatchTolerances& tolerances) {
  if (a.blocks() != b.blocks()) return std::nullopt;
  return PairMatch(a, b, tolerances, Goal::smallest_rms).find();
}

}  // namespace equigen
