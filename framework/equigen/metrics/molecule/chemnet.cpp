// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/chemnet.h"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <variant>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/metrics/molecule/chemnet_file.h"

namespace equigen::chemnet {
namespace {

constexpr std::array<std::string_view, kTokens> kVocabulary = {
    "C", "N", "O", "H", "F", "Cl", "P", "B", "Br", "S", "I", "Si", "#", "(", ")", "+", "-", "1",
    "2", "3", "4", "5", "6", "7",  "8", "=", "[",  "]", "@", "c",  "n", "o", "s", "X", "."};
constexpr int kUnknown = 33;
constexpr int kEnd = 34;
/// Molecules that go through the network together; bounds the memory of a thread to some 30 MB.
constexpr std::size_t kBatch = 32;

using Matrix = Eigen::MatrixXf;
/// One matrix [channels, molecules] a position.
using Sequence = std::vector<Matrix>;

struct Convolution {
  std::vector<Matrix> taps;  ///< [out, in] of each place of the kernel
  Eigen::VectorXf bias;
  int stride = 1;
  std::string activation;
};

struct Lstm {
  Matrix input;   ///< [4 hidden, in]: input, forget, cell, output gate
  Matrix hidden;  ///< [4 hidden, hidden]
  Eigen::VectorXf bias;
  bool reverse = false;
  bool last_only = false;
};

void activate(Matrix& values, const std::string& name) {
  if (name == "relu") {
    values = values.cwiseMax(0.0F);
  } else if (name == "selu") {
    values = values.unaryExpr([](float x) {
      return 1.0507009873554805F * (x > 0 ? x : 1.6732632423543772F * std::expm1(x));
    });
  } else if (name == "tanh") {
    values = values.array().tanh().matrix();
  } else {
    values = values.unaryExpr([](float x) { return 1 / (1 + std::exp(-x)); });
  }
}

Sequence apply(const Convolution& layer, Sequence input) {
  Sequence output;
  for (std::size_t start = 0; start + layer.taps.size() <= input.size();
       start += static_cast<std::size_t>(layer.stride)) {
    Matrix values = layer.bias.replicate(1, input.front().cols());
    for (std::size_t k = 0; k < layer.taps.size(); ++k)
      values.noalias() += layer.taps[k] * input[start + k];
    activate(values, layer.activation);
    output.push_back(std::move(values));
  }
  return output;
}

Sequence apply(const Lstm& layer, Sequence input) {
  if (layer.reverse) std::reverse(input.begin(), input.end());
  const Eigen::Index size = layer.hidden.cols();
  Matrix hidden = Matrix::Zero(size, input.front().cols());
  Matrix cell = hidden;
  Matrix gates;
  const auto sigmoid = [](float x) { return 1 / (1 + std::exp(-x)); };
  for (Matrix& values : input) {
    gates = layer.bias.replicate(1, values.cols());
    gates.noalias() += layer.input * values;
    gates.noalias() += layer.hidden * hidden;
    const auto gate = [&](int k) { return gates.middleRows(k * size, size); };
    cell = gate(1).unaryExpr(sigmoid).cwiseProduct(cell) +
           gate(0).unaryExpr(sigmoid).cwiseProduct(gate(2).array().tanh().matrix());
    hidden = gate(3).unaryExpr(sigmoid).cwiseProduct(cell.array().tanh().matrix());
    values = hidden;
  }
  if (layer.last_only) input.erase(input.begin(), input.end() - 1);
  return input;
}

Sequence encoded(std::span<const std::string> smiles) {
  Sequence input(kLength, Matrix::Zero(kTokens, static_cast<Eigen::Index>(smiles.size())));
  for (std::size_t m = 0; m < smiles.size(); ++m) {
    const std::vector<int> found = tokens(smiles[m]);
    // The published input is divided by the number of tokens in the vocabulary.
    for (std::size_t t = 0; t < found.size(); ++t)
      input[t](found[t], static_cast<Eigen::Index>(m)) = 1.0F / kTokens;
  }
  return input;
}

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix matrix_of(const Weights& weights, const char* name) {
  const Tensor& tensor = weights.tensor(name, 2);
  return Eigen::Map<const RowMajor>(tensor.values.data(), tensor.shape[0], tensor.shape[1]);
}

Eigen::VectorXf vector_of(const Weights& weights, const char* name, Eigen::Index size) {
  const Tensor& tensor = weights.tensor(name, 1);
  if (tensor.shape[0] != size) weights.refuse(fmt::format("{} does not fit its layer", name));
  return Eigen::Map<const Eigen::VectorXf>(tensor.values.data(), size);
}

Convolution convolution_of(const Weights& weights) {
  const Tensor& kernel = weights.tensor("weight", 3);
  Convolution layer;
  layer.stride = static_cast<int>(weights.integer("stride"));
  layer.activation = weights.text("activation");
  const std::array<std::string_view, 4> known = {"relu", "selu", "tanh", "sigmoid"};
  if (std::find(known.begin(), known.end(), layer.activation) == known.end())
    weights.refuse(fmt::format("the activation {} is not known", layer.activation));
  if (weights.text("padding") != "valid")
    weights.refuse("only convolutions without padding are supported");
  if (layer.stride < 1 || kernel.shape[2] < 1) weights.refuse("a convolution without extent");
  for (std::int64_t k = 0; k < kernel.shape[2]; ++k) {
    Matrix tap(kernel.shape[0], kernel.shape[1]);
    for (std::int64_t o = 0; o < kernel.shape[0]; ++o)
      for (std::int64_t i = 0; i < kernel.shape[1]; ++i)
        tap(o, i) =
            kernel
                .values[static_cast<std::size_t>((o * kernel.shape[1] + i) * kernel.shape[2] + k)];
    layer.taps.push_back(std::move(tap));
  }
  layer.bias = vector_of(weights, "bias", kernel.shape[0]);
  return layer;
}

Lstm lstm_of(const Weights& weights) {
  Lstm layer;
  layer.input = matrix_of(weights, "weight_ih_l0");
  layer.hidden = matrix_of(weights, "weight_hh_l0");
  if (layer.hidden.rows() != 4 * layer.hidden.cols() || layer.input.rows() != layer.hidden.rows())
    weights.refuse("the matrices of an LSTM do not fit");
  layer.bias = vector_of(weights, "bias_ih_l0", layer.hidden.rows()) +
               vector_of(weights, "bias_hh_l0", layer.hidden.rows());
  layer.reverse = weights.flag("reverse");
  layer.last_only = weights.flag("last");
  return layer;
}

}  // namespace

struct Network::Layers {
  std::vector<std::variant<Convolution, Lstm>> list;
};

std::vector<int> tokens(std::string_view smiles) {
  std::vector<int> result;
  std::size_t place = 0;
  while (place < smiles.size() && smiles[place] != '.' && result.size() + 1 < kLength) {
    const bool has_next = place + 1 < smiles.size();
    const char next = has_next ? smiles[place + 1] : '\0';
    const std::size_t width = next == 'r' || next == 'i' || next == 'l' ? 2 : 1;
    const auto found =
        std::find(kVocabulary.begin(), kVocabulary.end(), smiles.substr(place, width));
    result.push_back(found == kVocabulary.end() ? kUnknown
                                                : static_cast<int>(found - kVocabulary.begin()));
    place += width;
  }
  result.push_back(kEnd);
  return result;
}

Network Network::read(const std::filesystem::path& path) {
  auto layers = std::make_shared<Layers>();
  std::int64_t channels = kTokens;
  for (const Weights& weights : read_chemnet_file(path)) {
    std::int64_t inputs = 0;
    std::int64_t outputs = 0;
    if (weights.kind() == "Conv1d") {
      const Convolution& layer =
          std::get<Convolution>(layers->list.emplace_back(convolution_of(weights)));
      inputs = layer.taps.front().cols();
      outputs = layer.taps.front().rows();
    } else if (weights.kind() == "LSTM") {
      const Lstm& layer = std::get<Lstm>(layers->list.emplace_back(lstm_of(weights)));
      inputs = layer.input.cols();
      outputs = layer.hidden.cols();
    } else {
      weights.refuse(fmt::format("a layer of kind {}", weights.kind()));
    }
    if (inputs != channels) weights.refuse("the sizes of two layers do not fit");
    channels = outputs;
  }
  const bool has_end = !layers->list.empty() && std::holds_alternative<Lstm>(layers->list.back()) &&
                       std::get<Lstm>(layers->list.back()).last_only;
  if (!has_end)
    throw DataError(
        "chemnet-file",
        fmt::format("{}: the last layer is no LSTM that gives its last state", path.string()));
  Network network;
  network.layers_ = std::move(layers);
  return network;
}

PointSet Network::activations(std::span<const std::string> smiles) const {
  const Eigen::Index size = std::get<Lstm>(layers_->list.back()).hidden.cols();
  PointSet result{static_cast<std::int64_t>(smiles.size()), size, {}};
  result.values.resize(smiles.size() * static_cast<std::size_t>(size));
  const std::size_t batches = (smiles.size() + kBatch - 1) / kBatch;
  parallel_for(static_cast<std::int64_t>(batches), [&](std::int64_t batch) {
    const std::size_t first = static_cast<std::size_t>(batch) * kBatch;
    const auto part = smiles.subspan(first, std::min(kBatch, smiles.size() - first));
    Sequence values = encoded(part);
    for (const auto& layer : layers_->list) {
      values = std::visit([&](const auto& own) { return apply(own, std::move(values)); }, layer);
      if (values.empty())
        throw DataError("chemnet-file", "the network's convolutions leave nothing of the input");
    }
    std::copy(values.back().data(), values.back().data() + values.back().size(),
              result.values.begin() + static_cast<std::ptrdiff_t>(first) * size);
  });
  return result;
}

}  // namespace equigen::chemnet
