// SPDX-License-Identifier: MIT
#include "equigen/crystal/fingerprints/convex_cell.h"

#include <algorithm>
#include <cmath>

#include "equigen/crystal/matrix3.h"

namespace equigen {
namespace {

// Vertices this near to a plane lie on it, relative to its distance: a sliver below it has no
// weight.
constexpr double kOnPlane = 1e-11;
constexpr double kSamePoint = 1e-20;  // squared, Å²

/// Grows with the angle of (x, y), from 0 to 4.
double angle_rank(double x, double y) {
  const double part = y / (std::abs(x) + std::abs(y));
  if (x < 0) return 2 - part;
  return y < 0 ? 4 + part : part;
}

}  // namespace

void ConvexCell::reset(double half_size) {
  faces_.clear();
  const double h = half_size;
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const double side : {-h, h}) {
      Face face;
      for (const auto& [u, v] : {std::pair(-h, -h), {h, -h}, {h, h}, {-h, h}}) {
        Vector3 corner{};
        corner[axis] = side;
        corner[(axis + 1) % 3] = u;
        corner[(axis + 2) % 3] = v;
        face.vertices.push_back(corner);
      }
      faces_.push_back(std::move(face));
    }
  squared_radius_ = 3 * h * h;
}

double ConvexCell::radius() const {
  return std::sqrt(squared_radius_);
}

bool ConvexCell::bounded() const {
  return std::ranges::none_of(faces_, [](const Face& face) { return face.plane == kBoundary; });
}

ConvexCell::Face ConvexCell::empty_face(int plane) {
  Face face;
  if (!spare_.empty()) {
    face = std::move(spare_.back());
    spare_.pop_back();
    face.vertices.clear();
  }
  face.plane = plane;
  return face;
}

void ConvexCell::clip(const Face& face, const Vector3& normal, double offset) {
  Face left = empty_face(face.plane);
  const double tolerance = kOnPlane * offset;
  Vector3 from = face.vertices.back();
  double from_height = dot(from, normal) - offset;
  for (const Vector3& to : face.vertices) {
    const double to_height = dot(to, normal) - offset;
    const bool crosses = (from_height < -tolerance && to_height > tolerance) ||
                         (from_height > tolerance && to_height < -tolerance);
    if (crosses) {
      // Always from the inner to the outer end, so that both faces of an edge get the same point.
      const bool outwards = from_height < 0;
      const Vector3& inner = outwards ? from : to;
      const Vector3& outer = outwards ? to : from;
      const double inner_height = outwards ? from_height : to_height;
      const double outer_height = outwards ? to_height : from_height;
      const Vector3 point = sum(
          inner, scaled(difference(outer, inner), inner_height / (inner_height - outer_height)));
      left.vertices.push_back(point);
      section_.push_back(point);
    }
    if (to_height <= tolerance) {
      left.vertices.push_back(to);
      if (to_height >= -tolerance) section_.push_back(to);
    }
    from = to;
    from_height = to_height;
  }
  (left.vertices.size() >= 3 ? clipped_ : spare_).push_back(std::move(left));
}

void ConvexCell::close(const Vector3& normal, int plane) {
  Vector3 centre{};
  for (const Vector3& point : section_) centre = sum(centre, point);
  centre = scaled(centre, 1.0 / static_cast<double>(section_.size()));
  const std::size_t smallest = static_cast<std::size_t>(
      std::ranges::min_element(normal, {}, [](double x) { return std::abs(x); }) - normal.begin());
  Vector3 axis{};
  axis[smallest] = 1;
  Vector3 u = cross(normal, axis);
  u = scaled(u, 1.0 / norm(u));
  const Vector3 v = scaled(cross(normal, u), 1.0 / norm(normal));
  around_.clear();
  for (const Vector3& point : section_) {
    const Vector3 arm = difference(point, centre);
    const double x = dot(arm, u), y = dot(arm, v);
    if (x * x + y * y > 0) around_.emplace_back(angle_rank(x, y), point);
  }
  std::ranges::sort(around_, {}, [](const auto& entry) { return entry.first; });
  Face face = empty_face(plane);
  for (const auto& [rank, point] : around_)
    if (face.vertices.empty() ||
        squared_length(difference(point, face.vertices.back())) > kSamePoint)
      face.vertices.push_back(point);
  while (face.vertices.size() > 1 &&
         squared_length(difference(face.vertices.front(), face.vertices.back())) <= kSamePoint)
    face.vertices.pop_back();
  if (face.vertices.size() >= 3) clipped_.push_back(std::move(face));
}

void ConvexCell::measure() {
  squared_radius_ = 0;
  for (const Face& face : faces_)
    for (const Vector3& vertex : face.vertices)
      squared_radius_ = std::max(squared_radius_, squared_length(vertex));
}

void ConvexCell::cut(const Vector3& point, int plane) {
  const double offset = squared_length(point) / 2;
  highest_.clear();
  double highest = 0;
  for (const Face& face : faces_) {
    double of_face = 0;
    for (const Vector3& vertex : face.vertices) of_face = std::max(of_face, dot(vertex, point));
    highest_.push_back(of_face);
    highest = std::max(highest, of_face);
  }
  if (highest <= offset * (1 + kOnPlane)) return;
  section_.clear();
  clipped_.clear();
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    if (highest_[i] < offset * (1 - kOnPlane)) {
      clipped_.push_back(std::move(faces_[i]));
      continue;
    }
    clip(faces_[i], point, offset);
    spare_.push_back(std::move(faces_[i]));
  }
  if (section_.size() >= 3) close(point, plane);
  faces_.swap(clipped_);
  measure();
}

}  // namespace equigen
