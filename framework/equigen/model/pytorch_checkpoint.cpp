// SPDX-License-Identifier: MIT
#include "equigen/model/pytorch_checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/base/pytorch_container.h"

namespace equigen {
namespace {

using nlohmann::json;
using pickle::Node;
using pickle::NodeId;
using Kind = Node::Kind;

constexpr int kDeepest = 100;
/// Sharing lets a small pickle unfold without bound.
constexpr std::int64_t kMostValues = 5'000'000;
constexpr std::size_t kMostTensors = 50'000;
/// Strides of zero let a small storage unfold; real checkpoints have none.
constexpr std::int64_t kExtraTensorBytes = std::int64_t{64} << 20;

std::optional<at::ScalarType> scalar_type(std::string storage_class) {
  if (storage_class.starts_with("torch.cuda.")) storage_class.replace(0, 11, "torch.");
  static const std::unordered_map<std::string, at::ScalarType> types = {
      {"torch.DoubleStorage", at::kDouble}, {"torch.FloatStorage", at::kFloat},
      {"torch.HalfStorage", at::kHalf},     {"torch.BFloat16Storage", at::kBFloat16},
      {"torch.LongStorage", at::kLong},     {"torch.IntStorage", at::kInt},
      {"torch.ShortStorage", at::kShort},   {"torch.CharStorage", at::kChar},
      {"torch.ByteStorage", at::kByte},     {"torch.BoolStorage", at::kBool},
  };
  const auto found = types.find(storage_class);
  if (found == types.end()) return std::nullopt;
  return found->second;
}

bool is_tensor_call(const Node& node) {
  return node.kind == Kind::call && node.text.starts_with("torch._utils._rebuild_tensor");
}

bool is_parameter_call(const Node& node) {
  return node.kind == Kind::call && node.text.starts_with("torch._utils._rebuild_parameter");
}

/// A text that JSON can hold: what is not UTF-8 is replaced.
json valid_text(const std::string& text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return text;
  return json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace));
}

/// Turns the nodes of a pickle into JSON and tensors.
class Converter {
 public:
  Converter(const PytorchContainer& container, std::string source)
      : container_(container), document_(container.document), source_(std::move(source)) {
    for (const auto& [key, bytes] : container.storages) {
      tensor_bytes_left_ += static_cast<std::int64_t>(bytes.size());
    }
  }

  PytorchCheckpoint convert() {
    PytorchCheckpoint result;
    result.content = value(document_.root, "", 0);
    result.tensors = std::move(tensors_);
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw DataError("pytorch-file", fmt::format("{}: {}", source_, message),
                    "the file is damaged, or holds what equigen cannot read");
  }

  const Node& node(NodeId id) const { return document_.at(id); }

  static std::string below(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "/" + key;
  }

  json value(NodeId id, const std::string& path, int depth) {
    if (depth > kDeepest) fail(fmt::format("it is nested deeper than {} levels", kDeepest));
    if (++values_ > kMostValues) fail("it unfolds to too many values");
    const Node& it = node(id);
    switch (it.kind) {
      case Kind::none:
        return nullptr;
      case Kind::boolean:
        return it.integer != 0;
      case Kind::integer:
        return it.integer;
      case Kind::real:
        return it.real;
      case Kind::text:
        return valid_text(it.text);
      case Kind::big_integer:
        return json{{"$class", "int"}};
      case Kind::bytes:
        return json{{"$class", "bytes"}};
      case Kind::global:
        return json{{"$class", "type"}, {"name", it.text}};
      case Kind::list:
      case Kind::tuple:
      case Kind::set:
        return list(it.items, path, depth);
      case Kind::dict:
        return dict(it.pairs, path, depth);
      case Kind::persistent:
        return json{{"$class", "storage"}};
      case Kind::call:
        return call(id, path, depth);
      case Kind::object:
        return object(it, it.text, path, depth);
    }
    fail("it holds an unknown value");
  }

  json list(const std::vector<NodeId>& items, const std::string& path, int depth) {
    json result = json::array();
    for (std::size_t i = 0; i < items.size(); ++i) {
      result.push_back(value(items[i], below(path, std::to_string(i)), depth + 1));
    }
    return result;
  }

  std::string key_text(NodeId id) const {
    const Node& key = node(id);
    if (key.kind == Kind::text) return valid_text(key.text).get<std::string>();
    if (key.kind == Kind::integer) return std::to_string(key.integer);
    if (key.kind == Kind::boolean) return key.integer != 0 ? "true" : "false";
    if (key.kind == Kind::real) return fmt::format("{}", key.real);
    if (key.kind == Kind::none) return "none";
    fail("a dict has a key that is neither text nor number");
  }

