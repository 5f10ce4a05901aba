// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/chemnet_file.h"

#include <fmt/format.h>

#include <cstring>

#include "equigen/base/error.h"
#include "equigen/base/pytorch_container.h"

namespace equigen::chemnet {
namespace {

using pickle::Node;
using Kind = Node::Kind;

constexpr std::int64_t kMostValues = 100'000'000;

/// Walks the pickle of the file; every value it takes is checked.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path)
      : source_(path.string()), container_(read_pytorch_container(path)) {}

  std::vector<Weights> layers() {
    std::vector<Weights> result;
    for (const pickle::NodeId id : items(container_.document.root)) {
      const auto pair = items(id, 2);
      const auto parts = items(pair[1], 3);
      Weights weights(source_, text(pair[0]));
      for (const auto& [key, value] : node(parts[0]).pairs)
        weights.tensors.emplace(text(key), tensor(value));
      add_settings(parts[1], weights);
      add_settings(parts[2], weights);
      result.push_back(std::move(weights));
    }
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw DataError("chemnet-file", fmt::format("{}: not ChemNet's weights: {}", source_, what),
                    "expected is ChemNet_v0.13_pretrained.pt of the Python package fcd_torch");
  }

  const Node& node(pickle::NodeId id) const { return container_.document.at(id); }

  const std::vector<pickle::NodeId>& items(pickle::NodeId id, std::size_t count = 0) const {
    const Node& own = node(id);
    const bool is_sequence = own.kind == Kind::list || own.kind == Kind::tuple;
    if (!is_sequence || (count > 0 && own.items.size() < count)) fail("a list is missing");
    return own.items;
  }

  const std::string& text(pickle::NodeId id) const {
    if (node(id).kind != Kind::text) fail("a name is missing");
    return node(id).text;
  }

  std::vector<std::int64_t> integers(pickle::NodeId id) const {
    std::vector<std::int64_t> result;
    for (const pickle::NodeId item : items(id)) result.push_back(integer(item));
    return result;
  }

  std::int64_t integer(pickle::NodeId id) const {
    if (node(id).kind != Kind::integer && node(id).kind != Kind::boolean)
      fail("a number is missing");
    return node(id).integer;
  }

  void add_settings(pickle::NodeId id, Weights& weights) const {
    for (const auto& [key, value] : node(id).pairs) {
      const Node& own = node(value);
      if (own.kind == Kind::text) weights.texts[text(key)] = own.text;
      if (own.kind == Kind::integer || own.kind == Kind::boolean)
        weights.integers[text(key)] = own.integer;
      if (text(key) == "dilation" && own.kind == Kind::tuple) {
        for (const std::int64_t dilation : integers(value))
          if (dilation != 1) fail("a dilated convolution");
      }
    }
  }

  Tensor tensor(pickle::NodeId id) const {
    const Node& call = node(id);
    if (call.kind != Kind::call || !call.arguments ||
        !call.text.starts_with("torch._utils._rebuild_tensor"))
      fail("a tensor is missing");
    const auto& arguments = items(*call.arguments, 4);
    Tensor result;
    result.shape = integers(arguments[2]);
    std::int64_t count = 1;
    for (const std::int64_t extent : result.shape) {
      if (extent < 0 || extent > kMostValues || (count *= extent) > kMostValues)
        fail("a tensor is too large");
    }
    copy(storage(arguments[0]), integer(arguments[1]), integers(arguments[3]), count, result);
    return result;
  }

  const std::string& storage(pickle::NodeId id) const {
    const Node& own = node(id);
    if (own.kind != Kind::persistent || !own.arguments) fail("a tensor without a storage");
    const auto& arguments = items(*own.arguments, 3);
    if (node(arguments[1]).text != "torch.FloatStorage") fail("a tensor that is not of float32");
    const auto found = container_.storages.find(text(arguments[2]));
    if (found == container_.storages.end()) fail("a storage is missing");
    return found->second;
  }

  void copy(const std::string& bytes, std::int64_t offset, const std::vector<std::int64_t>& strides,
            std::int64_t count, Tensor& target) const {
    const std::size_t dimensions = target.shape.size();
    if (strides.size() != dimensions || offset < 0) fail("a tensor without a layout");
    target.values.resize(static_cast<std::size_t>(count));
    std::vector<std::int64_t> place(dimensions, 0);
    for (float& value : target.values) {
      std::int64_t index = offset;
      for (std::size_t d = 0; d < dimensions; ++d) {
        if (strides[d] < 0 || strides[d] > kMostValues) fail("a tensor outside its storage");
        index += place[d] * strides[d];
      }
      if (static_cast<std::uint64_t>(index) >= bytes.size() / sizeof(float))
        fail("a tensor outside its storage");
      std::memcpy(&value, bytes.data() + static_cast<std::size_t>(index) * sizeof(float),
                  sizeof(float));
      for (std::size_t d = dimensions; d > 0 && ++place[d - 1] == target.shape[d - 1]; --d)
        place[d - 1] = 0;
    }
  }

  std::string source_;
  PytorchContainer container_;
};

template <typename Map>
const typename Map::mapped_type& taken(const Map& map, const std::string& name,
                                       const Weights& weights) {
  const auto found = map.find(name);
  if (found == map.end()) weights.refuse(fmt::format("{} has no {}", weights.kind(), name));
  return found->second;
}

}  // namespace

const Tensor& Weights::tensor(const std::string& name, std::size_t dimensions) const {
  const Tensor& found = taken(tensors, name, *this);
  if (found.shape.size() != dimensions) refuse(fmt::format("{} has a wrong shape", name));
  return found;
}

std::int64_t Weights::integer(const std::string& name) const {
  return taken(integers, name, *this);
}

const std::string& Weights::text(const std::string& name) const {
  return taken(texts, name, *this);
}

void Weights::refuse(const std::string& what) const {
  throw DataError("chemnet-file", fmt::format("{}: not ChemNet's weights: {}", source_, what),
                  "expected is ChemNet_v0.13_pretrained.pt of the Python package fcd_torch");
}

std::vector<Weights> read_chemnet_file(const std::filesystem::path& path) {
  return Reader(path).layers();
}

}  // namespace equigen::chemnet
