// SPDX-License-Identifier: MIT
#include "equigen/testing/model_contract.h"

#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <map>

#include "equigen/base/error.h"
#include "equigen/model/checkpoint.h"
#include "equigen/testing/example_samples.h"
#include "equigen/testing/separate_device.h"

namespace equigen::testing {
namespace {

bool are_equal(const Batch& a, const Batch& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto& [name, tensor] = a.tensors()[i];
    const auto& [other_name, other] = b.tensors()[i];
    if (name != other_name || tensor.dtype() != other.dtype() || !tensor.equal(other)) return false;
  }
  return true;
}

/// A zero-initialised layer would hide what comes before it.
void shake_parameters(torch::nn::Module& module) {
  const torch::NoGradGuard no_gradients;
  NoiseStream random(17, at::kCPU);
  for (at::Tensor& parameter : module.parameters())
    parameter.add_(0.1 * random.normal(parameter.sizes()).to(parameter.dtype()));
}

SamplingRequest request_for(std::vector<std::int64_t> indices, std::uint64_t seed = 3) {
  SamplingRequest request;
  request.seed = seed;
  request.sample_indices = std::move(indices);
  return request;
}

class Checker {
 public:
  Checker(const Subject<Model>& subject, const ModelContract& contract, ContractReport& report)
      : subject_(subject),
        contract_(contract),
        report_(report),
        samples_(example_samples(contract.structure, 12)),
        summary_(summarise("contract", samples_)) {}

  bool build() {
    report_.rule("construction", [&] { model_ = fresh(); });
    return model_ != nullptr;
  }

  void check() {
    check_collate();
    if (report_.violates("collate")) return;
    check_loss();
    check_groups();
    check_gradients();
    check_permutation();
    check_sampling();
    check_storage();
    check_one_node();
    check_other_device();
  }

 private:
  std::shared_ptr<Model> fresh(std::uint64_t seed = 5) const {
    torch::manual_seed(seed);
    auto model = subject_.create(complete_options(subject_.schema, contract_.options), summary_);
    shake_parameters(*model);
    model->eval();
    return model;
  }

  Loss loss_of(Model& model, const Batch& batch, std::uint64_t key) const {
    NoiseStream noise(key, at::kCPU);
    return model.loss(batch, noise);
  }

  double loss_value(const Batch& batch, std::uint64_t key) const {
    const torch::NoGradGuard no_gradients;
    return loss_of(*model_, batch, key).total.item<double>();
  }

  void check_collate() {
    report_.rule("collate", [&] {
      for (const Sample& sample : samples_)
        expect(model_->misfit(sample).empty(),
               "a sample of the training data does not fit: " + model_->misfit(sample));
      const Batch batch = model_->collate(samples_);
      expect(batch.size() > 0, "the batch has no tensor");
      expect(are_equal(batch, model_->collate(samples_)), "a second call gives another batch");
      std::vector<std::future<Batch>> calls;
      for (int thread = 0; thread < 4; ++thread)
        calls.push_back(
            std::async(std::launch::async, [this] { return model_->collate(samples_); }));
      for (auto& call : calls)
        expect(are_equal(batch, call.get()), "a call from another thread gives another batch");
    });
    report_.rule("misfits", [&] {
      for (const char* other : {"graph", "molecule", "crystal"}) {
        if (contract_.structure != other) check_foreign(example_samples(other, 1));
      }
    });
  }

  void check_foreign(const std::vector<Sample>& foreign) {
    const std::string kind = structure_kind(foreign[0]);
    expect(!model_->misfit(foreign[0]).empty(), "a sample of another structure fits: a " + kind);
    try {
      model_->collate(foreign);
      expect(false, "a sample of another structure is collated: a " + kind);
    } catch (const DataError&) {
      // As it should be.
    }
  }

  void check_loss() {
    report_.rule("loss", [&] {
      const Batch batch = model_->collate(samples_);
      const Loss loss = loss_of(*model_, batch, 1);
      expect(loss.total.dim() == 0, "the total is not a scalar");
      expect(std::isfinite(loss.total.item<double>()), "the total is not finite");
      expect(loss.total.requires_grad(), "the total has no gradient");
      for (const auto& [name, term] : loss.terms) {
        expect(!name.empty() && term.numel() == 1 && std::isfinite(term.item<double>()),
               fmt::format("the term '{}' is not a finite scalar", name));
      }
      expect(loss_value(batch, 1) == loss_value(batch, 1),
             "the same noise gives another loss: randomness must come from the NoiseStream");
    });
  }

  /// The gradients of one loss, and of nothing before it.
  void backward() {
    for (at::Tensor& parameter : model_->parameters()) parameter.mutable_grad() = at::Tensor();
    loss_of(*model_, model_->collate(samples_), 1).total.backward();
  }

  static bool has_gradient(const at::Tensor& parameter) {
    const at::Tensor& gradient = parameter.grad();
    return gradient.defined() && torch::isfinite(gradient).all().item<bool>();
  }

