// SPDX-License-Identifier: MIT
#include "equigen/config/interpolation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "equigen/base/text.h"
#include "equigen/config/overrides.h"
#include "equigen/config/scalar.h"

namespace equigen::config {
namespace {

constexpr std::size_t kMostValues = 100'000;
constexpr std::size_t kLongestText = 1U << 16;
constexpr std::size_t kLongestChain = 64;

/// A scalar cut into literal text and references.
struct Piece {
  std::string text;
  bool is_reference = false;
};

class Interpolator {
 public:
  Interpolator(const Value& tree, const Value& defaults, Problems& problems)
      : tree_(tree), defaults_(defaults), problems_(problems) {}

  Value resolve(const Value& value, const std::string& path) {
    if (++value_count_ > kMostValues) return stop(value);
    switch (value.kind()) {
      case Value::Kind::map: {
        Value result = Value::map(value.origin());
        for (const auto& entry : value.entries()) {
          const std::string child = path.empty() ? entry.key : path + '.' + entry.key;
          result.entries().push_back(
              {entry.key, resolve(entry.value, child), entry.key_origin, entry.written_for});
        }
        return result;
      }
      case Value::Kind::sequence: {
        Value result = Value::sequence({}, value.origin());
        for (std::size_t i = 0; i < value.items().size(); ++i)
          result.items().push_back(resolve(value.items()[i], fmt::format("{}.{}", path, i)));
        return result;
      }
      case Value::Kind::scalar:
        return value.text().find("${") == std::string::npos ? value : resolve_scalar(value, path);
      default:
        return value;
    }
  }

 private:
  Value resolve_scalar(const Value& value, const std::string& path) {
    const auto pieces = cut(value);
    if (!enter(path, value)) return value;
    Value result = joined(pieces, value);
    open_.pop_back();
    return result;
  }

  Value joined(const std::vector<Piece>& pieces, const Value& site) {
    if (pieces.size() == 1 && pieces[0].is_reference) return referred(pieces[0].text, site);
    std::string text;
    for (const auto& piece : pieces) {
      text += piece.is_reference ? referred_text(piece.text, site) : piece.text;
      if (text.size() > kLongestText) return stop(site);
    }
    return Value::scalar(text, site.quoted(), site.origin());
  }

  std::string referred_text(const std::string& name, const Value& site) {
    const Value value = referred(name, site);
    if (value.is_scalar()) return value.text();
    if (!value.is_null()) {
      report(site, "config-reference",
             fmt::format("'{}' is not a single value and cannot stand inside text", name), "");
    }
    return {};
  }

  Value referred(const std::string& name, const Value& site) {
    if (name.starts_with("env:")) return environment(name.substr(4), site);
    const Value* target = tree_.at_path(name);
    if (target == nullptr) target = defaults_.at_path(name);
    if (target == nullptr) {
      report_unknown(name, site);
      return site;
    }
    if (!enter(name, site)) return site;
    Value result = resolve_target(*target, name);
    open_.pop_back();
    // A mistake in the value is a mistake of this reference; one inside a map keeps its own place.
    if (result.is_scalar()) result.set_origin(site.origin());
    return result;
  }

  /// The target's own path is on the stack already.
  Value resolve_target(const Value& target, const std::string& name) {
    const bool refers = target.is_scalar() && target.text().find("${") != std::string::npos;
    return refers ? joined(cut(target), target) : resolve(target, name);
  }

  Value environment(const std::string& text, const Value& site) {
    const auto comma = text.find(',');
    const std::string name(text::trim(text.substr(0, comma)));
    if (const char* content = std::getenv(name.c_str()))
      return Value::scalar(content, site.quoted(), site.origin());
    if (comma != std::string::npos) {
      const std::string fallback(text::trim(text.substr(comma + 1)));
      return Value::scalar(fallback, site.quoted(), site.origin());
    }
    report(site, "config-environment", fmt::format("the environment variable {} is not set", name),
           fmt::format("set it, or write a default: ${{env:{},value}}", name));
    return site;
  }

  std::vector<Piece> cut(const Value& value) {
    std::vector<Piece> pieces(1);
    const std::string& text = value.text();
    std::size_t i = 0;
    while (i < text.size()) {
      if (text.compare(i, 3, "$${") == 0) {
        pieces.back().text += "${";
        i += 3;
        continue;
      }
      if (text.compare(i, 2, "${") != 0) {
        pieces.back().text += text[i++];
        continue;
      }
      const auto end = text.find('}', i);
      const std::string name(text::trim(end == std::string::npos
                                            ? std::string_view()
                                            : std::string_view(text).substr(i + 2, end - i - 2)));
      if (name.empty() || name.find("${") != std::string::npos) {
        report(value, "config-reference", fmt::format("'{}' is not a reference", text),
               "write ${path.to.key} or ${env:NAME,default}; $${ for the characters themselves");
        return {{text, false}};
      }
      pieces.push_back({name, true});
      pieces.emplace_back();
      i = end + 1;
    }
    std::erase_if(pieces,
                  [](const Piece& piece) { return !piece.is_reference && piece.text.empty(); });
    return pieces;
  }

  /// Notes that the value at `path` is being resolved; false when it is already: a cycle.
  bool enter(const std::string& path, const Value& site) {
    if (reported_.contains(path)) return false;
    const auto first = std::ranges::find(open_, path);
    if (first != open_.end()) {
      std::string cycle;
      for (auto step = first; step != open_.end(); ++step) cycle += *step + " -> ";
      reported_.insert(first, open_.end());
      report(site, "config-cycle", "references go round in a circle", cycle + path);
      return false;
    }
    if (open_.size() >= kLongestChain) {
      report(site, "config-cycle", fmt::format("a chain of more than {} references", kLongestChain),
             "");
      return false;
    }
    open_.push_back(path);
    return true;
  }

  Value stop(const Value& site) {
    if (!is_stopped_) {
      problems_.add(
          {"config-too-large", "references expand without bound", site.origin(), 1, "", "", true});
    }
    is_stopped_ = true;
    return Value::null(site.origin());
  }

  void report_unknown(const std::string& name, const Value& site) {
    if (problems_.lacks_keys()) return;
    std::vector<std::string> known = all_paths(tree_);
    const auto more = all_paths(defaults_);
    known.insert(known.end(), more.begin(), more.end());
    const auto suggestion = text::nearest(name, known);
    report(site, "config-reference", fmt::format("nothing stands at '{}'", name),
           suggestion ? fmt::format("did you mean '{}'?", *suggestion) : "");
  }

  void report(const Value& site, const char* identifier, const std::string& message,
              const std::string& label) {
    problems_.add(
        {identifier, message, site.origin(), static_cast<int>(site.text().size()), label});
  }

  const Value& tree_;
  const Value& defaults_;
  Problems& problems_;
  std::vector<std::string> open_;
  std::set<std::string> reported_;  ///< paths on a cycle that is reported already
  std::size_t value_count_ = 0;
  bool is_stopped_ = false;
};

}  // namespace

Value interpolate(const Value& tree, const Value& defaults, Problems& problems) {
  return Interpolator(tree, defaults, problems).resolve(tree, "");
}

Value interpolate_at(const Value& tree, const std::string& path, Problems& problems) {
  const Value* value = tree.at_path(path);
  const Value none = Value::map();
  return value == nullptr ? Value() : Interpolator(tree, none, problems).resolve(*value, path);
}

}  // namespace equigen::config
