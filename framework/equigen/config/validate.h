// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/config/value.h"

namespace equigen::config {

/// One mistake of a configuration, with its place.
struct Problem {
  std::string identifier;  ///< "config-unknown-key"
  std::string message;     ///< "unknown key 'hiden_dim' in model gdss"
  Origin origin = {};
  int length = 1;          ///< how many characters the caret line marks
  std::string label = {};  ///< behind the carets: "did you mean 'hidden_dim'?"
  std::string note = {};   ///< "model gdss accepts: depth, hidden_dim, ..."
  /// The tree is too broken for further checks to say anything true (a syntax error, a file that is
  /// not there).
  bool stops = false;
  /// A piece of the configuration could not be found, so keys that are missing may stand there.
  bool lacks_keys = false;
};

/// Of the ConfigError that holds rendered problems; its message is printed as it is.
inline constexpr const char* kProblemsIdentifier = "config-problems";

/// Collects problems; throws all at once.
class Problems {
 public:
  void add(Problem problem);
  bool empty() const { return problems_.empty(); }
  const std::vector<Problem>& all() const { return problems_; }
  /// Whether a problem was found after which further checks are pointless.
  bool stopped() const;
  /// Whether keys that seem to be missing may stand in a piece that was not found.
  bool lacks_keys() const;
  /// Renders every problem, ordered by file and line, in the form of a compiler's diagnostics, with
  /// the closing count.
  std::string render() const;
  /// Throws ConfigError when there is any problem: identifier kProblemsIdentifier, and the rendered
  /// text as message, complete with "error:" in front of each.
  void throw_if_any() const;

 private:
  std::vector<Problem> problems_;
};

/// Finds the schema of a component; nullptr when the name is unknown. `names` are the known ones,
/// for suggestions.
struct ComponentSchemas {
  std::function<const Schema*(const std::string& kind, const std::string& name)> find;
  std::function<std::vector<std::string>(const std::string& kind)> names;
  /// Why a component that should be there is not ("its plugin was built for another LibTorch");
  /// empty when there is nothing to say. May be left out.
  std::function<std::string(const std::string& kind, const std::string& name)> explain = {};
};

/// Checks `tree` against `schema` and returns it completed with every default, in the schema's
/// order. `where` names the section in messages ("model gdss"). Chosen components are checked
/// against their own schema; one may be written as its name alone ("gdss") when it needs no
/// options. A section, list or map without a value takes its default. Mistakes go to `problems`.
/// Nothing is checked when `problems` already holds one that stops; what is missing is not reported
/// when it may stand in a piece that was not found.
Value validate(const Value& tree, const Schema& schema, const ComponentSchemas& components,
               const std::string& where, Problems& problems);

/// validate() against T's schema, then read<T>(). Throws ConfigError with all mistakes.
template <typename T>
T checked(const Value& tree, const ComponentSchemas& components, const std::string& where) {
  Problems problems;
  const Value complete = validate(tree, schema_of<T>(), components, where, problems);
  problems.throw_if_any();
  return read<T>(complete);
}

}  // namespace equigen::config
