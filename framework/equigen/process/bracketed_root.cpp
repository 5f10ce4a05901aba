// SPDX-License-Identifier: MIT
#include "equigen/process/bracketed_root.h"

#include <torch/types.h>

#include <limits>

namespace equigen {
namespace {

constexpr double kTolerance = 1e-14;
constexpr int kMostRounds = 200;  // bisection alone needs fewer, from 1e300 down to the tolerance

struct Point {
  at::Tensor x;
  at::Tensor value;
};

Point chosen(const at::Tensor& condition, const Point& yes, const Point& no) {
  return {torch::where(condition, yes.x, no.x), torch::where(condition, yes.value, no.value)};
}

/// Where in [a, b], as a fraction, to look next; c is the point that was replaced last.
at::Tensor next_fraction(const Point& a, const Point& b, const Point& c) {
  const at::Tensor xi = (a.x - b.x) / (c.x - b.x);
  const at::Tensor phi = (a.value - b.value) / (c.value - b.value);
  const at::Tensor monotonic = (phi.square() < xi).logical_and((1 - phi).square() < 1 - xi);
  const at::Tensor interpolated =
      a.value / (b.value - a.value) * c.value / (b.value - c.value) +
      (c.x - a.x) / (b.x - a.x) * a.value / (c.value - a.value) * b.value / (c.value - b.value);
  return torch::where(monotonic, interpolated, torch::full_like(xi, 0.5));
}

}  // namespace

at::Tensor bracketed_root(const std::function<at::Tensor(const at::Tensor&)>& function,
                          const at::Tensor& low, const at::Tensor& high) {
  Point b{low, function(low)}, a{high, function(high)}, c = a;
  const at::Tensor one_sign = (a.value.sign() * b.value.sign()) > 0;
  const at::Tensor nearer_end = chosen(a.value.abs() < b.value.abs(), a, b).x;
  at::Tensor fraction = torch::full_like(low, 0.5);
  at::Tensor best = nearer_end;
  for (int round = 0; round < kMostRounds; ++round) {
    const at::Tensor x = a.x + fraction * (b.x - a.x);
    const Point tried{x, function(x)};
    const at::Tensor same_side = tried.value.sign() == a.value.sign();
    c = chosen(same_side, a, b);
    b = chosen(same_side, b, a);
    a = tried;
    const Point closer = chosen(a.value.abs() < b.value.abs(), a, b);
    best = closer.x;
    const at::Tensor limit =
        (kTolerance * best.abs() + std::numeric_limits<double>::min()) / (b.x - a.x).abs();
    const at::Tensor done = (limit > 0.5).logical_or(closer.value == 0).logical_or(one_sign);
    if (done.all().item<bool>()) break;
    const at::Tensor margin = limit.clamp_max(0.5);
    fraction = torch::minimum(torch::maximum(next_fraction(a, b, c), margin), 1 - margin);
  }
  return torch::where(one_sign, nearer_end, best);
}

}  // namespace equigen