  json dict(const std::vector<std::pair<NodeId, NodeId>>& pairs, const std::string& path,
            int depth) {
    json result = json::object();
    for (const auto& [key, item] : pairs) {
      const auto name = key_text(key);
      result[name] = value(item, below(path, name), depth + 1);
    }
    return result;
  }

  json object(const Node& it, const std::string& class_name, const std::string& path, int depth) {
    if (!it.pairs.empty()) return dict(it.pairs, path, depth);
    if (!it.items.empty()) return list(it.items, path, depth);
    json result = {{"$class", class_name}};
    if (it.state) result["state"] = value(*it.state, below(path, "state"), depth + 1);
    return result;
  }

  json call(NodeId id, const std::string& path, int depth) {
    const Node& it = node(id);
    if (is_tensor_call(it)) {
      if (tensors_.size() >= kMostTensors) fail("it holds too many tensors");
      tensors_.set(path, tensor(id));
      return {{"$tensor", path}};
    }
    const auto& arguments = node(*it.arguments).items;
    if (is_parameter_call(it) && !arguments.empty()) return value(arguments[0], path, depth + 1);
    if (it.text == "collections.OrderedDict" || it.text == "collections.defaultdict") {
      return ordered_dict(it, arguments, path, depth);
    }
    if (it.text.ends_with("multiarray.scalar")) return numpy_scalar(arguments);
    if (it.text == "torch.Size" && !arguments.empty()) return value(arguments[0], path, depth + 1);
    if (it.text.ends_with("._reconstructor") && !arguments.empty()) {
      return object(it, node(arguments[0]).text, path, depth);
    }
    if (it.text.starts_with("builtins.") || it.text.starts_with("__builtin__.")) {
      if (!arguments.empty()) return value(arguments[0], path, depth + 1);
    }
    json opaque = object(it, it.text, path, depth);
    if (opaque.contains("$class"))
      opaque["arguments"] = list(arguments, below(path, "arguments"), depth + 1);
    return opaque;
  }

  /// OrderedDict() is filled by later opcodes; Python 2 passed a list of pairs instead.
  json ordered_dict(const Node& it, const std::vector<NodeId>& arguments, const std::string& path,
                    int depth) {
    auto pairs = it.pairs;
    if (it.text == "collections.OrderedDict" && !arguments.empty()) {
      for (const auto item : node(arguments[0]).items) {
        const auto& pair = node(item).items;
        if (pair.size() != 2) fail("an OrderedDict is made of what are no pairs");
        pairs.emplace_back(pair[0], pair[1]);
      }
    }
    return dict(pairs, path, depth);
  }

