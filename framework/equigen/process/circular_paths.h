// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>

namespace equigen {

/// The sum of observations y_j of an angle as vectors of length alpha_j: its direction is the mean
/// of the belief, its length the concentration.
struct Resultant {
  at::Tensor cosine;  ///< sum of alpha_j cos y_j, of the shape of the data
  at::Tensor sine;    ///< sum of alpha_j sin y_j
};

/// The resultant of observations [k, R, C] (angles) with the first k of `accuracies`; [R, C], in
/// the type of the observations, added up in double. Zero for k = 0.
Resultant sum_of_observations(const at::Tensor& observations, const at::Tensor& accuracies);

/// What a network is told of the length of a resultant: 0 for the prior, about 1 at the end,
/// (log(length + 1e-7) - log 1e-7) / (log final_concentration - log 1e-7).
at::Tensor normalised_log_accuracy(const Resultant& resultant, double final_concentration);

/// A pool of paths of partial sums, from which beliefs after k observations are put together.
///
/// Observations of data x are those of data 0 turned by x, and independent of each other. So paths
/// drawn once, at 0, serve every angle: a draw takes the steps 1..k from kSegments stretches of
/// independently chosen paths, mirrors each stretch or not, and turns the sum by the data. Every
/// draw has exactly the distribution of fresh observations; two draws depend on each other only
/// where they share a path, which among count^kSegments choices is rare for long prefixes. The
/// stretches end at N/8, N/4, N/2 and N.
class CircularPaths {
 public:
  static constexpr std::int64_t kSegments = 4;

  /// Draws `count` paths over the N steps of `accuracies` [N]; they depend on `key` alone, not on
  /// the number of threads or the device. Throws ConfigError for count < 1 or accuracies that are
  /// no row of finite numbers.
  CircularPaths(const at::Tensor& accuracies, std::int64_t count, std::uint64_t key,
                at::Device device);

  /// Draws the paths [first, first + count) anew; they depend on `key` and their number alone.
  void redraw(std::int64_t first, std::int64_t count, std::uint64_t key);

  std::int64_t count() const { return count_; }
  std::int64_t steps() const { return steps_; }

  /// The resultant of the first `observations` [R] (int64, 0..N) observations of `data` [R, C]
  /// (angles), chosen by `uniforms` [R, C, kSegments + 1] in [0, 1): a path for each stretch, then
  /// what to mirror. All on the device of the pool; in the type of the data.
  Resultant draw(const at::Tensor& data, const at::Tensor& observations,
                 const at::Tensor& uniforms) const;

  /// Observation number `index`, 1 to N, alone: angles like `data`, chosen by `uniforms` [R, C, 2]:
  /// a path, and whether to mirror it.
  at::Tensor observe(const at::Tensor& data, std::int64_t index, const at::Tensor& uniforms) const;

 private:
  std::int64_t count_;
  std::int64_t steps_;
  at::Tensor accuracies_;  ///< [N]
  at::Tensor sums_;        ///< [count (N + 1), 2] float32: cosine and sine after 0..N observations
  at::Tensor begins_;      ///< [kSegments] int64
  at::Tensor ends_;        ///< [kSegments] int64
  at::Tensor bits_;        ///< [kSegments] int64: 1, 2, 4, ...
};

/// What CircularPaths::draw is tested against: draws each of the observations of each coordinate,
/// on the CPU. data [R, C], observations [R], accuracies [N]; in the type and on the device of the
/// data. Throws DataError for a number of observations outside 0..N.
Resultant simulate(const at::Tensor& data, const at::Tensor& observations,
                   const at::Tensor& accuracies, std::uint64_t key);

}  // namespace equigen
