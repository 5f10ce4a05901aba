// SPDX-License-Identifier: MIT
#include "crystal_stability/relaxation.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "equigen/crystal/matrix3.h"

namespace equigen::crystal_stability {
namespace {

/// The constants of the paper, with the step limits that are usual for Å and eV.
struct FireConstants {
  double first_step = 0.1;
  double largest_step = 1.0;
  double largest_move = 0.2;  // Å
  double grow = 1.1;
  double shrink = 0.5;
  double first_mixing = 0.1;
  double mixing_decay = 0.99;
  int patience = 5;
};

using Vectors = std::vector<Vector3>;

double inner(const Vectors& a, const Vectors& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += dot(a[i], b[i]);
  return sum;
}

double largest_norm(const Vectors& vectors) {
  double largest = 0;
  for (const Vector3& vector : vectors) largest = std::max(largest, norm(vector));
  return largest;
}

Matrix3 transposed(const Matrix3& m) {
  return {Vector3{m[0][0], m[1][0], m[2][0]}, Vector3{m[0][1], m[1][1], m[2][1]},
          Vector3{m[0][2], m[1][2], m[2][2]}};
}

/// Positions of the undeformed cell (Å) and, behind them, the rows of the deformation gradient
/// times the number of atoms: one list of coordinates whose forces are all in eV/Å.
class Coordinates {
 public:
  Coordinates(const Crystal& start, bool with_cell)
      : start_(start), with_cell_(with_cell), scale_(static_cast<double>(start.size())) {
    for (const Vector3& at : start.fractional_coordinates)
      values_.push_back(start.lattice.to_cartesian(at));
    if (with_cell)
      for (std::size_t i = 0; i < 3; ++i) {
        Vector3 row{};
        row[i] = scale_;
        values_.push_back(row);
      }
  }

  [[nodiscard]] std::size_t size() const { return values_.size(); }

  void move(const Vectors& by) {
    for (std::size_t i = 0; i < values_.size(); ++i)
      for (std::size_t k = 0; k < 3; ++k) values_[i][k] += by[i][k];
  }

  [[nodiscard]] Crystal crystal() const {
    Crystal crystal = start_;
    // Deforming changes the lattice only: fractional coordinates are those of the undeformed cell.
    for (std::size_t site = 0; site < start_.size(); ++site)
      crystal.fractional_coordinates[site] = start_.lattice.to_fractional(values_[site]);
    if (with_cell_) {
      const Matrix3 transpose = transposed(deformation());
      Matrix3 vectors = start_.lattice.vectors();
      for (Vector3& vector : vectors) vector = row_times(vector, transpose);
      crystal.lattice = Lattice(vectors);
    }
    return crystal;
  }

  /// What acts on the coordinates when `found` acts on the crystal.
  [[nodiscard]] Vectors forces(const EnergyAndForces& found) const {
    if (!with_cell_) return found.forces;
    const Matrix3 gradient = deformation();
    Vectors forces;
    for (const Vector3& force : found.forces) forces.push_back(row_times(force, gradient));
    const double volume = crystal().lattice.volume();
    const Matrix3 inverse_transpose = Lattice(gradient).reciprocal_vectors();
    for (std::size_t i = 0; i < 3; ++i) {
      Vector3 virial = row_times(found.stress[i], inverse_transpose);
      for (double& component : virial) component *= -volume / scale_;
      forces.push_back(virial);
    }
    return forces;
  }

 private:
  [[nodiscard]] Matrix3 deformation() const {
    Matrix3 gradient{};
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t k = 0; k < 3; ++k) gradient[i][k] = values_[start_.size() + i][k] / scale_;
    return gradient;
  }

  const Crystal& start_;
  bool with_cell_;
  double scale_;
  Vectors values_;
};

/// One step of FIRE: turns the velocity towards the force, then moves.
class Fire {
 public:
  explicit Fire(std::size_t size) : velocity_(size, Vector3{}) {}

  Vectors step(const Vectors& force) {
    const double power = inner(force, velocity_);
    if (power > 0) {
      const double mixed = mixing_ * std::sqrt(inner(velocity_, velocity_) / inner(force, force));
      for (std::size_t i = 0; i < force.size(); ++i)
        for (std::size_t k = 0; k < 3; ++k)
          velocity_[i][k] = (1 - mixing_) * velocity_[i][k] + mixed * force[i][k];
      if (downhill_++ > constants_.patience) {
        step_ = std::min(step_ * constants_.grow, constants_.largest_step);
        mixing_ *= constants_.mixing_decay;
      }
    } else {
      std::ranges::fill(velocity_, Vector3{});
      mixing_ = constants_.first_mixing;
      if (started_) step_ *= constants_.shrink;
      downhill_ = 0;
    }
    started_ = true;
    Vectors move(force.size());
    for (std::size_t i = 0; i < force.size(); ++i)
      for (std::size_t k = 0; k < 3; ++k) {
        velocity_[i][k] += step_ * force[i][k];
        move[i][k] = step_ * velocity_[i][k];
      }
    const double length = std::sqrt(inner(move, move));
    if (length > constants_.largest_move)
      for (Vector3& vector : move)
        for (double& component : vector) component *= constants_.largest_move / length;
    return move;
  }

 private:
  FireConstants constants_;
  Vectors velocity_;
  double step_ = constants_.first_step;
  double mixing_ = constants_.first_mixing;
  int downhill_ = 0;
  bool started_ = false;
};

}  // namespace

Relaxation relax(const Crystal& crystal, const EnergyFunction& energy,
                 const RelaxationOptions& options) {
  Coordinates coordinates(crystal, options.relax_cell);
  Fire fire(coordinates.size());
  EnergyAndForces found = energy(crystal);
  Relaxation result{.crystal = crystal,
                    .energy_before = found.energy,
                    .energy_after = found.energy,
                    .steps = 0,
                    .converged = false};
  while (true) {
    const Vectors forces = coordinates.forces(found);
    result.converged = largest_norm(forces) < options.largest_force;
    if (result.converged || result.steps == options.most_steps) return result;
    coordinates.move(fire.step(forces));
    result.crystal = coordinates.crystal();
    found = energy(result.crystal);
    result.energy_after = found.energy;
    ++result.steps;
  }
}

}  // namespace equigen::crystal_stability
