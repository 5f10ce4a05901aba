// SPDX-License-Identifier: MIT
#include "equigen/model/pytorch_checkpoint.h"

#include <ATen/ATen.h>

#include <fstream>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/pickle.h"
#include "paths.h"

using namespace equigen;
using nlohmann::json;

namespace {

std::filesystem::path fixture(const std::string& name) {
  return testing::tests_folder() / "data/pytorch" / name;
}

at::Tensor ramp(at::IntArrayRef shape) {
  return (at::arange(c10::multiply_integers(shape), at::kFloat) / 8).reshape(shape);
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

pickle::Document parse(const std::string& bytes) {
  return pickle::parse(bytes, "test", [](const std::string&) { return false; });
}

constexpr auto kFormats = {"zip", "legacy"};

}  // namespace

TEST_CASE("a checkpoint in the published layout is read from both formats") {
  for (const std::string format : kFormats) {
    INFO(format);
    const auto checkpoint = read_pytorch_checkpoint(fixture("published_layout." + format + ".pth"));
    const auto& tensors = checkpoint.tensors;
    CHECK(at::equal(tensors.at("x_state_dict/layers.0.weight"), ramp({3, 2})));
    CHECK(at::equal(tensors.at("x_state_dict/layers.0.bias"), ramp({2}) + 10));
    CHECK(at::equal(tensors.at("adj_state_dict/final.linears.0.weight"), ramp({2, 2}) - 5));
    CHECK(at::equal(tensors.at("ema_x/shadow_params/1"), ramp({2}) + 10.5));
    CHECK(tensors.size() == 6);
    const auto& content = checkpoint.content;
    CHECK(content["model_config"]["data"]["max_node_num"] == 20);
    CHECK(content["model_config"]["sde"]["x"]["beta_min"] == 0.1);
    CHECK(content["params_x"]["model_type"] == "ScoreNetworkX");
    CHECK(content["ema_x"]["num_updates"] == 7);
    CHECK(content["x_state_dict"]["layers.0.bias"] ==
          json{{"$tensor", "x_state_dict/layers.0.bias"}});
  }
}

TEST_CASE("tensors of every type, views and parameters are read") {
  for (const std::string format : kFormats) {
    INFO(format);
    const auto tensors = read_pytorch_checkpoint(fixture("many_values." + format + ".pth")).tensors;
    CHECK(at::equal(tensors.at("double"), at::tensor({1.5, -2.25}, at::kDouble)));
    CHECK(at::equal(tensors.at("half"), at::tensor({0.5, 2.0}).to(at::kHalf)));
    CHECK(at::equal(tensors.at("bfloat16"), at::tensor({0.5, 3.0}).to(at::kBFloat16)));
    CHECK(at::equal(tensors.at("long"), at::tensor({1, 2, 3, -4}, at::kLong).reshape({2, 2})));
    CHECK(at::equal(tensors.at("int"), at::tensor({7}, at::kInt)));
    CHECK(at::equal(tensors.at("short"), at::tensor({-7}, at::kShort)));
    CHECK(at::equal(tensors.at("char"), at::tensor({-1, 2}, at::kChar)));
    CHECK(at::equal(tensors.at("byte"), at::tensor({200}, at::kByte)));
    CHECK(at::equal(tensors.at("bool"), at::tensor({1, 0}).to(at::kBool)));
    CHECK(tensors.at("scalar").dim() == 0);
    CHECK(tensors.at("scalar").item<float>() == 4.5F);
    CHECK(tensors.at("empty").sizes() == at::IntArrayRef({0, 3}));
    CHECK(at::equal(tensors.at("view"), at::arange(2, 6).to(at::kFloat)));
    CHECK(at::equal(tensors.at("transposed"), at::arange(12).to(at::kFloat).reshape({3, 4}).t()));
    CHECK(tensors.at("transposed").is_contiguous());
    CHECK(tensors.at("parameter").item<float>() == 9.0F);
  }
}

TEST_CASE("what is no tensor becomes JSON, unknown classes stay opaque") {
  for (const std::string format : kFormats) {
    INFO(format);
    const auto content = read_pytorch_checkpoint(fixture("many_values." + format + ".pth")).content;
    CHECK(content["numbers"]["negative"] == -70000);
    CHECK(content["numbers"]["large"] == std::int64_t{1} << 40);
    CHECK(content["numbers"]["real"] == 0.25);
    CHECK(content["numbers"]["true"] == true);
    CHECK(content["numbers"]["none"].is_null());
    CHECK(content["texts"] == json{"plain", "Ångström"});
    CHECK(content["tuple"] == json::parse("[1, [2, 3]]"));
    CHECK(content["optimizer"]["1"]["step"] == 6);
    CHECK(content["numpy_real"] == 0.125);
    CHECK(content["numpy_integer"] == -9);
    CHECK(content["size"] == json{2, 3});
    CHECK(content["set"] == json::array({4}));
    CHECK(content["namespace"]["state"]["depth"] == 2);
    CHECK(content["object"]["$class"] == "somewhere.Settings");
    CHECK(content["object"]["state"]["depth"] == 3);
  }
}

TEST_CASE("a file that wants to run a command is refused by the command's name") {
  for (const std::string format : kFormats) {
    CHECK_THROWS_WITH(read_pytorch_checkpoint(fixture("hostile." + format + ".pth")),
                      ContainsSubstring("posix.system"));
  }
}

TEST_CASE("a TorchScript archive is refused by name") {
  CHECK_THROWS_WITH(read_pytorch_checkpoint(fixture("torchscript.pt")),
                    ContainsSubstring("TorchScript"));
}

TEST_CASE("a truncated checkpoint is a data error wherever it is cut") {
  const testing::TemporaryFolder folder;
  for (const std::string format : kFormats) {
    const auto bytes = bytes_of(fixture("published_layout." + format + ".pth"));
    for (std::size_t length = 0; length < bytes.size(); length += 23) {
      write_bytes(folder / "cut.pth", bytes.substr(0, length));
      CHECK_THROWS_AS(read_pytorch_checkpoint(folder / "cut.pth"), DataError);
    }
  }
}

TEST_CASE("a checkpoint with altered bytes is read or refused, never worse") {
  const testing::TemporaryFolder folder;
  for (const std::string format : kFormats) {
    const auto bytes = bytes_of(fixture("many_values." + format + ".pth"));
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
      auto altered = bytes;
      altered[i] = static_cast<char>(altered[i] ^ static_cast<char>(1U << (i % 8)));
      write_bytes(folder / "altered.pth", altered);
      try {
        read_pytorch_checkpoint(folder / "altered.pth");
      } catch (const DataError&) {
      }
    }
  }
  SUCCEED();
}