  bool may_be_unused(const std::string& name) const {
    return std::ranges::any_of(contract_.unused_parameters,
                               [&](const std::string& start) { return name.starts_with(start); });
  }

  void check_groups() {
    report_.rule("parameter groups", [&] {
      backward();
      std::map<const void*, std::string> names;
      for (const auto& item : model_->named_parameters()) {
        if (item.value().requires_grad()) names[item.value().unsafeGetTensorImpl()] = item.key();
      }
      expect(!names.empty(), "there is nothing to train");
      std::vector<std::string> without_gradient;
      for (const ParameterGroup& group : model_->parameter_groups()) {
        for (const at::Tensor& parameter : group.parameters) {
          const auto found = names.find(parameter.unsafeGetTensorImpl());
          expect(found != names.end(),
                 fmt::format("group '{}' holds a parameter twice, or one that is not the model's",
                             group.name));
          if (!has_gradient(parameter) && !may_be_unused(found->second))
            without_gradient.push_back(found->second);
          names.erase(found);
        }
      }
      expect(
          names.empty(),
          names.empty() ? "" : fmt::format("parameter {} is in no group", names.begin()->second));
      expect(without_gradient.empty(),
             fmt::format("no finite gradient reaches {}", fmt::join(without_gradient, ", ")));
    });
  }

  /// Derivative of the loss along the gradient of one parameter, by the differences of several
  /// steps: in float32 each step has its own error, so the nearest counts.
  double nearest_difference(at::Tensor parameter, const at::Tensor& gradient, const Batch& batch,
                            double norm) const {
    const torch::NoGradGuard no_gradients;
    double nearest = 0;
    for (const double step : {0.3, 0.1, 0.03, 0.01, 0.003, 0.001}) {
      const at::Tensor before = parameter.clone();
      const auto value_at = [&](double distance) {
        parameter.copy_(before + gradient * (distance / norm));
        return loss_value(batch, 1);
      };
      const double numeric = (value_at(step) - value_at(-step)) / (2 * step);
      parameter.copy_(before);
      if (nearest == 0 || std::abs(numeric - norm) < std::abs(nearest - norm)) nearest = numeric;
    }
    return nearest;
  }

  void check_gradients() {
    report_.rule("gradients", [&] {
      const Batch batch = model_->collate(samples_);
      backward();
      double largest = 0;
      for (const auto& item : model_->named_parameters()) {
        if (item.value().grad().defined())
          largest = std::max(largest, item.value().grad().norm().item<double>());
      }
      for (const auto& item : model_->named_parameters()) {
        if (!item.value().grad().defined()) continue;
        const at::Tensor gradient = item.value().grad().clone();
        const double norm = gradient.norm().item<double>();
        // Differences of a float32 loss cannot resolve what is far below its own rounding.
        if (norm < 1e-3 * largest) continue;
        const double numeric = nearest_difference(item.value(), gradient, batch, norm);
        expect(std::abs(numeric - norm) <= contract_.gradient_tolerance * norm,
               fmt::format("derivative along the gradient of {}: {:.5g} by differences, {:.5g} by "
                           "the gradient",
                           item.key(), numeric, norm));
      }
    });
  }

  void check_permutation() {
    report_.rule("permutation", [&] {
      RandomStream random(9, "model-contract");
      std::vector<Sample> renumbered;
      for (const Sample& sample : samples_) renumbered.push_back(relabelled(sample, random));
      const Batch plain = model_->collate(samples_);
      const Batch other = model_->collate(renumbered);
      double sum = 0;
      double squares = 0;
      double size = 0;
      const auto draws = static_cast<double>(contract_.permutation_draws);
      for (std::int64_t draw = 0; draw < contract_.permutation_draws; ++draw) {
        // The same noise for both: times and scales, which matter most, then cancel.
        const auto key = 1000 + static_cast<std::uint64_t>(draw);
        const double a = loss_value(plain, key);
        const double b = loss_value(other, key);
        sum += a - b;
        squares += (a - b) * (a - b);
        size += std::abs(a) / draws;
      }
      const double mean = sum / draws;
      const double error = std::sqrt(std::max(0.0, squares / draws - mean * mean) / draws);
      expect(std::abs(mean) <= contract_.permutation_tolerance * error + 1e-5 * size,
             fmt::format("the mean loss over {} draws of noise changes by {:.4g} when nodes are "
                         "renumbered; its standard error is {:.2g}",
                         contract_.permutation_draws, mean, error));
    });
  }

