// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/config/compose.h"
#include "equigen/config/scalar.h"

namespace equigen::config {
namespace {

/// yaml-cpp turns the escapes \N and \_ into single bytes of Latin-1; all else is UTF-8, the file
/// having been checked.
std::string in_utf8(std::string_view text) {
  std::string result;
  std::size_t continuing = 0;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (continuing == 0 && (code == 0x85 || code == 0xa0)) result += '\xc2';
    result += c;
    if (continuing > 0)
      --continuing;
    else if (code >= 0xc0)
      continuing = code >= 0xf0 ? 3 : code >= 0xe0 ? 2 : 1;
  }
  return result;
}

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 4U << 20;
constexpr std::size_t kMostNodes = 100'000;
constexpr std::size_t kMostKeys = 10'000;
constexpr std::size_t kDeepest = 64;

int length_of(std::string_view text) {
  return static_cast<int>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Turns the parser's marks (from 0, columns in bytes) into origins (from 1, in characters).
class Source {
 public:
  Source(std::string_view text, std::string name)
      : name_(std::move(name)), lines_(text::split(text, '\n')) {
    for (auto& line : lines_) {
      if (line.ends_with('\r')) line.pop_back();
    }
  }

  Origin at(const YAML::Mark& mark) const {
    const int last = static_cast<int>(lines_.size()) - 1;
    const int line = std::clamp(mark.line, 0, last);
    const std::string& content = lines_[static_cast<std::size_t>(line)];
    const auto bytes = static_cast<std::size_t>(std::max(mark.column, 0));
    return {name_, line + 1, length_of(std::string_view(content).substr(0, bytes)) + 1, content};
  }

 private:
  std::string name_;
  std::vector<std::string> lines_;
};

/// Thrown to leave the parser after a problem that makes the rest meaningless.
struct Abandoned {};

/// Builds a Value from the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Source& source, Problems& problems) : source_(source), problems_(problems) {}

  Value take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    count(1, mark);
    add(Value::null(source_.at(mark)), mark, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    count(1, mark);
    const bool is_plain = tag == "?" || tag.empty();
    check_tag(mark, tag);
    if (is_plain && scalar::has_leading_zeros(text) && !expects_key())
      report_leading_zeros(mark, text);
    add(Value::scalar(in_utf8(text), !is_plain, source_.at(mark)), mark, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto anchored = anchors_.find(anchor);
    if (anchored == anchors_.end()) {
      problems_.add({"config-alias-cycle", "an anchor contains itself", source_.at(mark), 1,
                     "this alias stands inside what it names"});
      throw Abandoned{};
    }
    count(anchored->second.node_count, mark);
    add(anchored->second.value, mark, YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Value::sequence({}, source_.at(mark)), mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Value::map(source_.at(mark)), mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Value value;
    YAML::Mark mark;
    YAML::anchor_t anchor;
    std::size_t nodes_before;
    bool has_key = false;     ///< of a map: the key was read, its value comes next
    bool is_ignored = false;  ///< that key was wrong: its value is dropped
    std::string key;
    Origin key_origin;
    std::map<std::string, int> lines_of_keys;
  };
  struct Anchored {
    Value value;
    std::size_t node_count;
  };

  bool expects_key() const {
    return !frames_.empty() && frames_.back().value.is_map() && !frames_.back().has_key;
  }

  /// Aliases count as often as they are used: an alias bomb stops here, before it is expanded.
  void count(std::size_t nodes, const YAML::Mark& mark) {
    node_count_ += nodes;
    if (node_count_ <= kMostNodes) return;
    problems_.add({"config-too-large",
                   fmt::format("the file expands to more than {} values", kMostNodes),
                   source_.at(mark), 1, "here", "aliases count as often as they are used", true});
    throw Abandoned{};
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    const bool is_known = tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str";
    if (is_known) return;
    problems_.add({"config-tag", fmt::format("the tag '{}' is not supported", tag),
                   source_.at(mark), 1, "write the value without a tag"});
  }

  void report_leading_zeros(const YAML::Mark& mark, const std::string& text) {
    const bool is_negative = text.starts_with('-');
    const auto first = text.find_first_not_of("+-0");
    const std::string number = first == std::string::npos ? "0" : text.substr(first);
    problems_.add(
        {"config-leading-zeros",
         fmt::format("'{}' starts with a zero: some readers take it for an octal number", text),
         source_.at(mark), length_of(text),
         fmt::format("write {}{} for the number, '{}' for the text", is_negative ? "-" : "", number,
                     text)});
  }

  void open(Value value, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    count(1, mark);
    check_tag(mark, tag);
    if (frames_.size() >= kDeepest) {
      problems_.add({"config-too-deep", fmt::format("more than {} levels are nested", kDeepest),
                     source_.at(mark), 1, "", "", true});
      throw Abandoned{};
    }
    frames_.push_back({std::move(value), mark, anchor, node_count_, false, false, {}, {}, {}});
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    const std::size_t inner_nodes = node_count_ - frame.nodes_before;
    add(std::move(frame.value), frame.mark, frame.anchor, inner_nodes + 1);
  }

  void add(Value value, const YAML::Mark& mark, YAML::anchor_t anchor, std::size_t nodes = 1) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = {value, nodes};
    if (frames_.empty()) {
      root_ = std::move(value);
    } else if (frames_.back().value.is_sequence()) {
      frames_.back().value.items().push_back(std::move(value));
    } else if (expects_key()) {
      add_key(value, mark);
    } else {
      add_entry(std::move(value));
    }
  }

  void add_key(const Value& key, const YAML::Mark& mark) {
    Frame& frame = frames_.back();
    frame.has_key = true;
    frame.is_ignored = true;
    frame.key_origin = source_.at(mark);
    if (!key.is_scalar()) {
      problems_.add({"config-key", "a key must be a word", frame.key_origin, 1,
                     "quote it, or write 'key: value'"});
      return;
    }
    frame.key = key.text();
    const int length = length_of(frame.key);
    if (frame.key == "<<" && !key.quoted()) {
      problems_.add({"config-merge-key", "merge keys (<<) are not supported", frame.key_origin,
                     length, "repeat the keys, or put them into a file of `defaults:`"});
      return;
    }
    const auto [known, is_new] = frame.lines_of_keys.emplace(frame.key, frame.key_origin.line);
    if (!is_new) {
      problems_.add({"config-duplicate-key", fmt::format("duplicate key '{}'", frame.key),
                     frame.key_origin, length, fmt::format("first set in line {}", known->second)});
      return;
    }
    frame.is_ignored = false;
  }

  void add_entry(Value value) {
    Frame& frame = frames_.back();
    frame.has_key = false;
    if (frame.is_ignored) return;
    // The mark of a block map is that of its first child; its key says better where it stands.
    if (!value.is_scalar()) value.set_origin(frame.key_origin);
    auto& entries = frame.value.entries();
    if (entries.size() >= kMostKeys) {
      problems_.add({"config-too-large", fmt::format("a map holds more than {} keys", kMostKeys),
                     frame.key_origin, length_of(frame.key), "", "", true});
      throw Abandoned{};
    }
    entries.push_back({frame.key, std::move(value), frame.key_origin});
  }

  const Source& source_;
  Problems& problems_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t node_count_ = 0;
  Value root_;
};

bool is_utf8_text(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80   ? 0
                             : lead < 0xC2 ? 9
                             : lead < 0xE0 ? 1
                             : lead < 0xF0 ? 2
                             : lead < 0xF5 ? 3
                                           : 9;
    if (lead == 0 || more == 9 || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
    }
    i += more + 1;
  }
  return true;
}

/// What usually is behind the parser's terse messages.
std::string syntax_hint(const std::string& message, const Origin& origin) {
  const auto indent = origin.source_line.find_first_not_of(" \t");
  if (origin.source_line.substr(0, indent).find('\t') != std::string::npos)
    return "indent with spaces, not tabs";
  const bool in_flow = message.find("flow") != std::string::npos;
  if (in_flow && origin.source_line.find("${") != std::string::npos)
    return "inside { } and [ ] a reference needs quotes: '${name}'";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kHints{{
      {"end of map not found", "check the indentation here, and ': ' behind the key"},
      {"end of sequence not found", "check the indentation here, and '- ' before each item"},
      {"illegal map value", "put text that contains ': ' into quotes"},
      {"end of map flow not found", "a '{' was not closed by '}'"},
      {"end of sequence flow not found", "a '[' was not closed by ']'"},
  }};
  for (const auto& [part, hint] : kHints) {
    if (message.find(part) != std::string::npos) return std::string(hint);
  }
  return {};
}

/// Names the nearest YAML file of the folder, for one that is not there.
std::string nearest_file(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code failure;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry->path().extension() == ".yaml") names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  const auto suggestion = text::nearest(path.filename().string(), names);
  return suggestion
             ? fmt::format("did you mean '{}'?", (folder / *suggestion).lexically_normal().string())
             : std::string();
}

}  // namespace

