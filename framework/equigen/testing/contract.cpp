// SPDX-License-Identifier: MIT
#include "equigen/testing/contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "equigen/base/error.h"
#include "equigen/config/compose.h"

namespace equigen::testing {
namespace {

/// What expect() ends a rule with.
struct BrokenRule {
  std::string what;
};

bool is_lower_snake(const std::string& name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

void check_documented(const config::Schema& schema, const std::string& path) {
  std::set<std::string> names;
  for (const config::Field& field : schema.fields) {
    const std::string full = path + field.name;
    expect(is_lower_snake(field.name), fmt::format("key '{}' is not in lower_snake", full));
    expect(names.insert(field.name).second, fmt::format("key '{}' is declared twice", full));
    expect(!field.doc.empty(), fmt::format("key '{}' has no documentation", full));
    const config::Field* inner = &field;
    while (inner->item != nullptr) inner = inner->item.get();
    if (inner->section != nullptr) check_documented(*inner->section, full + '.');
  }
}

/// Defaults that are sections, lists or maps of scalars pass through the same checks as a user's
/// file; a required key has none.
std::string problems_with(const config::Schema& schema, const std::string& yaml) {
  config::Problems problems;
  const config::Value given = config::parse_yaml(yaml, "the contract's options", problems);
  const config::Value complete =
      config::validate(given, schema, Registry::instance().schemas(), "the component", problems);
  if (problems.empty()) {
    config::validate(complete, schema, Registry::instance().schemas(), "the defaults", problems);
  }
  return problems.empty() ? std::string() : problems.render();
}

}  // namespace

void ContractReport::rule(const std::string& name, const std::function<void()>& body) {
  rules_.push_back(name);
  try {
    body();
  } catch (const BrokenRule& broken) {
    violations_.push_back({name, broken.what});
  } catch (const std::exception& failure) {
    violations_.push_back({name, fmt::format("an exception: {}", failure.what())});
  }
}

bool ContractReport::violates(std::string_view rule) const {
  return std::ranges::any_of(violations_,
                             [&](const Violation& violation) { return violation.rule == rule; });
}

std::string ContractReport::text() const {
  std::string result = fmt::format("contract of a {}: {} of {} rules broken\n", contract_,
                                   violations_.size(), rules_.size());
  for (const std::string& rule : rules_) {
    const auto broken = std::ranges::find(violations_, rule, &Violation::rule);
    result += fmt::format("  {:<20} {}\n", rule,
                          broken == violations_.end() ? "ok" : "BROKEN: " + broken->what);
  }
  return result;
}

void ContractReport::require() const {
  if (!violations_.empty()) throw ContractViolation(text());
}

void expect(bool kept, const std::string& what) {
  if (!kept) throw BrokenRule{what};
}

config::Value complete_options(const config::Schema& schema, const std::string& yaml) {
  config::Problems problems;
  const config::Value given = config::parse_yaml(yaml, "the contract's options", problems);
  config::Value complete =
      config::validate(given, schema, Registry::instance().schemas(), "the component", problems);
  problems.throw_if_any();
  return complete;
}

void check_keys(ContractReport& report, const config::Schema& schema, const std::string& yaml) {
  report.rule("documented keys", [&] {
    expect(!schema.doc.empty(), "declare() does not say what the component is: keys.doc(...)");
    check_documented(schema, "");
  });
  report.rule("valid defaults", [&] {
    const std::string problems = problems_with(schema, yaml);
    expect(problems.empty(), problems);
  });
  report.rule("unknown keys", [&] {
    config::Problems problems;
    config::Value tree = config::parse_yaml(yaml, "the contract's options", problems);
    if (tree.is_null()) tree = config::Value::map();
    tree.set("not_a_key", config::Value::scalar("1"));
    config::validate(tree, schema, Registry::instance().schemas(), "the component", problems);
    const bool refused = std::ranges::any_of(problems.all(), [](const config::Problem& problem) {
      return problem.identifier == "config-unknown-key";
    });
    expect(refused, "the key 'not_a_key' is accepted");
  });
}

void register_for_tests(void (*register_components)(RegistryBuilder&)) {
  RegistryBuilder builder("test");
  register_components(builder);
  std::vector<Registry::Entry> entries = builder.take();
  std::erase_if(entries, [](const Registry::Entry& entry) {
    return Registry::instance().find(entry.info.kind, entry.info.name) != nullptr;
  });
  Registry::instance().commit(std::move(entries));
}

}  // namespace equigen::testing
