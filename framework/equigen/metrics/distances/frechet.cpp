// SPDX-License-Identifier: MIT
#include "equigen/metrics/distances/frechet.h"

#include <Eigen/Eigenvalues>

#include "equigen/base/error.h"

namespace equigen {
namespace {

struct Normal {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

Normal normal_of(const PointSet& set) {
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::MatrixXd points =
      Eigen::Map<const Rows>(set.values.data(), set.count, set.size).cast<double>();
  Normal result;
  result.mean = points.colwise().mean().transpose();
  const Eigen::MatrixXd centred = points.rowwise() - result.mean.transpose();
  result.covariance = centred.transpose() * centred / static_cast<double>(set.count - 1);
  return result;
}

}  // namespace

double frechet_distance(const PointSet& a, const PointSet& b) {
  if (a.count < 2 || b.count < 2)
    throw DataError("metric-empty", "a Fréchet distance needs at least two molecules on each side");
  if (a.size != b.size) throw DataError("metric-empty", "the points are of different sizes");
  const Normal p = normal_of(a);
  const Normal q = normal_of(b);
  // Rounding makes small negative eigenvalues of singular covariances; their root is zero.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> first(p.covariance);
  const Eigen::MatrixXd root = first.eigenvectors() *
                               first.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal() *
                               first.eigenvectors().transpose();
  const Eigen::MatrixXd product = root * q.covariance * root;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> second((product + product.transpose()) / 2,
                                                              Eigen::EigenvaluesOnly);
  return (p.mean - q.mean).squaredNorm() + p.covariance.trace() + q.covariance.trace() -
         2 * second.eigenvalues().cwiseMax(0).cwiseSqrt().sum();
}

}  // namespace equigen
