// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/plugin/registry.h"

/// What every component of a kind must keep, as ready-made tests. A plugin's test instantiates the
/// contract of its kind in one line, inside a test case of any framework:
///
///     TEST_CASE("small_world keeps the contract of a data set") {
///       equigen::testing::require_dataset_contract<SmallWorldDataset>();
///     }
namespace equigen::testing {

/// One rule that a component breaks.
struct Violation {
  std::string rule;  ///< "deterministic", "permutation" ...
  std::string what;  ///< what was expected, with the values that were found
};

/// Thrown by ContractReport::require(); what() lists every broken rule.
class ContractViolation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The outcome of a contract: which rules were tried, and which are broken.
class ContractReport {
 public:
  explicit ContractReport(std::string contract) : contract_(std::move(contract)) {}

  /// Runs one rule. expect() inside it, or any exception, makes it broken; the next rules still
  /// run.
  void rule(const std::string& name, const std::function<void()>& body);

  const std::vector<std::string>& rules() const { return rules_; }
  const std::vector<Violation>& violations() const { return violations_; }
  bool violates(std::string_view rule) const;
  /// One line a rule: "ok" or what is wrong.
  std::string text() const;
  /// Throws ContractViolation with text() unless all rules are kept.
  void require() const;

 private:
  std::string contract_;
  std::vector<std::string> rules_;
  std::vector<Violation> violations_;
};

/// Ends the rule that is running, as broken, unless `kept`.
void expect(bool kept, const std::string& what);

/// A component as its registry entry sees it.
template <ComponentKind Kind>
struct Subject {
  config::Schema schema;
  typename detail::FactoryOf<Kind, typename Kind::Create>::Function create;
};

template <ComponentKind Kind, typename Component>
Subject<Kind> subject_of() {
  return {config::schema_of<typename Component::Config>(),
          detail::FactoryOf<Kind, typename Kind::Create>::template make<Component>()};
}

/// The subject's options: YAML text checked against the schema and completed with its defaults.
/// Throws ConfigError.
config::Value complete_options(const config::Schema& schema, const std::string& yaml);

/// The rules of a component's keys: each is documented and named in lower_snake, no name stands
/// twice, `yaml` is accepted, and an unknown key is refused.
void check_keys(ContractReport& report, const config::Schema& schema, const std::string& yaml);

/// Registers a plugin's components with the process, so that a component under test can choose
/// others by name. Calling it again with the same names does nothing.
void register_for_tests(void (*register_components)(RegistryBuilder&));

}  // namespace equigen::testing
