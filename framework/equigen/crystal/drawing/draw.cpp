// SPDX-License-Identifier: MIT
#include "equigen/crystal/drawing/draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "equigen/base/error.h"
#include "equigen/crystal/drawing/scene.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

constexpr double kMargin = 4;  // pixels

constexpr std::array<std::uint32_t, kLargestAtomicNumber> kColours{
    0xFFFFFF, 0xD9FFFF, 0xCC80FF, 0xC2FF00, 0xFFB5B5, 0x909090, 0x3050F8, 0xFF0D0D, 0x90E050,
    0xB3E3F5, 0xAB5CF2, 0x8AFF00, 0xBFA6A6, 0xF0C8A0, 0xFF8000, 0xFFFF30, 0x1FF01F, 0x80D1E3,
    0x8F40D4, 0x3DFF00, 0xE6E6E6, 0xBFC2C7, 0xA6A6AB, 0x8A99C7, 0x9C7AC7, 0xE06633, 0xF090A0,
    0x50D050, 0xC88033, 0x7D80B0, 0xC28F8F, 0x668F8F, 0xBD80E3, 0xFFA100, 0xA62929, 0x5CB8D1,
    0x702EB0, 0x00FF00, 0x94FFFF, 0x94E0E0, 0x73C2C9, 0x54B5B5, 0x3B9E9E, 0x248F8F, 0x0A7D8C,
    0x006985, 0xC0C0C0, 0xFFD98F, 0xA67573, 0x668080, 0x9E63B5, 0xD47A00, 0x940094, 0x429EB0,
    0x57178F, 0x00C900, 0x70D4FF, 0xFFFFC7, 0xD9FFC7, 0xC7FFC7, 0xA3FFC7, 0x8FFFC7, 0x61FFC7,
    0x45FFC7, 0x30FFC7, 0x1FFFC7, 0x00FF9C, 0x00E675, 0x00D452, 0x00BF38, 0x00AB24, 0x4DC2FF,
    0x4DA6FF, 0x2194D6, 0x267DAB, 0x266696, 0x175487, 0xD0D0E0, 0xFFD123, 0xB8B8D0, 0xA6544D,
    0x575961, 0x9E4FB5, 0xAB5C00, 0x754F45, 0x428296, 0x420066, 0x007D00, 0x70ABFA, 0x00BAFF,
    0x00A1FF, 0x008FFF, 0x0080FF, 0x006BFF, 0x545CF2, 0x785CE3, 0x8A4FE3, 0xA136D4, 0xB31FD4,
    0xB31FBA, 0xB30DA6, 0xBD0D87, 0xC70066};

/// Right, up and towards the eye.
Matrix3 view_of(const Lattice& lattice, double turn) {
  const auto unit = [](const Vector3& v) {
    const double length = norm(v);
    return Vector3{v[0] / length, v[1] / length, v[2] / length};
  };
  const auto& [a, b, c] = lattice.vectors();
  const Vector3 up = unit(c);
  const Vector3 towards = unit(cross(a, c));
  const Vector3 right = unit(cross(up, towards));
  // Turned a little to the side and from above, so that no edge hides another.
  constexpr double kTilt = 0.22;
  const auto mix = [](const Vector3& u, double s, const Vector3& v, double t) {
    return Vector3{u[0] * s + v[0] * t, u[1] * s + v[1] * t, u[2] * s + v[2] * t};
  };
  const Vector3 turned_right = mix(right, std::cos(turn), towards, std::sin(turn));
  const Vector3 turned = mix(towards, std::cos(turn), right, -std::sin(turn));
  return {turned_right, mix(up, std::cos(kTilt), turned, -std::sin(kTilt)),
          mix(turned, std::cos(kTilt), up, std::sin(kTilt))};
}

/// The smallest of the cell's faces as it is seen, as a share of the cell's size.
double least_face(const Lattice& lattice, const Matrix3& view) {
  double least = 1e300;
  for (std::size_t i = 0; i < 3; ++i) {
    const Vector3& a = lattice.vectors()[i];
    const Vector3& b = lattice.vectors()[(i + 1) % 3];
    least = std::min(
        least, std::abs(dot(view[0], a) * dot(view[1], b) - dot(view[1], a) * dot(view[0], b)));
  }
  return least / std::pow(lattice.volume(), 2.0 / 3);
}

/// The first of some views that shows no face from its edge, else the best of them.
Matrix3 clear_view_of(const Lattice& lattice) {
  constexpr double kClear = 0.2;
  Matrix3 best = view_of(lattice, 0.32);
  for (const double turn : {0.5, -0.32, 0.7, -0.5, 0.9, -0.7, 1.1}) {
    if (least_face(lattice, best) > kClear) break;
    const Matrix3 view = view_of(lattice, turn);
    if (least_face(lattice, view) > least_face(lattice, best)) best = view;
  }
  return best;
}

