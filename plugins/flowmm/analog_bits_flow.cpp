// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include "flowmm/flow_time.h"

namespace equigen::flowmm {
namespace {

constexpr std::int64_t kBits = 7;

}  // namespace

void AnalogBitsFlow::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Elements as seven binary digits of the atomic number, each a real number.");
  keys.field("annealing", &Config::annealing,
             "the sampler goes 1 + slope max(t - start, 0) times as fast as the velocity")
      .at_sampling();
}

AnalogBitsFlow::AnalogBitsFlow(Config config, const FieldSetting& setting)
    : config_(std::move(config)), steps_(setting.steps) {
  require_field(setting, CrystalField::elements, "analog_bits_flow");
  std::vector<float> bits;
  for (const int atomic_number : setting.vocabulary) {
    for (std::int64_t bit = 0; bit < kBits; ++bit)
      bits.push_back(((atomic_number - 1) >> bit) & 1 ? 1.0F : -1.0F);
  }
  bits_ = torch::tensor(bits).view({-1, kBits});
}

FieldLayout AnalogBitsFlow::layout() const {
  return {.seen = kBits, .conditioning = 0, .predicted = kBits, .is_matrix = false};
}

at::Tensor AnalogBitsFlow::encode(const at::Tensor& data) const {
  return bits_.to(data.device()).index_select(0, data);
}

NoisyField AnalogBitsFlow::prior(const FieldRows&, RowNoise& noise) {
  return {noise.normal({kBits}), {}};
}

CorruptedField AnalogBitsFlow::corrupt(const at::Tensor& clean, const at::Tensor& step,
                                       const FieldRows&, RowNoise& noise) {
  const at::Tensor base = noise.normal({kBits});
  const at::Tensor velocity = clean - base;
  return {{base + time_of(step, steps_, clean) * velocity, {}}, clean, velocity, step};
}

at::Tensor AnalogBitsFlow::loss(const at::Tensor& output, const CorruptedField& corrupted,
                                const FieldRows&) const {
  return (output - corrupted.target).square().mean(1);
}

NoisyField AnalogBitsFlow::advance(const NoisyField& field, const at::Tensor& output,
                                   const Stride& stride, const FieldRows&, RowNoise&) {
  return {field.value + step_size(stride, steps_, config_.annealing) * output, {}};
}

at::Tensor AnalogBitsFlow::result(const NoisyField& field, RowNoise&) {
  // The nearest element of the vocabulary: the one whose signs agree, where it is one of them.
  return torch::matmul(field.value.sign(), bits_.to(field.value.device()).t()).argmax(1);
}

}  // namespace equigen::flowmm
