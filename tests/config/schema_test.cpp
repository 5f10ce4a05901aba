// SPDX-License-Identifier: MIT
#include "equigen/config/schema.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/config/describe.h"
#include "equigen/config/validate.h"

using namespace equigen;
using namespace equigen::config;

namespace {

struct Layer {
  std::int64_t width = 16;
  std::string activation = "elu";
  static void declare(Declaration<Layer>& keys) {
    keys.doc("One layer.");
    keys.field("width", &Layer::width, "channels").range(1, 1024);
    keys.field("activation", &Layer::activation, "non-linearity").choices({"elu", "silu"});
  }
};

Layer layer(std::int64_t width, std::string activation) {
  Layer result;
  result.width = width;
  result.activation = std::move(activation);
  return result;
}

struct Everything {
  bool flag = true;
  int small = 3;
  std::int64_t count = -4;
  std::uint64_t seed = 18446744073709551615ULL;
  double rate = 1e-5;
  std::string name = "none";
  std::filesystem::path file = "a/b";
  std::optional<double> limit;
  std::vector<std::int64_t> sizes{2, 3};
  std::map<std::string, double> weights{{"x", 0.1}};
  Layer first = layer(8, "elu");
  std::vector<Layer> layers{layer(16, "elu"), layer(32, "silu")};
  ComponentChoice part;
  static void declare(Declaration<Everything>& keys) {
    using C = Everything;
    keys.doc("All kinds of keys.");
    keys.field("flag", &C::flag, "a switch");
    keys.field("small", &C::small, "a small number");
    keys.field("count", &C::count, "a number");
    keys.field("seed", &C::seed, "a seed");
    keys.field("rate", &C::rate, "a rate").above(0).range(0, 1).unit("1/s");
    keys.field("name", &C::name, "a name");
    keys.field("file", &C::file, "a file");
    keys.field("limit", &C::limit, "a limit").at_least(0);
    keys.field("sizes", &C::sizes, "some sizes").at_least(1);
    keys.field("weights", &C::weights, "named weights").below(1);
    keys.field("first", &C::first, "the first layer");
    keys.field("layers", &C::layers, "the others");
    keys.field("part", &C::part, "a part").kind("part");
  }
};

const ComponentSchemas kNone{[](const std::string&, const std::string&) { return nullptr; },
                             [](const std::string&) { return std::vector<std::string>{}; }};

}  // namespace

TEST_CASE("schema: a struct comes back unchanged from its defaults, JSON and YAML") {
  const auto json = to_json(Everything{});
  CHECK(schema_of<Everything>().defaults().to_json() == json);
  const auto again = checked<Everything>(Value::from_json(json), kNone, "everything");
  CHECK(to_json(again) == json);
  CHECK(again.seed == 18446744073709551615ULL);
  CHECK(again.rate == 1e-5);
  CHECK(again.first.width == 8);
  CHECK(again.layers[1].activation == "silu");
  CHECK_FALSE(again.limit);
}

TEST_CASE("schema: an empty tree is completed with the defaults of the struct that holds them") {
  const auto value = checked<Everything>(Value::map(), kNone, "everything");
  CHECK(value.first.width == 8);
  CHECK(value.sizes == std::vector<std::int64_t>{2, 3});
  CHECK(value.part.type.empty());
}

TEST_CASE("schema: it survives a round trip through JSON") {
  const Schema& schema = schema_of<Everything>();
  const Schema again = Schema::from_json(schema.to_json());
  CHECK(again.to_json() == schema.to_json());
  CHECK(again.find("rate")->minimum_excluded);
  CHECK(again.find("seed")->integer == IntegerType::uint64);
  CHECK(again.defaults().to_json() == schema.defaults().to_json());
  CHECK_THROWS_AS(Schema::from_json({{"doc", "x"}, {"fields", {{{"type", "colour"}}}}}),
                  ConfigError);
  CHECK_THROWS_AS(Schema::from_json(nlohmann::json::array()), ConfigError);
}

TEST_CASE("schema: the description lists keys, types, ranges, defaults and documentation") {
  const std::string text = describe_text("everything", "a test", schema_of<Everything>());
  CHECK_THAT(text, ContainsSubstring("rate          number in (0, 1] (1/s)     1e-05"));
  CHECK_THAT(text, ContainsSubstring("    width       integer in [1, 1024]"));
  CHECK_THAT(text, ContainsSubstring("number at least 0 or null"));
  CHECK_THAT(text, ContainsSubstring("list: integer at least 1"));
  CHECK_THAT(text, ContainsSubstring("one of: elu, silu"));
}
