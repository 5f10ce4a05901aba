// SPDX-License-Identifier: MIT
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/autograd.h>
#include <torch/custom_class.h>
#include <torch/types.h>

#include "equigen/nn/atom_pairs.h"

namespace equigen {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::tensor_list;

/// Rows of a contiguous [rows, width] matrix.
template <typename T>
struct Rows {
  T* data;
  std::int64_t width;
  T* operator[](std::int64_t row) const { return data + row * width; }
};

template <typename T>
Rows<T> rows_of(const at::Tensor& tensor) {
  return {tensor.data_ptr<T>(), tensor.size(-1)};
}

using SharedPairs = std::shared_ptr<const AtomPairs>;

/// Keeps the pairs until the backward pass.
struct PairsCapsule : torch::CustomClassHolder {
  explicit PairsCapsule(SharedPairs kept) : pairs(std::move(kept)) {}
  SharedPairs pairs;
};

void remember(AutogradContext& context, const SharedPairs& pairs) {
  context.saved_data["pairs"] = c10::IValue::make_capsule(c10::make_intrusive<PairsCapsule>(pairs));
}

const AtomPairs& remembered(const AutogradContext& context) {
  const auto capsule = context.saved_data.at("pairs").toCapsule();
  return *static_cast<const PairsCapsule&>(*capsule).pairs;
}

template <typename T>
void add(T* __restrict to, const T* __restrict from, std::int64_t width) {
  for (std::int64_t h = 0; h < width; ++h) to[h] += from[h];
}

/// Crystals in parallel; a crystal's rows belong to it alone.
template <typename Work>
void for_each_crystal(const AtomPairs& pairs, const Work& work) {
  const std::int64_t crystals = pairs.crystal_count();
  if (crystals == 0) return;
  const std::int64_t edges_each = std::max<std::int64_t>(pairs.edge_count() / crystals, 1);
  const std::int64_t grain = std::max<std::int64_t>(256 / edges_each, 1);
  at::parallel_for(0, crystals, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) work(b);
  });
}

/// Calls visit(edge, i, j, pair) for all edges of crystal b, with atoms counted over the batch;
/// pair -1 for an atom with itself.
template <typename Visit>
void for_each_edge(const AtomPairs& pairs, std::int64_t b, const Visit& visit) {
  const auto at = static_cast<std::size_t>(b);
  const std::int64_t size = pairs.sizes()[at];
  const std::int64_t atom = pairs.atom_offsets()[at];
  const std::int64_t pair = pairs.pair_offsets()[at];
  std::int64_t edge = pairs.edge_offsets()[at];
  const auto pair_of = [&](std::int64_t i, std::int64_t j) {
    return pair + i * size - i * (i + 1) / 2 + j - i - 1;
  };
  for (std::int64_t i = 0; i < size; ++i) {
    for (std::int64_t j = 0; j < size; ++j) {
      if (i == j && !pairs.self_edges()) continue;
      visit(edge++, atom + i, atom + j, i < j ? pair_of(i, j) : j < i ? pair_of(j, i) : -1);
    }
  }
}

template <typename T>
void add_terms(const AtomPairs& pairs, const tensor_list& terms, at::Tensor& sums) {
  const auto receiver = rows_of<T>(terms[0]);
  const auto sender = rows_of<T>(terms[1]);
  const auto crystal = rows_of<T>(terms[2]);
  const auto antisymmetric = rows_of<T>(terms[3]);
  const auto symmetric = rows_of<T>(terms[4]);
  const T* self = pairs.self_edges() ? terms[5].data_ptr<T>() : nullptr;
  const auto out = rows_of<T>(sums);
  const std::int64_t width = out.width;
  for_each_crystal(pairs, [&](std::int64_t b) {
    const T* __restrict common = crystal[b];
    for_each_edge(pairs, b, [&](std::int64_t edge, std::int64_t i, std::int64_t j, std::int64_t p) {
      T* __restrict sum = out[edge];
      const T* __restrict to = receiver[i];
      const T* __restrict from = sender[j];
      if (p < 0) {
        for (std::int64_t h = 0; h < width; ++h) sum[h] = to[h] + from[h] + common[h] + self[h];
        return;
      }
      const T sign = i < j ? T(1) : T(-1);
      const T* __restrict odd = antisymmetric[p];
      const T* __restrict even = symmetric[p];
      for (std::int64_t h = 0; h < width; ++h)
        sum[h] = to[h] + from[h] + common[h] + sign * odd[h] + even[h];
    });
  });
}