  /// The bytes of a numpy scalar: bytes, or a text that was encoded as Latin-1.
  std::string scalar_bytes(NodeId id) const {
    const Node& it = node(id);
    if (it.kind == Kind::bytes) return it.text;
    if (it.text != "_codecs.encode") fail("a numpy number is malformed");
    const auto& arguments = node(*it.arguments).items;
    if (arguments.empty()) fail("a numpy number is malformed");
    const std::string& utf8 = node(arguments[0]).text;
    std::string bytes;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
      const auto first = static_cast<unsigned char>(utf8[i]);
      if (first < 0x80) {
        bytes += utf8[i];
      } else if ((first == 0xc2 || first == 0xc3) && i + 1 < utf8.size()) {
        bytes += static_cast<char>((first & 0x03) << 6 | (utf8[++i] & 0x3f));
      } else {
        fail("a numpy number is malformed");
      }
    }
    return bytes;
  }

  template <typename T>
  T from_bytes(const std::string& bytes) const {
    T number{};
    if (bytes.size() != sizeof number) fail("a numpy number is malformed");
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }

  json numpy_scalar(const std::vector<NodeId>& arguments) const {
    if (arguments.size() != 2 || node(arguments[0]).text != "numpy.dtype") {
      fail("a numpy number is malformed");
    }
    const auto& dtype = node(*node(arguments[0]).arguments).items;
    const std::string name = dtype.empty() ? "" : node(dtype[0]).text;
    const auto bytes = scalar_bytes(arguments[1]);
    if (name == "f8") return from_bytes<double>(bytes);
    if (name == "f4") return from_bytes<float>(bytes);
    if (name == "i8") return from_bytes<std::int64_t>(bytes);
    if (name == "i4") return from_bytes<std::int32_t>(bytes);
    if (name == "b1") return from_bytes<std::uint8_t>(bytes) != 0;
    return {{"$class", "numpy." + name}};
  }

  std::vector<std::int64_t> integers(NodeId id) const {
    std::vector<std::int64_t> result;
    for (const auto item : node(id).items) {
      if (node(item).kind != Kind::integer) fail("a tensor's shape is malformed");
      result.push_back(node(item).integer);
    }
    return result;
  }

  struct Storage {
    const std::string* bytes;
    at::ScalarType type;
    std::int64_t offset = 0;  ///< of a view into another storage (older format)
  };

  Storage storage(NodeId id) const {
    const Node& it = node(id);
    if (it.kind != Kind::persistent) fail("a tensor has no storage");
    const auto& parts = node(*it.arguments).items;
    if (parts.size() < 5 || node(parts[0]).text != "storage") fail("a storage is malformed");
    const auto& class_name = node(parts[1]).text;
    const auto type = scalar_type(class_name);
    if (!type) fail(fmt::format("tensors of type {} are not supported", class_name));
    const auto& key = node(parts[2]).text;
    const auto found = container_.storages.find(key);
    if (found == container_.storages.end()) fail(fmt::format("storage {} is missing", key));
    Storage result{&found->second, *type};
    if (parts.size() > 5 && node(parts[5]).kind == Kind::tuple) {
      const auto& view = node(parts[5]).items;
      if (view.size() != 3) fail("a storage is malformed");
      result.offset = node(view[1]).integer;
    }
    return result;
  }

  at::Tensor tensor(NodeId id) {
    if (const auto known = tensors_by_node_.find(id); known != tensors_by_node_.end()) {
      return known->second;
    }
    const auto& arguments = node(*node(id).arguments).items;
    if (arguments.size() < 4 || node(arguments[1]).kind != Kind::integer) {
      fail("a tensor is malformed");
    }
    const auto memory = storage(arguments[0]);
    const auto offset = node(arguments[1]).integer;
    const auto result = strided(memory, offset, integers(arguments[2]), integers(arguments[3]));
    tensors_by_node_.emplace(id, result);
    return result;
  }

  at::Tensor strided(const Storage& memory, std::int64_t offset,
                     const std::vector<std::int64_t>& sizes,
                     const std::vector<std::int64_t>& strides) {
    const auto item = static_cast<std::int64_t>(c10::elementSize(memory.type));
    const auto items = static_cast<std::int64_t>(memory.bytes->size()) / item;
    std::int64_t count = 1;
    std::int64_t last = 0;
    bool wrong = sizes.size() != strides.size() || sizes.size() > 64 || offset < 0 ||
                 memory.offset < 0 || __builtin_add_overflow(offset, memory.offset, &last);
    const auto first = last;
    for (std::size_t i = 0; !wrong && i < sizes.size(); ++i) {
      std::int64_t reach = 0;
      wrong = sizes[i] < 0 || strides[i] < 0 || __builtin_mul_overflow(count, sizes[i], &count) ||
              __builtin_mul_overflow(std::max<std::int64_t>(sizes[i] - 1, 0), strides[i], &reach) ||
              __builtin_add_overflow(last, reach, &last);
    }
    if (wrong || (count > 0 && last >= items)) fail("a tensor reaches outside its storage");
    if (count > tensor_bytes_left_ / item) fail("its tensors unfold to more than the file holds");
    tensor_bytes_left_ -= count * item;
    if (count == 0) return at::empty(sizes, memory.type);
    auto* data = const_cast<char*>(memory.bytes->data()) + first * item;
    return at::for_blob(data, sizes)
        .strides(strides)
        .options(memory.type)
        .make_tensor()
        .clone(at::MemoryFormat::Contiguous);
  }

  const PytorchContainer& container_;
  const pickle::Document& document_;
  std::string source_;
  Batch tensors_;
  std::unordered_map<NodeId, at::Tensor> tensors_by_node_;
  std::int64_t values_ = 0;
  std::int64_t tensor_bytes_left_ = kExtraTensorBytes;
};

}  // namespace

PytorchCheckpoint read_pytorch_checkpoint(const std::filesystem::path& path) {
  const auto container = read_pytorch_container(path);
  return Converter(container, path.string()).convert();
}

}  // namespace equigen
