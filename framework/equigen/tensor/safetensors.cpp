// SPDX-License-Identifier: MIT
#include "equigen/tensor/safetensors.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/file.h"

namespace equigen {
namespace {

using nlohmann::json;
static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

constexpr std::array<std::pair<const char*, at::ScalarType>, 9> kTypes{{{"F64", at::kDouble},
                                                                        {"F32", at::kFloat},
                                                                        {"F16", at::kHalf},
                                                                        {"BF16", at::kBFloat16},
                                                                        {"I64", at::kLong},
                                                                        {"I32", at::kInt},
                                                                        {"I16", at::kShort},
                                                                        {"U8", at::kByte},
                                                                        {"BOOL", at::kBool}}};

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw DataError("safetensors",
                  fmt::format("{} is not a usable safetensors file: {}", path.string(), what),
                  "the file is damaged or of another kind; get or write it again");
}

at::ScalarType type_named(const std::string& name, const std::filesystem::path& path) {
  for (const auto& [known, type] : kTypes) {
    if (name == known) return type;
  }
  refuse(path, fmt::format("unknown dtype '{}'", name));
}

const char* name_of(at::ScalarType type) {
  for (const auto& [name, known] : kTypes) {
    if (type == known) return name;
  }
  throw DataError("safetensors-type",
                  fmt::format("a tensor of type {} cannot be stored", c10::toString(type)));
}

json parse_header(const std::string& bytes, const std::filesystem::path& path,
                  std::size_t& data_start) {
  if (bytes.size() < 8) refuse(path, fmt::format("only {} bytes long", bytes.size()));
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  if (length > bytes.size() - 8) {
    refuse(path,
           fmt::format("the header should be {} bytes long but the file ends before (truncated?)",
                       length));
  }
  data_start = 8 + length;
  json header = json::parse(
      bytes.begin() + 8, bytes.begin() + static_cast<std::ptrdiff_t>(data_start), nullptr, false);
  if (!header.is_object()) refuse(path, "the header is not a JSON object");
  return header;
}

std::int64_t element_count(const std::vector<std::int64_t>& shape,
                           const std::filesystem::path& path) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(count, extent, &count))
      refuse(path, "a shape is negative or too large");
  }
  return count;
}

struct Span {
  std::uint64_t begin;
  std::uint64_t end;
};

at::Tensor read_tensor(const std::string& name, const json& entry, std::string_view data,
                       Span& span, const std::filesystem::path& path) {
  const auto shape = entry.at("shape").get<std::vector<std::int64_t>>();
  const at::ScalarType type = type_named(entry.at("dtype").get<std::string>(), path);
  const auto offsets = entry.at("data_offsets").get<std::array<std::uint64_t, 2>>();
  span = {offsets[0], offsets[1]};
  if (span.begin > span.end || span.end > data.size()) {
    refuse(path, fmt::format("tensor '{}' lies outside the file (truncated?)", name));
  }
  std::int64_t bytes = 0;
  const auto width = static_cast<std::int64_t>(c10::elementSize(type));
  if (__builtin_mul_overflow(element_count(shape, path), width, &bytes) ||
      static_cast<std::uint64_t>(bytes) != span.end - span.begin) {
    refuse(path, fmt::format("tensor '{}': shape and size differ", name));
  }
  at::Tensor tensor = torch::empty(shape, torch::TensorOptions().dtype(type));
  if (bytes > 0)
    std::memcpy(tensor.data_ptr(), data.data() + span.begin, static_cast<std::size_t>(bytes));
  return tensor;
}

void refuse_overlaps(std::vector<Span> spans, const std::filesystem::path& path) {
  std::ranges::sort(spans, {}, &Span::begin);
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].begin < spans[i - 1].end) refuse(path, "two tensors overlap");
  }
}

}  // namespace

TensorFile read_safetensors(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  std::size_t data_start = 0;
  const json header = parse_header(bytes, path, data_start);
  const std::string_view data = std::string_view(bytes).substr(data_start);
  TensorFile file;
  std::vector<std::pair<Span, std::pair<std::string, at::Tensor>>> read;
  try {
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        file.metadata = entry.get<std::map<std::string, std::string>>();
        continue;
      }
      Span span{};
      at::Tensor tensor = read_tensor(name, entry, data, span, path);
      read.push_back({span, {name, std::move(tensor)}});
    }
  } catch (const json::exception& failure) {
    refuse(path, fmt::format("the header is malformed ({})", failure.what()));
  }
  std::vector<Span> spans;
  for (const auto& [span, entry] : read) spans.push_back(span);
  refuse_overlaps(std::move(spans), path);
  std::ranges::stable_sort(
      read, [](const auto& a, const auto& b) { return a.first.begin < b.first.begin; });
  for (auto& [span, entry] : read)
    file.tensors.set(std::move(entry.first), std::move(entry.second));
  return file;
}

std::string safetensors_bytes(const TensorFile& file) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::string data;
  for (const auto& [name, tensor] : file.tensors.tensors()) {
    const at::Tensor stored = tensor.detach().to(at::kCPU).contiguous();
    const std::size_t begin = data.size();
    data.append(static_cast<const char*>(stored.data_ptr()), stored.nbytes());
    header[name] = {{"dtype", name_of(stored.scalar_type())},
                    {"shape", stored.sizes().vec()},
                    {"data_offsets", {begin, data.size()}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + text + data;
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  write_file_atomically(path, safetensors_bytes(file));
}

}  // namespace equigen
