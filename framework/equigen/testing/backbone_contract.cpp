// SPDX-License-Identifier: MIT
#include "equigen/testing/backbone_contract.h"

#include <fmt/format.h>
#include <torch/autograd.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <array>
#include <cmath>

#include "equigen/model/checkpoint.h"
#include "equigen/tensor/noise.h"
#include "equigen/testing/backbone_inputs.h"
#include "equigen/testing/separate_device.h"

namespace equigen::testing {
namespace {

constexpr std::array<std::int64_t, 4> kSizes{4, 1, 6, 3};

/// A zero-initialised layer would hide what comes before it.
void shake_parameters(torch::nn::Module& module) {
  const torch::NoGradGuard no_gradients;
  NoiseStream random(17, at::kCPU);
  for (at::Tensor& parameter : module.parameters())
    parameter.add_(0.1 * random.normal(parameter.sizes()).to(parameter.dtype()));
}

class Checker {
 public:
  Checker(const Subject<Backbone>& subject, const BackboneContract& contract,
          ContractReport& report)
      : subject_(subject), contract_(contract), report_(report) {}

  /// False when there is nothing further to try.
  bool build() {
    report_.rule("construction", [&] {
      // Vectors cannot come out of what reads no positions and gets no vectors.
      if (fresh()->traits().symmetry == SpaceSymmetry::none) contract_.shape.output.vectors = 0;
      backbone_ = fresh();
      shake_parameters(*backbone_);
      traits_ = backbone_->traits();
      has_positions_ = traits_.needs_positions || traits_.symmetry != SpaceSymmetry::none;
      input_ = input(kSizes);
    });
    return backbone_ != nullptr && !report_.violates("construction");
  }

  void check() {
    check_shapes();
    check_order();
    if (has_positions_) check_space();
    check_gradients();
    check_storage();
    check_extremes();
    check_other_device();
  }

 private:
  std::shared_ptr<Backbone> fresh(std::uint64_t seed = 5) const {
    torch::manual_seed(seed);
    auto backbone =
        subject_.create(complete_options(subject_.schema, contract_.options), contract_.shape);
    backbone->to(torch::kFloat64);
    backbone->eval();
    return backbone;
  }

  BackboneInput input(std::span<const std::int64_t> sizes) const {
    return random_backbone_input(sizes, contract_.shape.input, has_positions_);
  }

  Features output(const BackboneInput& in) const {
    const torch::NoGradGuard no_gradients;
    return backbone_->forward(in.graphs, in.features);
  }

  void expect_shape(const at::Tensor& tensor, std::vector<std::int64_t> shape,
                    const char* name) const {
    if (shape.back() == 0) {
      expect(!tensor.defined(), fmt::format("{} were not asked for, but given", name));
      return;
    }
    expect(tensor.defined(), fmt::format("{} were asked for, but not given", name));
    expect(tensor.sizes() == at::IntArrayRef(shape),
           fmt::format("{} are [{}], expected [{}]", name, fmt::join(tensor.sizes().vec(), ", "),
                       fmt::join(shape, ", ")));
    expect(tensor.scalar_type() == torch::kFloat64,
           fmt::format("{} are not float64 when the parameters are", name));
    expect(torch::isfinite(tensor).all().item<bool>(), fmt::format("{} are not finite", name));
  }

  void expect_shapes(const BackboneInput& in) const {
    const Features out = output(in);
    const FeatureSizes& sizes = contract_.shape.output;
    const std::int64_t nodes = in.graphs.node_count();
    expect_shape(out.scalars, {nodes, sizes.scalars}, "scalars");
    expect_shape(out.vectors, {nodes, 3, sizes.vectors}, "vectors");
    expect_shape(out.edges, {in.graphs.edge_count(), sizes.edges}, "edges");
    expect_shape(out.graphs, {in.graphs.graph_count(), sizes.graphs}, "graphs");
  }

  void expect_same(const Features& a, const Features& b, const std::string& when) const {
    const double error = difference(a, b);
    expect(error <= contract_.tolerance,
           fmt::format("relative difference {:.2e} {} (allowed {:.0e})", error, when,
                       contract_.tolerance));
  }

  void check_shapes() {
    report_.rule("shapes", [&] { expect_shapes(input_); });
    report_.rule("deterministic", [&] {
      expect(difference(output(input_), output(input_)) == 0, "a second call gives other values");
    });
  }

  void check_order() {
    report_.rule("permutation", [&] {
      const Features plain = output(input_);
      for (const std::uint64_t key : {1, 2, 3}) {
        const Renumbered how = renumbered(input_, key);
        expect_same(renumbered(plain, how), output(how.input), "when nodes are renumbered");
      }
    });
    report_.rule("batching", [&] {
      const Features together = output(input_);
      for (std::int64_t b = 0; b < input_.graphs.graph_count(); ++b) {
        expect_same(graph_alone(together, input_.graphs, b), output(graph_alone(input_, b)),
                    fmt::format("between a graph of {} nodes alone and in a batch",
                                kSizes[static_cast<std::size_t>(b)]));
      }
    });
  }

  void check_space() {
    if (traits_.symmetry == SpaceSymmetry::none || !traits_.is_exact) return;
    const at::Tensor origin = torch::zeros({3}, torch::kFloat64);
    const Features plain = output(input_);
    const auto expect_rotated = [&](bool reflects, const std::string& when) {
      for (const std::uint64_t key : {4, 5, 6}) {
        const at::Tensor rotation = random_rotation(reflects, key);
        expect_same(rotated(plain, rotation), output(moved(input_, rotation, origin)), when);
      }
    };
    report_.rule("rotation", [&] { expect_rotated(false, "when the input is rotated"); });
    if (traits_.symmetry == SpaceSymmetry::e3)
      report_.rule("reflection", [&] { expect_rotated(true, "when the input is reflected"); });
    report_.rule("translation", [&] {
      const at::Tensor shift = torch::tensor({3.0, -7.0, 11.0}, torch::kFloat64);
      expect_same(plain, output(moved(input_, torch::eye(3, torch::kFloat64), shift)),
                  "when the input is moved");
    });
  }

