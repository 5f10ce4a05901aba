// SPDX-License-Identifier: MIT
#include "equigen/plugin/registry.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "plugin/part.h"

using namespace equigen;
using equigen::testing::Part;

namespace {

struct LeverConfig {
  double length = 1.5;
  static void declare(config::Declaration<LeverConfig>& keys) {
    keys.doc("A lever.");
    keys.field("length", &LeverConfig::length, "its length").above(0).unit("m");
  }
};

class Lever : public Part {
 public:
  using Config = LeverConfig;
  Lever(LeverConfig config, int count) : config_(config), count_(count) {}
  std::string text() const override {
    return std::to_string(count_) + " x " + std::to_string(config_.length).substr(0, 4);
  }

 private:
  LeverConfig config_;
  int count_;
};

std::vector<Registry::Entry> levers(const std::string& provider,
                                    std::initializer_list<const char*> names) {
  RegistryBuilder builder(provider);
  for (const char* name : names) builder.add<Part, Lever>(name, "moves things");
  return builder.take();
}

config::ComponentChoice chosen(const std::string& type, const char* key = nullptr,
                               const char* text = nullptr) {
  config::ComponentChoice choice{type, config::Value::map()};
  if (key != nullptr) choice.options.set(key, config::Value::scalar(text));
  return choice;
}

}  // namespace

TEST_CASE("registry: a component is created from its options and the kind's arguments") {
  Registry registry;
  registry.commit(levers("equigen", {"lever"}));
  CHECK(registry.create<Part>(chosen("lever"), 2)->text() == "2 x 1.50");
  CHECK(registry.create<Part>(chosen("lever", "length", "0.25"), 3)->text() == "3 x 0.25");
  REQUIRE(registry.list("part").size() == 1);
  CHECK(registry.list("part")[0]->provider == "equigen");
  CHECK(registry.list("model").empty());
}

TEST_CASE("registry: wrong names and options are refused with a suggestion") {
  Registry registry;
  registry.commit(levers("equigen", {"lever"}));
  CHECK_THROWS_WITH(registry.create<Part>(chosen("levr"), 1),
                    ContainsSubstring("unknown part 'levr'; did you mean 'lever'?"));
  CHECK_THROWS_WITH(registry.create<Part>(chosen("lever", "lenght", "1"), 1),
                    ContainsSubstring("unknown key 'lenght' in part lever") &&
                        ContainsSubstring("did you mean 'length'?") &&
                        ContainsSubstring("equigen describe lever"));
  CHECK_THROWS_WITH(registry.create<Part>(chosen("lever", "length", "0"), 1),
                    ContainsSubstring("expected a number above 0 (m), default 1.5"));
}

TEST_CASE("registry: a taken name leaves nothing of the others behind") {
  Registry registry;
  registry.commit(levers("equigen", {"lever"}));
  CHECK_THROWS_WITH(registry.commit(levers("crane", {"jib", "lever"})),
                    ContainsSubstring("part 'lever' is provided twice: by 'equigen' and by "
                                      "'crane'"));
  CHECK(registry.find("part", "jib") == nullptr);
  CHECK_THROWS_AS(registry.commit(levers("crane", {"jib", "jib"})), PluginError);
  CHECK(registry.list().size() == 1);
}
