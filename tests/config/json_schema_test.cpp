// SPDX-License-Identifier: MIT
#include "equigen/config/json_schema.h"

#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"

using namespace equigen;
using nlohmann::json;

namespace {

struct Network {
  std::int64_t depth = 3;
  double dropout = 0.1;
  std::string activation = "silu";
  static void declare(config::Declaration<Network>& keys) {
    keys.doc("A network.");
    keys.field("depth", &Network::depth, "layers").range(1, 64);
    keys.field("dropout", &Network::dropout, "share left out").at_least(0).below(1);
    keys.field("activation", &Network::activation, "between layers").choices({"silu", "relu"});
  }
};

struct Root {
  std::string name = "run";
  Network network;
  config::ComponentChoice model;
  std::vector<config::ComponentChoice> metrics;
  std::optional<std::uint64_t> seed;
  static void declare(config::Declaration<Root>& keys) {
    keys.doc("A root.");
    keys.field("name", &Root::name, "what it is called");
    keys.field("network", &Root::network, "its network");
    keys.field("model", &Root::model, "its model").kind("model").required();
    keys.field("metrics", &Root::metrics, "its metrics").kind("metric");
    keys.field("seed", &Root::seed, "of randomness");
  }
};

std::vector<config::ComponentSchema> components() {
  return {{"model", "egnn", "a model", config::schema_of<Network>()},
          {"metric", "validity", "a metric", {}}};
}

json schema() {
  return config::json_schema("test", config::schema_of<Root>(), components());
}

/// Follows every "$ref"; false when one leads nowhere.
bool references_lead_somewhere(const json& part, const json& root) {
  if (part.is_object() && part.contains("$ref")) {
    const auto target = part["$ref"].get<std::string>();
    if (!root.contains(json::json_pointer(target.substr(1)))) return false;
  }
  if (!part.is_structured()) return true;
  for (const auto& inner : part) {
    if (!references_lead_somewhere(inner, root)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("json schema: keys have type, range, choices, default and documentation") {
  const json keys = schema()["properties"]["network"]["anyOf"][0]["properties"];
  CHECK(keys["depth"]["anyOf"][0] == json{{"type", "integer"}, {"minimum", 1}, {"maximum", 64}});
  CHECK(keys["depth"]["default"] == 3);
  CHECK(keys["depth"]["description"] == "layers");
  CHECK(keys["dropout"]["anyOf"][0]["exclusiveMaximum"] == 1);
  CHECK(keys["activation"]["anyOf"][0]["enum"] == json{"silu", "relu"});
  CHECK(schema()["properties"]["seed"]["anyOf"][0]["minimum"] == 0);
  CHECK(schema()["additionalProperties"] == false);
}

TEST_CASE("json schema: a component's type selects its keys, and references lead somewhere") {
  const json all = schema();
  CHECK(references_lead_somewhere(all, all));
  CHECK(all["definitions"]["model.egnn"]["properties"]["type"]["const"] == "egnn");
  CHECK(all["definitions"]["model.egnn"]["additionalProperties"] == false);
  const json& kind = all["definitions"]["kind.model"]["anyOf"];
  CHECK(kind[0]["enum"] == json{"egnn"});
  CHECK(kind[1]["allOf"][0]["then"]["$ref"] == "#/definitions/model.egnn");
  CHECK(all["then"]["required"] == json{"model"});
  CHECK(all["properties"].contains("defaults"));
}

TEST_CASE("json schema: pieces have the keys of their group, unknown groups a suggestion") {
  const auto piece = [](const char* key) {
    return config::json_schema_of_key(key, config::schema_of<Root>(), components());
  };
  CHECK(piece("network")["properties"].contains("depth"));
  CHECK(references_lead_somewhere(piece("model"), piece("model")));
  CHECK(piece("model")["definitions"]["model.egnn"]["properties"].contains("defaults"));
  CHECK(piece("metrics")["allOf"][0]["anyOf"][0]["type"] == "array");
  CHECK_THROWS_WITH(piece("modle"), ContainsSubstring("did you mean 'model'"));
}
