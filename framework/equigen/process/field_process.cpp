// SPDX-License-Identifier: MIT
#include "equigen/process/field_process.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <cmath>

#include "equigen/base/error.h"

namespace equigen {
namespace {

constexpr double kRadians = M_PI / 180;

[[noreturn]] void fail_unsupported(const char* what) {
  throw Error(ExitCode::bug, "field-process", fmt::format("a process was asked for {}", what));
}

/// cos of the angle between two rows of vectors, in degrees.
at::Tensor degrees_between(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor lengths = a.norm(2, {1}) * b.norm(2, {1});
  const at::Tensor cosine = (a * b).sum(1) / lengths.clamp_min(1e-300);
  return cosine.clamp(-1, 1).acos() / kRadians;
}

}  // namespace

FieldProcess::~FieldProcess() = default;

std::string name_of(CrystalField field) {
  switch (field) {
    case CrystalField::coordinates:
      return "coordinates";
    case CrystalField::lattice:
      return "lattice";
    case CrystalField::elements:
      break;
  }
  return "elements";
}

std::string FieldProcess::misfit(const Crystal&) const {
  return {};
}

void FieldProcess::begin(ProcessUse, const NoisePlace&, at::Device) {}

at::Tensor FieldProcess::seen(const at::Tensor& value) const {
  return value;
}

at::Tensor FieldProcess::cell(const at::Tensor&) const {
  fail_unsupported("a cell that is not one of a lattice");
}

NoisyField FieldProcess::correct(const NoisyField&, const at::Tensor&, std::int64_t,
                                 const FieldRows&, RowNoise&) {
  fail_unsupported("a correction that it does not make");
}

void require_field(const FieldSetting& setting, CrystalField field, const std::string& process) {
  if (setting.field == field) return;
  throw ConfigError("process-field",
                    fmt::format("process {} is for the {}, not for the {}", process, name_of(field),
                                name_of(setting.field)),
                    "see `equigen list` for the processes there are");
}

at::Tensor at_step(const at::Tensor& table, const at::Tensor& step, const at::Tensor& like) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(like.dim()), 1);
  shape[0] = step.size(0);
  return table.to(like.device()).index_select(0, step).to(like.dtype()).view(shape);
}

at::Tensor lattice_vectors(const at::Tensor& parameters) {
  const at::Tensor values = parameters.to(torch::kFloat64);
  const auto length = [&](std::int64_t axis) { return values.select(1, axis); };
  const auto angle = [&](std::int64_t axis) { return values.select(1, 3 + axis) * kRadians; };
  const at::Tensor cos_alpha = angle(0).cos();
  const at::Tensor cos_beta = angle(1).cos();
  const at::Tensor sin_alpha = angle(0).sin();
  const at::Tensor sin_beta = angle(1).sin();
  const at::Tensor reciprocal =
      ((cos_alpha * cos_beta - angle(2).cos()) / (sin_alpha * sin_beta)).clamp(-1, 1);
  const at::Tensor zero = torch::zeros_like(cos_alpha);
  const at::Tensor vectors =
      torch::stack({length(0) * sin_beta, zero, length(0) * cos_beta,                       // a
                    -length(1) * sin_alpha * reciprocal,                                    // b
                    length(1) * sin_alpha * (1 - reciprocal.square()).clamp_min(0).sqrt(),  //
                    length(1) * cos_alpha, zero, zero, length(2)},                          // c
                   1);
  return vectors.to(parameters.dtype());
}

at::Tensor lattice_parameters(const at::Tensor& vectors) {
  const at::Tensor rows = vectors.reshape({-1, 3, 3}).to(torch::kFloat64);
  const at::Tensor a = rows.select(1, 0);
  const at::Tensor b = rows.select(1, 1);
  const at::Tensor c = rows.select(1, 2);
  const at::Tensor parameters =
      torch::stack({a.norm(2, {1}), b.norm(2, {1}), c.norm(2, {1}), degrees_between(b, c),
                    degrees_between(a, c), degrees_between(a, b)},
                   1);
  return parameters.to(vectors.dtype());
}

}  // namespace equigen
