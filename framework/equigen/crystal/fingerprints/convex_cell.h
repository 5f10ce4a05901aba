// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "equigen/crystal/lattice.h"

namespace equigen {

/// A convex polyhedron around the origin that is cut by planes: the Voronoi cell of a point, when
/// the planes are the bisectors to its neighbours.
class ConvexCell {
 public:
  static constexpr int kBoundary = -1;  ///< the plane of a face of the starting cube

  struct Face {
    int plane = kBoundary;
    std::vector<Vector3> vertices;  ///< in order around the face
  };

  /// Starts again with a cube from -half_size to +half_size.
  void reset(double half_size);

  /// Keeps what is nearer to the origin than to `point`. `plane` names the new face.
  void cut(const Vector3& point, int plane);

  [[nodiscard]] const std::vector<Face>& faces() const { return faces_; }
  /// Distance of the farthest vertex from the origin.
  [[nodiscard]] double radius() const;
  /// False while a part of the starting cube's surface is left.
  [[nodiscard]] bool bounded() const;

 private:
  void clip(const Face& face, const Vector3& normal, double offset);
  Face empty_face(int plane);
  void close(const Vector3& normal, int plane);
  void measure();

  std::vector<Face> faces_, clipped_;
  std::vector<Face> spare_;       // gone faces, whose memory is used again
  std::vector<double> highest_;   // of each face, along the normal of the current plane
  std::vector<Vector3> section_;  // points of the current plane on the surface
  std::vector<std::pair<double, Vector3>> around_;
  double squared_radius_ = 0;
};

}  // namespace equigen
