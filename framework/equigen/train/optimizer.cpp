// SPDX-License-Identifier: MIT
#include "equigen/train/optimizer.h"

#include <fmt/format.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "equigen/base/error.h"

namespace equigen {
namespace {

std::vector<at::Tensor> gradients_of(const ParameterGroup& group) {
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : group.parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  return gradients;
}

std::string state_name(const ParameterGroup& group, std::size_t index, std::string_view part) {
  return fmt::format("{}.{}.{}", group.name, index, part);
}

at::Tensor fitting(const Batch& state, const std::string& name, const at::Tensor& parameter) {
  const at::Tensor& stored = state.at(name);
  if (stored.sizes() != parameter.sizes()) {
    throw DataError("checkpoint-optimizer",
                    fmt::format("the optimiser state '{}' of the checkpoint has another shape than "
                                "its parameter",
                                name),
                    "the run's model was changed; start a new run");
  }
  return stored.to(parameter.options()).clone();
}

/// Adam and AdamW (Kingma & Ba 2015, Algorithm 1; Loshchilov & Hutter 2019, Algorithm 2).
class Adam final : public Optimizer {
 public:
  Adam(const OptimizerConfig& config, bool decoupled, std::vector<ParameterGroup> groups)
      : Optimizer(std::move(groups)), config_(config), decoupled_(decoupled) {
    for (const ParameterGroup& group : groups_) moments_.emplace_back(group.parameters.size());
  }

  void step(double learning_rate) override {
    const torch::NoGradGuard no_gradients;
    for (std::size_t g = 0; g < groups_.size(); ++g) step_group(g, learning_rate);
  }

  Batch state() const override {
    Batch state;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t i = 0; i < moments_[g].size(); ++i) {
        const Moments& moments = moments_[g][i];
        if (moments.steps == 0) continue;
        state.set(state_name(groups_[g], i, "first_moment"), moments.first);
        state.set(state_name(groups_[g], i, "second_moment"), moments.second);
        state.set(state_name(groups_[g], i, "steps"), torch::tensor(moments.steps));
      }
    }
    return state;
  }

  void load_state(const Batch& state) override {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t i = 0; i < moments_[g].size(); ++i) {
        const at::Tensor& parameter = groups_[g].parameters[i];
        moments_[g][i] = {};
        if (!state.contains(state_name(groups_[g], i, "steps"))) continue;
        moments_[g][i] = {fitting(state, state_name(groups_[g], i, "first_moment"), parameter),
                          fitting(state, state_name(groups_[g], i, "second_moment"), parameter),
                          state.at(state_name(groups_[g], i, "steps")).item<std::int64_t>()};
      }
    }
  }

 private:
  struct Moments {
    at::Tensor first;
    at::Tensor second;
    std::int64_t steps = 0;
  };

  /// Tensors of the parameters of a group that have a gradient, side by side.
  struct Gathered {
    std::vector<at::Tensor> parameters, gradients, first, second;
    std::vector<at::Scalar> negative_step_sizes, second_corrections;
  };

  Gathered gather(std::size_t g, double learning_rate) {
    Gathered all;
    for (std::size_t i = 0; i < groups_[g].parameters.size(); ++i) {
      const at::Tensor& parameter = groups_[g].parameters[i];
      if (!parameter.grad().defined()) continue;
      Moments& moments = moments_[g][i];
      if (moments.steps++ == 0) {
        moments.first = torch::zeros_like(parameter, torch::MemoryFormat::Preserve);
        moments.second = torch::zeros_like(parameter, torch::MemoryFormat::Preserve);
      }
      const auto steps = static_cast<double>(moments.steps);
      all.parameters.push_back(parameter);
      all.gradients.push_back(parameter.grad());
      all.first.push_back(moments.first);
      all.second.push_back(moments.second);
      all.negative_step_sizes.emplace_back(-learning_rate / (1 - std::pow(config_.beta1, steps)));
      all.second_corrections.emplace_back(std::sqrt(1 - std::pow(config_.beta2, steps)));
    }
    return all;
  }

  void step_group(std::size_t g, double learning_rate) {
    Gathered all = gather(g, learning_rate);
    if (all.parameters.empty()) return;
    if (config_.weight_decay != 0) {
      if (decoupled_) {
        at::_foreach_mul_(all.parameters, 1 - learning_rate * config_.weight_decay);
      } else {
        all.gradients = at::_foreach_add(all.gradients, all.parameters, config_.weight_decay);
      }
    }
    at::_foreach_mul_(all.first, config_.beta1);
    at::_foreach_add_(all.first, all.gradients, 1 - config_.beta1);
    at::_foreach_mul_(all.second, config_.beta2);
    at::_foreach_addcmul_(all.second, all.gradients, all.gradients, 1 - config_.beta2);
    std::vector<at::Tensor> denominators = at::_foreach_sqrt(all.second);
    at::_foreach_div_(denominators, all.second_corrections);
    at::_foreach_add_(denominators, config_.epsilon);
    at::_foreach_addcdiv_(all.parameters, all.first, denominators, all.negative_step_sizes);
  }

  OptimizerConfig config_;
  bool decoupled_;
  std::vector<std::vector<Moments>> moments_;
};

