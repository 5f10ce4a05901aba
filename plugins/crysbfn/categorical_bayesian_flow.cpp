// SPDX-License-Identifier: MIT
#include "crysbfn/categorical_bayesian_flow.h"

#include <torch/types.h>

namespace equigen::crysbfn {
namespace {

/// Probabilities below this are raised to it, as published.
constexpr double kSmallestProbability = 1e-6;

}  // namespace

void CategoricalBayesianFlow::Config::declare(config::Declaration<Config>& keys) {
  using C = Config;
  keys.doc("Elements as classes that are observed with Gaussian noise, ever more accurately.");
  keys.field("final_accuracy", &C::final_accuracy, "accuracy of all observations together")
      .above(0);
  keys.field("loss", &C::loss,
             "of infinitely many steps, as the published code trains, or of the steps there are")
      .choices({"continuous_time", "discrete_time"});
  keys.field("loss_draws", &C::loss_draws,
             "observations that the discrete-time loss averages over; the other has none")
      .range(1, 10000);
  keys.field("choose", &C::choose, "how the element is chosen from its last distribution")
      .choices({"draw", "most_probable"})
      .at_sampling();
}

CategoricalBayesianFlow::CategoricalBayesianFlow(Config config, const FieldSetting& setting)
    : config_(std::move(config)),
      steps_(setting.steps),
      classes_(static_cast<std::int64_t>(setting.vocabulary.size())) {
  require_field(setting, CrystalField::elements, "categorical_bayesian_flow");
}

FieldLayout CategoricalBayesianFlow::layout() const {
  return {.seen = classes_, .conditioning = 0, .predicted = classes_, .is_matrix = false};
}

at::Tensor CategoricalBayesianFlow::encode(const at::Tensor& data) const {
  return torch::one_hot(data, classes_).to(torch::kFloat32);
}

at::Tensor CategoricalBayesianFlow::seen(const at::Tensor& value) const {
  return 2 * value - 1;
}

at::Tensor CategoricalBayesianFlow::accuracy_after(const at::Tensor& share) const {
  return config_.final_accuracy * share.square();
}

at::Tensor CategoricalBayesianFlow::accuracy_at(const at::Tensor& step) const {
  const auto count = static_cast<double>(steps_);
  return config_.final_accuracy * (2 * step.to(torch::kFloat32) - 1) / (count * count);
}

at::Tensor CategoricalBayesianFlow::believed(const at::Tensor& p, const at::Tensor& beta,
                                             RowNoise& noise) const {
  const auto classes = static_cast<double>(classes_);
  return torch::softmax(
      beta * (classes * p - 1) + (beta * classes).sqrt() * noise.normal({classes_}), 1);
}

NoisyField CategoricalBayesianFlow::prior(const FieldRows& rows, RowNoise&) {
  return {torch::full({rows.crystal.size(0), classes_}, 1.0 / static_cast<double>(classes_),
                      rows.crystal.options().dtype(torch::kFloat32)),
          {}};
}

CorruptedField CategoricalBayesianFlow::corrupt(const at::Tensor& clean, const at::Tensor& step,
                                                const FieldRows&, RowNoise& noise) {
  const at::Tensor share =
      ((step - 1).to(clean.dtype()) / static_cast<double>(steps_)).unsqueeze(1);
  CorruptedField corrupted{{believed(clean, accuracy_after(share), noise), {}}, clean, {}, step};
  if (config_.loss == "discrete_time") {
    const auto classes = static_cast<double>(classes_);
    const at::Tensor accuracy = accuracy_at(step).view({-1, 1, 1});
    corrupted.target = accuracy * (classes * clean - 1).unsqueeze(1) +
                       (accuracy * classes).sqrt() * noise.normal({config_.loss_draws, classes_});
  }
  return corrupted;
}

at::Tensor CategoricalBayesianFlow::discrete_time_loss(const at::Tensor& logits,
                                                       const at::Tensor& clean,
                                                       const at::Tensor& observations) const {
  // Observation y is of class k with density N(y; accuracy (K e_k - 1), accuracy K I). Up to what
  // all classes share, its logarithm is y_k: the square of the mean is the same for every k.
  const at::Tensor of_truth = (observations * clean.unsqueeze(1)).sum(2);
  const at::Tensor of_prediction =
      torch::logsumexp(observations + torch::log_softmax(logits, 1).unsqueeze(1), 2);
  return static_cast<double>(steps_) * (of_truth - of_prediction).mean(1);
}

at::Tensor CategoricalBayesianFlow::loss(const at::Tensor& output, const CorruptedField& corrupted,
                                         const FieldRows&) const {
  if (config_.loss == "discrete_time")
    return discrete_time_loss(output, corrupted.clean, corrupted.target);
  const at::Tensor time = (corrupted.step - 1).to(output.dtype()) / static_cast<double>(steps_);
  const at::Tensor error = (corrupted.clean - torch::softmax(output, 1)).square().sum(1);
  return static_cast<double>(classes_) * config_.final_accuracy * time * error;
}

NoisyField CategoricalBayesianFlow::advance(const NoisyField&, const at::Tensor& output,
                                            const Stride& stride, const FieldRows&,
                                            RowNoise& noise) {
  const at::Tensor predicted =
      torch::softmax(output, 1).nan_to_num(0.0).clamp_min(kSmallestProbability);
  if (stride.to > steps_) return {predicted, {}};
  const double share = static_cast<double>(stride.to - 1) / static_cast<double>(steps_);
  return {believed(predicted, accuracy_after(torch::full({1, 1}, share, output.options())), noise),
          {}};
}

at::Tensor CategoricalBayesianFlow::result(const NoisyField& field, RowNoise& noise) {
  if (config_.choose == "most_probable") return field.value.argmax(1);
  const at::Tensor cumulative = field.value.cumsum(1);
  const at::Tensor threshold = noise.uniform({1}) * cumulative.slice(1, classes_ - 1);
  return (cumulative <= threshold).sum(1).clamp_max(classes_ - 1);
}

}  // namespace equigen::crysbfn
