// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "equigen/crystal/lattice.h"

namespace equigen {

/// The kinds of local structure order parameters (Zimmermann and Jain, RSC Adv. 10 (2020) 6063).
enum class OrderParameterKind {
  single_bond,  ///< 1
  bent,
  tetrahedral,  ///< also trigonal planar
  pyramid,
  bipyramid,  ///< also square planar and octahedral
  see_saw,
  hexagonal_planar,
  pentagonal_planar,
  body_centred_cubic,
  cuboctahedral,
  q2,  ///< Steinhardt
  q4,
  q6,
};

/// The constants of a motif. Angles in units of π where the paper divides by it.
struct OrderParameter {
  OrderParameterKind kind = OrderParameterKind::single_bond;
  double target_angle = 0;   ///< TA, θ/π
  double inverse_width = 0;  ///< IGW: 1/width of the Gaussian in θ/π
  double fold = 1;           ///< f in cos²(fφ)
  double south = 0;          ///< radian: from here on a neighbour counts as opposite ("south pole")
  double south_width = 0;    ///< inverse width of the Gaussian at the south pole
  double equator_width = 0;  ///< inverse width of the Gaussian at the equator
  double weight = 1;         ///< of the south pole

  bool operator==(const OrderParameter&) const = default;
};

/// `as_published`: `body_centred_cubic` looks at each pair of neighbours from the one that comes
/// first, so that its value depends on their order, which is arbitrary where weights tie.
/// `independent`: from both, and averages.
enum class NeighbourOrder { as_published, independent };

/// Directions of a site's neighbours with the angles that all order parameters share.
class NeighbourDirections {
 public:
  /// `vectors`: from the site to its neighbours, not zero.
  explicit NeighbourDirections(std::span<const Vector3> vectors);

  /// Value in [0, 1]; 0 where it is not defined (fewer than two neighbours).
  [[nodiscard]] double value(const OrderParameter& parameter,
                             NeighbourOrder order = NeighbourOrder::as_published) const;

 private:
  template <typename PairTerm, typename TripleTerm>
  [[nodiscard]] double best_pair(const PairTerm& pair_term, const TripleTerm& triple_term) const;
  [[nodiscard]] double bent(const OrderParameter& p) const;
  [[nodiscard]] double tetrahedral(const OrderParameter& p) const;
  [[nodiscard]] double bipyramid(const OrderParameter& p) const;
  [[nodiscard]] double pentagonal_planar(const OrderParameter& p) const;
  [[nodiscard]] double cuboctahedral(const OrderParameter& p) const;
  [[nodiscard]] double body_centred_cubic(const OrderParameter& p, NeighbourOrder order) const;
  [[nodiscard]] double steinhardt(int degree) const;
  template <typename Function>
  [[nodiscard]] std::vector<double> of_angles(const Function& function) const;
  [[nodiscard]] double cosine_of_phi(std::size_t jk, std::size_t jm) const;

  // [n, n], entry (j, k) at j·n + k:
  std::size_t n_;
  std::vector<double> cosine_;
  std::vector<double> theta_;    // radian
  std::vector<Vector3> across_;  // unit part of k perpendicular to j
  std::vector<char> off_axis_;   // the part above exists
};

}  // namespace equigen