/// v <- momentum v + (g + decay p); p <- p - rate v. The first v is the gradient itself.
class Sgd final : public Optimizer {
 public:
  Sgd(const OptimizerConfig& config, std::vector<ParameterGroup> groups)
      : Optimizer(std::move(groups)), config_(config) {
    for (const ParameterGroup& group : groups_) velocities_.emplace_back(group.parameters.size());
  }

  void step(double learning_rate) override {
    const torch::NoGradGuard no_gradients;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t i = 0; i < groups_[g].parameters.size(); ++i) {
        step_parameter(groups_[g].parameters[i], velocities_[g][i], learning_rate);
      }
    }
  }

  Batch state() const override {
    Batch state;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t i = 0; i < velocities_[g].size(); ++i) {
        if (velocities_[g][i].defined())
          state.set(state_name(groups_[g], i, "velocity"), velocities_[g][i]);
      }
    }
    return state;
  }

  void load_state(const Batch& state) override {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t i = 0; i < velocities_[g].size(); ++i) {
        const std::string name = state_name(groups_[g], i, "velocity");
        velocities_[g][i] =
            state.contains(name) ? fitting(state, name, groups_[g].parameters[i]) : at::Tensor();
      }
    }
  }

 private:
  void step_parameter(at::Tensor parameter, at::Tensor& velocity, double learning_rate) const {
    at::Tensor gradient = parameter.grad();
    if (!gradient.defined()) return;
    if (config_.weight_decay != 0) gradient = gradient.add(parameter, config_.weight_decay);
    if (config_.momentum != 0) {
      velocity =
          velocity.defined() ? velocity.mul_(config_.momentum).add_(gradient) : gradient.clone();
      gradient = velocity;
    }
    parameter.add_(gradient, -learning_rate);
  }

  OptimizerConfig config_;
  std::vector<std::vector<at::Tensor>> velocities_;
};

}  // namespace

Optimizer::~Optimizer() = default;

void Optimizer::clear_gradients() {
  for (ParameterGroup& group : groups_) {
    for (at::Tensor& parameter : group.parameters) parameter.mutable_grad() = at::Tensor();
  }
}

at::Tensor Optimizer::gradient_norms() const {
  const torch::NoGradGuard no_gradients;
  std::vector<at::Tensor> norms;
  for (const ParameterGroup& group : groups_) {
    const std::vector<at::Tensor> gradients = gradients_of(group);
    norms.push_back(gradients.empty() ? torch::zeros({}, group.parameters.at(0).options())
                                      : torch::stack(at::_foreach_norm(gradients)).norm());
  }
  return torch::stack(norms);
}

void Optimizer::clip_norm(const at::Tensor& norms, double largest) {
  const torch::NoGradGuard no_gradients;
  const at::Tensor factors = (largest / (norms + 1e-6)).clamp_max(1.0);
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const at::Tensor factor = factors[static_cast<std::int64_t>(g)];
    for (at::Tensor& gradient : gradients_of(groups_[g])) gradient.mul_(factor);
  }
}

void Optimizer::clip_value(double largest) {
  const torch::NoGradGuard no_gradients;
  for (const ParameterGroup& group : groups_) {
    for (at::Tensor& gradient : gradients_of(group)) gradient.clamp_(-largest, largest);
  }
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerConfig& config,
                                          std::vector<ParameterGroup> groups) {
  std::erase_if(groups, [](const ParameterGroup& group) { return group.parameters.empty(); });
  if (groups.empty()) {
    throw ConfigError("model-without-parameters", "the model has no parameters to train");
  }
  if (config.type == "sgd") return std::make_unique<Sgd>(config, std::move(groups));
  return std::make_unique<Adam>(config, config.type == "adamw", std::move(groups));
}

}  // namespace equigen