  void check_sampling() {
    report_.rule("sampling", [&] {
      expect(model_->sample(request_for({})).empty(), "an empty request gives samples");
      SamplingRequest request = request_for({0, 1, 2, 3, 4});
      double share = 0;
      request.progress = [&](double done) { share = std::max(share, done); };
      const std::vector<Sample> drawn = model_->sample(request);
      expect(drawn.size() == 5, fmt::format("5 samples were asked for, {} drawn", drawn.size()));
      expect(share <= 1, fmt::format("progress() was told {}", share));
      for (const Sample& sample : drawn) {
        expect(structure_kind(sample) == contract_.structure, "a sample is of another structure");
        expect(fault_of(sample).empty(), "a sample is not well-formed: " + fault_of(sample));
        expect(node_count(sample) <= summary_.max_size(),
               fmt::format("a sample has {} nodes, the data at most {}", node_count(sample),
                           summary_.max_size()));
      }
      request.stop = [] { return true; };
      expect(model_->sample(request).empty(), "it goes on sampling when asked to stop");
    });
    report_.rule("sample independence", [&] {
      const std::vector<Sample> together = model_->sample(request_for({0, 1, 2, 3, 4, 5, 6, 7}));
      const std::vector<Sample> again = model_->sample(request_for({6, 0, 3}));
      expect(together.size() == 8 && again.size() == 3, "samples are missing");
      expect(again[0] == together[6] && again[1] == together[0] && again[2] == together[3],
             "a sample depends on the others of its batch, not on (seed, index) alone");
      expect(model_->sample(request_for({0, 1, 2, 3, 4, 5, 6, 7}, 4)) != together,
             "another seed gives the same samples");
    });
  }

  void check_storage() {
    report_.rule("save and load", [&] {
      const std::shared_ptr<Model> other = fresh(6);
      {
        const torch::NoGradGuard no_gradients;
        for (at::Tensor& parameter : other->parameters()) parameter.add_(1);
      }
      load_weights(*other, weights_of(*model_), "the model itself");
      const Batch batch = model_->collate(samples_);
      const torch::NoGradGuard no_gradients;
      expect(loss_of(*other, batch, 1).total.item<double>() == loss_value(batch, 1),
             "with its weights loaded into another one, it has another loss");
      expect(other->sample(request_for({0, 1, 2})) == model_->sample(request_for({0, 1, 2})),
             "with its weights loaded into another one, it draws other samples");
    });
  }

  void check_one_node() {
    report_.rule("one node", [&] {
      const std::vector<Sample> single{single_node(contract_.structure)};
      if (!model_->misfit(single[0]).empty()) return;
      const Batch alone = model_->collate(single);
      expect(std::isfinite(loss_value(alone, 1)), "the loss of one node is not finite");
      std::vector<Sample> mixed = samples_;
      mixed.push_back(single[0]);
      expect(std::isfinite(loss_value(model_->collate(mixed), 1)),
             "the loss of a batch with one node is not finite");
    });
  }

  /// One and the same model, moved.
  void check_other_device() {
    report_.rule("other device", [&] {
      const at::Device device = separate_device();
      const std::shared_ptr<Model> moved = fresh();
      load_weights(*moved, weights_of(*model_), "the model itself");
      moved->to(device);
      NoiseStream noise(1, device);
      const Batch batch = moved->collate(samples_).to(device);
      const at::Tensor total = moved->loss(batch, noise).total;
      expect(total.device() == device, "the loss is not on the model's device");
      total.backward();
      backward();
      const double here = loss_value(model_->collate(samples_), 1);
      expect(std::abs(total.item<double>() - here) <= kDeviceTolerance * std::abs(here),
             fmt::format("the loss is {:.7g} on the CPU, {:.7g} on another device", here,
                         total.item<double>()));
      for (const auto& item : moved->named_parameters()) expect_same_gradient(item);
      SamplingRequest request = request_for({0, 1, 2});
      request.device = device;
      const std::vector<Sample> drawn = moved->sample(request);
      expect(drawn.size() == 3, "samples are missing");
      for (const Sample& sample : drawn)
        expect(structure_kind(sample) == contract_.structure && fault_of(sample).empty(),
               "a sample is not well-formed");
    });
  }

  using NamedParameter = torch::OrderedDict<std::string, at::Tensor>::Item;

  /// Of the moved model, beside that on the CPU.
  void expect_same_gradient(const NamedParameter& moved) const {
    const at::Tensor here = model_->named_parameters()[moved.key()].grad();
    const at::Tensor there = moved.value().grad();
    expect(here.defined() == there.defined(),
           fmt::format("the gradient of {} is there on one device only", moved.key()));
    if (!here.defined()) return;
    expect(there.device() == moved.value().device(),
           fmt::format("the gradient of {} is not on the model's device", moved.key()));
    const double error = (there.to(at::kCPU) - here).norm().item<double>();
    expect(error <= kDeviceTolerance * (1 + here.norm().item<double>()),
           fmt::format("the gradients of {} on two devices are {:.3g} apart", moved.key(), error));
  }

  /// Relative, in float32 and with kernels that may add up in another order.
  static constexpr double kDeviceTolerance = 1e-3;

  const Subject<Model>& subject_;
  const ModelContract& contract_;
  ContractReport& report_;
  std::vector<Sample> samples_;
  DataSummary summary_;
  std::shared_ptr<Model> model_;
};

}  // namespace

ContractReport check_model(const Subject<Model>& subject, const ModelContract& contract) {
  ContractReport report("model");
  check_keys(report, subject.schema, contract.options);
  Checker checker(subject, contract, report);
  if (checker.build()) checker.check();
  return report;
}

}  // namespace equigen::testing