/// The reverse: gradients of the six terms, which start at zero; `self` is [B, H] here.
template <typename T>
void collect_terms(const AtomPairs& pairs, const at::Tensor& gradient, const tensor_list& terms) {
  const auto receiver = rows_of<T>(terms[0]);
  const auto sender = rows_of<T>(terms[1]);
  const auto crystal = rows_of<T>(terms[2]);
  const auto antisymmetric = rows_of<T>(terms[3]);
  const auto symmetric = rows_of<T>(terms[4]);
  const auto self = rows_of<T>(terms[5]);
  const auto in = rows_of<T>(gradient);
  const std::int64_t width = in.width;
  for_each_crystal(pairs, [&](std::int64_t b) {
    const auto at = static_cast<std::size_t>(b);
    for_each_edge(pairs, b, [&](std::int64_t edge, std::int64_t i, std::int64_t j, std::int64_t p) {
      const T* __restrict slope = in[edge];
      add(receiver[i], slope, width);
      add(sender[j], slope, width);
      if (p < 0) return add(self[b], slope, width);
      const T sign = i < j ? T(1) : T(-1);
      T* __restrict odd = antisymmetric[p];
      T* __restrict even = symmetric[p];
      for (std::int64_t h = 0; h < width; ++h) {
        odd[h] += sign * slope[h];
        even[h] += slope[h];
      }
    });
    const std::int64_t first = pairs.atom_offsets()[at];
    for (std::int64_t i = first; i < first + pairs.sizes()[at]; ++i)
      add(crystal[b], receiver[i], width);
  });
}

struct EdgeSums : Function<EdgeSums> {
  static at::Tensor forward(AutogradContext* context, const SharedPairs& pairs,
                            const at::Tensor& receiver, const at::Tensor& sender,
                            const at::Tensor& crystal, const at::Tensor& antisymmetric,
                            const at::Tensor& symmetric, const at::Tensor& self) {
    remember(*context, pairs);
    const tensor_list terms{receiver.contiguous(),  sender.contiguous(),
                            crystal.contiguous(),   antisymmetric.contiguous(),
                            symmetric.contiguous(), self.contiguous()};
    at::Tensor sums = torch::empty({pairs->edge_count(), terms[0].size(1)}, terms[0].options());
    AT_DISPATCH_FLOATING_TYPES(sums.scalar_type(), "edge_sums",
                               [&] { add_terms<scalar_t>(*pairs, terms, sums); });
    return sums;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const AtomPairs& pairs = remembered(*context);
    const at::Tensor gradient = gradients[0].contiguous();
    const std::int64_t width = gradient.size(1);
    const auto zeros = [&](std::int64_t rows) {
      return torch::zeros({rows, width}, gradient.options());
    };
    tensor_list terms{
        zeros(pairs.atom_count()),    zeros(pairs.atom_count()),
        zeros(pairs.crystal_count()), zeros(pairs.pair_count()),
        zeros(pairs.pair_count()),    zeros(pairs.self_edges() ? pairs.crystal_count() : 0)};
    AT_DISPATCH_FLOATING_TYPES(gradient.scalar_type(), "edge_sums_backward",
                               [&] { collect_terms<scalar_t>(pairs, gradient, terms); });
    terms[5] = pairs.self_edges() ? terms[5].sum(0) : at::Tensor();
    terms.insert(terms.begin(), at::Tensor());
    return terms;
  }
};

template <typename T>
void average(const AtomPairs& pairs, const at::Tensor& messages, at::Tensor& means) {
  const auto in = rows_of<T>(messages);
  const auto out = rows_of<T>(means);
  for_each_crystal(pairs, [&](std::int64_t b) {
    const auto at = static_cast<std::size_t>(b);
    const std::int64_t first = pairs.atom_offsets()[at];
    const std::int64_t size = pairs.sizes()[at];
    const std::int64_t senders = pairs.self_edges() ? size : size - 1;
    for_each_edge(pairs, b, [&](std::int64_t edge, std::int64_t i, std::int64_t, std::int64_t) {
      add(out[i], in[edge], in.width);
    });
    const T factor = T(1) / static_cast<T>(std::max<std::int64_t>(senders, 1));
    T* mean = out[first];
    for (std::int64_t k = 0; k < size * in.width; ++k) mean[k] *= factor;
  });
}