TEST_CASE("files that are no checkpoints are refused") {
  const testing::TemporaryFolder folder;
  CHECK_THROWS_AS(read_pytorch_checkpoint(folder / "missing.pth"), DataError);
  CHECK_THROWS_AS(read_pytorch_checkpoint(folder.path()), DataError);
  write_bytes(folder / "text.pth", "version https://git-lfs.github.com/spec/v1\n");
  CHECK_THROWS_WITH(read_pytorch_checkpoint(folder / "text.pth"), ContainsSubstring("Git LFS"));
  write_bytes(folder / "text.pth", "hello");
  CHECK_THROWS_WITH(read_pytorch_checkpoint(folder / "text.pth"), ContainsSubstring("torch.save"));
}

TEST_CASE("pickles of protocol 0 are read as data") {
  const auto document = parse("(dp0\nS'a'\np1\nI3\nsS'b'\nI01\nsS'c'\nF0.5\nsS'd'\nL12L\ns.");
  REQUIRE(document.top().pairs.size() == 4);
  CHECK(document.at(document.top().pairs[0].first).text == "a");
  CHECK(document.at(document.top().pairs[0].second).integer == 3);
  CHECK(document.at(document.top().pairs[1].second).kind == pickle::Node::Kind::boolean);
  CHECK(document.at(document.top().pairs[2].second).real == 0.5);
  CHECK(document.at(document.top().pairs[3].second).integer == 12);
}

TEST_CASE("every way to call a function in a pickle is refused") {
  CHECK_THROWS_WITH(parse("cposix\nsystem\n(S'x'\ntR."), ContainsSubstring("posix.system"));
  CHECK_THROWS_WITH(parse("(S'x'\niposix\nsystem\n."), ContainsSubstring("posix.system"));
  CHECK_THROWS_WITH(parse("(cposix\nsystem\nS'x'\no."), ContainsSubstring("posix.system"));
  CHECK_THROWS_WITH(parse("\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x01x\x85R."),
                    ContainsSubstring("posix.system"));
  CHECK_THROWS_AS(parse("\x80\x02\x82\x01."), DataError);  // extension registry
}

TEST_CASE("malformed pickles are data errors") {
  using namespace std::string_literals;
  for (const auto& bytes : {""s, "."s, "t."s, "(."s, "R."s, "u."s, "(I1\nu."s, "I1\n"s, "g5\n."s,
                            "Ix\n."s, "X\xff\xff\xff\x7f"s, "\x8a\xff"s, "\x80\x09."s,
                            "(I1\n(I2\n0000."s, "S'a'\nR."s, "N(o."s}) {
    CHECK_THROWS_AS(parse(bytes), DataError);
  }
}