  /// The derivative of weighted_sum along the gradient of one tensor, by differences, against the
  /// gradient's norm.
  void expect_derivative(at::Tensor variable, const BackboneInput& in, const at::Tensor& gradient,
                         const std::string& name) const {
    const torch::NoGradGuard no_gradients;
    const double norm = gradient.norm().item<double>();
    expect(std::isfinite(norm), fmt::format("the gradient of {} is not finite", name));
    if (norm == 0) return;
    const double step = 1e-6 * (1 + variable.norm().item<double>());
    const auto value_at = [&](double distance) {
      variable.add_(gradient, distance / norm);
      const auto value = weighted_sum(output(in)).item<double>();
      variable.add_(gradient, -distance / norm);
      return value;
    };
    const double numeric = (value_at(step) - value_at(-step)) / (2 * step);
    expect(std::abs(numeric - norm) <= contract_.gradient_tolerance * (1 + norm),
           fmt::format("derivative along the gradient of {}: {:.8g} by differences, {:.8g} by the "
                       "gradient",
                       name, numeric, norm));
  }

  void check_gradients() {
    report_.rule("gradients", [&] {
      BackboneInput in = input_;
      std::vector<std::pair<std::string, at::Tensor*>> inputs{{"scalars", &in.features.scalars},
                                                              {"vectors", &in.features.vectors},
                                                              {"edges", &in.features.edges},
                                                              {"graphs", &in.features.graphs},
                                                              {"positions", &in.graphs.positions}};
      std::vector<std::pair<std::string, at::Tensor>> variables;
      for (auto& [name, tensor] : inputs) {
        if (!tensor->defined()) continue;
        *tensor = tensor->clone().requires_grad_();
        variables.emplace_back("the input " + name, *tensor);
      }
      for (const auto& item : backbone_->named_parameters())
        variables.emplace_back(item.key(), item.value());
      std::vector<at::Tensor> tensors;
      for (const auto& [name, tensor] : variables) tensors.push_back(tensor);
      const auto gradients =
          torch::autograd::grad({weighted_sum(backbone_->forward(in.graphs, in.features))}, tensors,
                                {}, c10::nullopt, false, true);
      for (std::size_t i = 0; i < variables.size(); ++i) {
        if (gradients[i].defined())
          expect_derivative(variables[i].second, in, gradients[i], variables[i].first);
      }
    });
    report_.rule("parameters", [&] {
      expect(!backbone_->parameters().empty(), "it has no parameter");
      const auto tensors = backbone_->parameters();
      const auto names = backbone_->named_parameters().keys();
      const auto gradients =
          torch::autograd::grad({weighted_sum(backbone_->forward(input_.graphs, input_.features))},
                                tensors, {}, c10::nullopt, false, true);
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        expect(gradients[i].defined() && gradients[i].abs().max().item<double>() > 0,
               fmt::format("no output depends on the parameter {}", names[i]));
      }
    });
  }

  void check_storage() {
    report_.rule("save and load", [&] {
      const std::shared_ptr<Backbone> other = fresh(6);
      load_weights(*other, weights_of(*backbone_), "the backbone itself");
      const torch::NoGradGuard no_gradients;
      expect(difference(output(input_), other->forward(input_.graphs, input_.features)) == 0,
             "with its weights loaded into another one, it gives other values");
    });
  }

  void check_extremes() {
    report_.rule("one node", [&] { expect_shapes(input(std::array<std::int64_t, 1>{1})); });
    report_.rule("no nodes", [&] {
      expect_shapes(input(std::array<std::int64_t, 1>{0}));
      expect_shapes(input(std::array<std::int64_t, 0>{}));
    });
    if (!has_positions_) return;
    report_.rule("coincident points", [&] {
      BackboneInput in = input(std::array<std::int64_t, 2>{3, 2});
      in.graphs.positions = torch::zeros_like(in.graphs.positions).requires_grad_();
      expect_shapes(in);
      const at::Tensor value = weighted_sum(backbone_->forward(in.graphs, in.features));
      const auto gradients =
          torch::autograd::grad({value}, {in.graphs.positions}, {}, c10::nullopt, false, true);
      expect(!gradients[0].defined() || torch::isfinite(gradients[0]).all().item<bool>(),
             "the gradient of the positions is not finite");
    });
  }

  void check_other_device() {
    report_.rule("other device", [&] {
      const std::shared_ptr<Backbone> other = fresh(6);
      load_weights(*other, weights_of(*backbone_), "the backbone itself");
      other->to(separate_device());
      const BackboneInput there = on_device(input_, separate_device());
      const Features result = other->forward(there.graphs, there.features);
      weighted_sum(on_device(result, at::kCPU)).backward();
      const torch::NoGradGuard no_gradients;
      expect_same(output(input_), on_device(result, at::kCPU), "between two devices");
    });
  }

  const Subject<Backbone>& subject_;
  BackboneContract contract_;
  ContractReport& report_;
  std::shared_ptr<Backbone> backbone_;
  BackboneTraits traits_;
  bool has_positions_ = false;
  BackboneInput input_;
};

}  // namespace

ContractReport check_backbone(const Subject<Backbone>& subject, BackboneContract contract) {
  ContractReport report("backbone");
  check_keys(report, subject.schema, contract.options);
  Checker checker(subject, contract, report);
  if (checker.build()) checker.check();
  return report;
}

}  // namespace equigen::testing