template <typename T>
void spread(const AtomPairs& pairs, const at::Tensor& means, at::Tensor& messages) {
  const auto in = rows_of<T>(means);
  const auto out = rows_of<T>(messages);
  for_each_crystal(pairs, [&](std::int64_t b) {
    const std::int64_t size = pairs.sizes()[static_cast<std::size_t>(b)];
    const std::int64_t senders = pairs.self_edges() ? size : size - 1;
    const T factor = T(1) / static_cast<T>(std::max<std::int64_t>(senders, 1));
    for_each_edge(pairs, b, [&](std::int64_t edge, std::int64_t i, std::int64_t, std::int64_t) {
      T* __restrict to = out[edge];
      const T* __restrict from = in[i];
      for (std::int64_t h = 0; h < in.width; ++h) to[h] = factor * from[h];
    });
  });
}

struct MeanOverSenders : Function<MeanOverSenders> {
  static at::Tensor forward(AutogradContext* context, const SharedPairs& pairs,
                            const at::Tensor& messages) {
    remember(*context, pairs);
    const at::Tensor in = messages.contiguous();
    at::Tensor means = torch::zeros({pairs->atom_count(), in.size(1)}, in.options());
    AT_DISPATCH_FLOATING_TYPES(in.scalar_type(), "mean_over_senders",
                               [&] { average<scalar_t>(*pairs, in, means); });
    return means;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const AtomPairs& pairs = remembered(*context);
    const at::Tensor means = gradients[0].contiguous();
    at::Tensor messages = torch::empty({pairs.edge_count(), means.size(1)}, means.options());
    AT_DISPATCH_FLOATING_TYPES(means.scalar_type(), "mean_over_senders_backward",
                               [&] { spread<scalar_t>(pairs, means, messages); });
    return {at::Tensor(), messages};
  }
};

}  // namespace

at::Tensor edge_sums(const std::shared_ptr<const AtomPairs>& pairs, const PairTerms& terms) {
  if (!terms.receiver.device().is_cpu()) return edge_sums_by_index(*pairs, terms);
  const at::Tensor self =
      terms.self.defined() ? terms.self : torch::zeros({0}, terms.receiver.options());
  return EdgeSums::apply(pairs, terms.receiver, terms.sender, terms.crystal, terms.antisymmetric,
                         terms.symmetric, self);
}

at::Tensor edge_sums_by_index(const AtomPairs& pairs, const PairTerms& terms) {
  const AtomPairs::Edges& edges = pairs.edges();
  const at::Tensor sign = edges.sign.to(terms.receiver.dtype()).unsqueeze(1);
  // One row more for an atom with itself.
  const at::Tensor none = torch::zeros({1, terms.receiver.size(1)}, terms.receiver.options());
  const at::Tensor self = terms.self.defined() ? terms.self.unsqueeze(0) : none;
  const at::Tensor odd = torch::cat({terms.antisymmetric, none});
  const at::Tensor even = torch::cat({terms.symmetric, self});
  return terms.receiver.index_select(0, edges.receiver) +
         terms.sender.index_select(0, edges.sender) + terms.crystal.index_select(0, edges.crystal) +
         sign * odd.index_select(0, edges.pair) + even.index_select(0, edges.pair);
}

at::Tensor mean_over_senders(const std::shared_ptr<const AtomPairs>& pairs,
                             const at::Tensor& messages) {
  if (!messages.device().is_cpu()) return mean_over_senders_by_index(*pairs, messages);
  return MeanOverSenders::apply(pairs, messages);
}

at::Tensor mean_over_senders_by_index(const AtomPairs& pairs, const at::Tensor& messages) {
  const at::Tensor sums = torch::zeros({pairs.atom_count(), messages.size(1)}, messages.options())
                              .index_add(0, pairs.edges().receiver, messages);
  const at::Tensor senders = pairs.size_of_crystal() - (pairs.self_edges() ? 0 : 1);
  const at::Tensor count = senders.clamp_min(1).index_select(0, pairs.crystal_of_atom());
  return sums / count.to(messages.dtype()).unsqueeze(1);
}

}  // namespace equigen