class Drawing {
 public:
  explicit Drawing(const Crystal& crystal)
      : lattice_(crystal.lattice), view_(clear_view_of(crystal.lattice)) {
    balls_ = scene_of(crystal).balls;
    for (Ball& ball : balls_) ball.at = seen_at(ball.at);
    std::ranges::stable_sort(balls_, {}, [](const Ball& ball) { return ball.at[2]; });
  }

  std::string svg(int width, int height) {
    fit(width, height);
    // Far edges first: they pass behind the atoms.
    std::string body = edges(true);
    for (const Ball& ball : balls_) body += circle(ball);
    return body + edges(false);
  }

 private:
  using Ball = CrystalScene::Ball;

  Vector3 seen_at(const Vector3& at) const {
    return {dot(view_[0], at), dot(view_[1], at), dot(view_[2], at)};
  }
  Vector3 seen(const Vector3& fractional) const {
    return seen_at(lattice_.to_cartesian(fractional));
  }

  void fit(int width, int height) {
    double low[2] = {1e300, 1e300}, high[2] = {-1e300, -1e300};
    const auto cover = [&](const Vector3& at, double radius) {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        low[axis] = std::min(low[axis], at[axis] - radius);
        high[axis] = std::max(high[axis], at[axis] + radius);
      }
    };
    for (int corner = 0; corner < 8; ++corner) cover(corner_at(corner), 0);
    for (const Ball& ball : balls_) cover(ball.at, ball.radius);
    scale_ = std::min((width - 2 * kMargin) / (high[0] - low[0]),
                      (height - 2 * kMargin) / (high[1] - low[1]));
    origin_[0] = width / 2.0 - scale_ * (low[0] + high[0]) / 2;
    origin_[1] = height / 2.0 + scale_ * (low[1] + high[1]) / 2;
  }

  Vector3 corner_at(int corner) const {
    return seen({static_cast<double>(corner & 1), static_cast<double>(corner >> 1 & 1),
                 static_cast<double>(corner >> 2 & 1)});
  }

  /// The three edges at the farthest corner, or the nine others.
  std::string edges(bool far) const {
    int farthest = 0;
    for (int corner = 1; corner < 8; ++corner)
      if (corner_at(corner)[2] < corner_at(farthest)[2]) farthest = corner;
    std::string lines;
    for (int corner = 0; corner < 8; ++corner)
      for (int axis = 1; axis < 8; axis *= 2) {
        const int other = corner | axis;
        if (other == corner || (corner == farthest || other == farthest) != far) continue;
        const Vector3 from = corner_at(corner), to = corner_at(other);
        lines += fmt::format("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>", x(from), y(from), x(to),
                             y(to));
      }
    return fmt::format("<g stroke=\"currentColor\" stroke-opacity=\"{}\" fill=\"none\">{}</g>",
                       far ? 0.35 : 0.6, lines);
  }

  std::string circle(const Ball& ball) const {
    const double r = std::max(scale_ * ball.radius, 0.8);
    return fmt::format(
        "<circle cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"{2:.1f}\" fill=\"{3}\" stroke=\"#333\" "
        "stroke-width=\"0.6\"/><circle cx=\"{4:.1f}\" cy=\"{5:.1f}\" r=\"{6:.1f}\" fill=\"#fff\" "
        "fill-opacity=\"0.45\"/>",
        x(ball.at), y(ball.at), r, element_colour(ball.atomic_number), x(ball.at) - 0.32 * r,
        y(ball.at) - 0.32 * r, 0.36 * r);
  }

  double x(const Vector3& at) const { return origin_[0] + scale_ * at[0]; }
  double y(const Vector3& at) const { return origin_[1] - scale_ * at[1]; }

  const Lattice& lattice_;
  Matrix3 view_;
  std::vector<Ball> balls_;
  double scale_ = 1;
  double origin_[2] = {0, 0};
};

void require_size(int width, int height) {
  if (width < 1 || height < 1)
    throw DataError("drawing-size",
                    fmt::format("cannot draw a crystal on {} x {} pixels", width, height));
}

}  // namespace

std::string element_colour(int atomic_number) {
  if (atomic_number < 1 || atomic_number > kLargestAtomicNumber) return "#808080";
  return fmt::format("#{:06x}", kColours[static_cast<std::size_t>(atomic_number - 1)]);
}

std::string draw_svg(const Crystal& crystal, int width, int height) {
  require_size(width, height);
  const std::string name = formula(composition(crystal));
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
      "{1}\" role=\"img\" aria-label=\"unit cell of {2}\">{3}</svg>\n",
      width, height, name, Drawing(crystal).svg(width, height));
}

}  // namespace equigen
