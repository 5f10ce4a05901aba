// SPDX-License-Identifier: MIT
#include "equigen/tensor/safetensors.h"

#include <torch/types.h>

#include <cstring>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "paths.h"

namespace equigen {
namespace {

/// A file of a header and data bytes, with the header's length in front.
std::string file_bytes(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

void check_refused(const std::string& bytes, const std::string& reason) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "t.safetensors", bytes);
  INFO(reason);
  CHECK_THROWS_WITH(read_safetensors(folder / "t.safetensors"),
                    ContainsSubstring("t.safetensors") && ContainsSubstring(reason));
}

}  // namespace

TEST_CASE("tensors of every type survive a round trip") {
  const testing::TemporaryFolder folder;
  TensorFile file;
  file.metadata = {{"format", "equigen"}, {"note", "β \"quoted\""}};
  for (const at::ScalarType type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong,
                                    at::kInt, at::kShort, at::kByte, at::kBool}) {
    file.tensors.set(c10::toString(type), torch::arange(6).remainder(2).to(type).view({2, 3}));
  }
  file.tensors.set("scalar", torch::tensor(2.5));
  file.tensors.set("empty", torch::empty({0, 4}));
  file.tensors.set("strided", torch::arange(6.0).view({2, 3}).t());
  write_safetensors(folder / "all.safetensors", file);
  const TensorFile read = read_safetensors(folder / "all.safetensors");
  CHECK(read.metadata == file.metadata);
  REQUIRE(read.tensors.size() == file.tensors.size());
  for (const auto& [name, tensor] : file.tensors.tensors()) {
    INFO(name);
    CHECK(read.tensors.at(name).scalar_type() == tensor.scalar_type());
    CHECK(read.tensors.at(name).equal(tensor));
  }
}

TEST_CASE("a safetensors file cut anywhere is refused") {
  const testing::TemporaryFolder folder;
  const std::string whole =
      safetensors_bytes({{{"x", torch::ones({3})}, {"y", torch::ones({2, 2})}}, {}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file_atomically(folder / "cut.safetensors", whole.substr(0, size));
    INFO(size << " of " << whole.size() << " bytes");
    CHECK_THROWS_AS(read_safetensors(folder / "cut.safetensors"), DataError);
  }
}

TEST_CASE("damaged safetensors headers are refused with the reason") {
  const std::string eight(8, '\0');
  check_refused("abc", "3 bytes");
  check_refused(std::string(8, '\xff') + "{}", "truncated");
  check_refused(file_bytes("[1, 2]", ""), "not a JSON object");
  check_refused(file_bytes("{\"x\": ", ""), "not a JSON object");
  check_refused(file_bytes(R"({"x": 3})", eight), "malformed");
  check_refused(file_bytes(R"({"x": {"dtype": "F32", "shape": [2]}})", eight), "malformed");
  check_refused(
      file_bytes(R"({"x": {"dtype": "Q7", "shape": [2], "data_offsets": [0, 8]}})", eight),
      "unknown dtype");
  check_refused(
      file_bytes(R"({"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 80]}})", eight),
      "outside the file");
  check_refused(
      file_bytes(R"({"x": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}})", eight),
      "outside the file");
  check_refused(
      file_bytes(R"({"x": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}})", eight),
      "shape and size differ");
  check_refused(
      file_bytes(R"({"x": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}})", eight),
      "negative or too large");
  check_refused(
      file_bytes(
          R"({"x": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 8]}})",
          eight),
      "negative or too large");
  check_refused(file_bytes(R"({"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
                               "y": {"dtype": "F32", "shape": [1], "data_offsets": [2, 6]}})",
                           eight),
                "overlap");
}

}  // namespace equigen