Value parse_yaml(std::string_view text, const std::string& source_name, Problems& problems) {
  const Source source(text, source_name);
  const Origin start = source.at({});
  if (text.size() > kLargestFile || !is_utf8_text(text)) {
    problems.add({"config-not-text",
                  text.size() > kLargestFile
                      ? fmt::format("the file is larger than {} MB", kLargestFile >> 20U)
                      : "the file is not text in UTF-8",
                  {source_name},
                  1,
                  "",
                  "",
                  true});
    return Value::map(start);
  }
  TreeBuilder builder(source, problems);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    const Value root = builder.take_root();
    if (parser.HandleNextDocument(builder)) {
      problems.add({"config-documents", "the file holds several documents", start, 1, "",
                    "only one is read: remove the lines with ---", true});
    }
    return root.is_null() ? Value::null(start) : root;
  } catch (const YAML::Exception& failure) {
    const Origin origin = source.at(failure.mark);
    problems.add({"config-syntax", fmt::format("not YAML: {}", failure.msg), origin, 1,
                  syntax_hint(failure.msg, origin), "", true});
  } catch (const Abandoned&) {
  }
  return Value::map(start);
}

Value read_yaml(const fs::path& path, Problems& problems) {
  std::error_code failure;
  if (!fs::exists(path, failure)) {
    problems.add({"config-missing-file",
                  fmt::format("there is no file {}", path.string()),
                  {},
                  1,
                  nearest_file(path),
                  "",
                  true});
    return Value::map();
  }
  try {
    return parse_yaml(read_file(path, kLargestFile), path.string(), problems);
  } catch (const DataError& error) {
    problems.add({"config-unreadable", error.message(), {}, 1, "", error.remedy(), true});
    return Value::map();
  }
}

}  // namespace equigen::config
