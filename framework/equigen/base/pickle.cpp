// SPDX-License-Identifier: MIT
#include "equigen/base/pickle.h"

#include <fmt/format.h>

#include <bit>
#include <unordered_map>

#include "equigen/base/error.h"
#include "equigen/base/pickle_cursor.h"
#include "equigen/base/text.h"

namespace equigen::pickle {
namespace {

using Kind = Node::Kind;

/// Real checkpoints stay far below; a hostile file cannot take more than about 1 GB.
constexpr std::size_t kMostNodes = 4'000'000;
constexpr std::size_t kLongestName = 200;

class Interpreter : private Cursor {
 public:
  Interpreter(std::string_view bytes, const std::string& source,
              const std::function<bool(const std::string&)>& allowed)
      : Cursor(bytes, source), allowed_(allowed) {}

  Document run() {
    while (true) {
      opcode_ = static_cast<unsigned char>(take(1).front());
      if (opcode_ == '.') break;
      if (!number() && !string() && !container() && !mutation() && !memo() && !object()) {
        fail(fmt::format("the pickle opcode 0x{:02x} is not supported", opcode_));
      }
    }
    document_.root = pop();
    document_.size = position();
    return std::move(document_);
  }

 private:
  bool push(Node node) {
    if (document_.nodes.size() >= kMostNodes) fail("the pickle holds too many values");
    document_.nodes.push_back(std::move(node));
    stack_.push_back(static_cast<NodeId>(document_.nodes.size() - 1));
    return true;
  }
  bool push(Kind kind, std::string_view value = {}) {
    Node node;
    node.kind = kind;
    node.text = value;
    return push(std::move(node));
  }
  bool push_integer(std::int64_t value, Kind kind = Kind::integer) {
    Node node;
    node.kind = kind;
    node.integer = value;
    return push(std::move(node));
  }
  bool push_real(double value) {
    Node node;
    node.kind = Kind::real;
    node.real = value;
    return push(std::move(node));
  }
  bool push_items(Kind kind, std::vector<NodeId> items) {
    Node node;
    node.kind = kind;
    node.items = std::move(items);
    return push(std::move(node));
  }

  NodeId pop() {
    if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) {
      fail("the pickle takes a value from an empty stack");
    }
    const NodeId id = stack_.back();
    stack_.pop_back();
    return id;
  }

  std::vector<NodeId> pop_to_mark() {
    if (marks_.empty()) fail("the pickle has no mark where it needs one");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<NodeId> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }

  std::vector<NodeId> pop_count(std::size_t count) {
    std::vector<NodeId> items(count);
    for (std::size_t i = count; i > 0; --i) items[i - 1] = pop();
    return items;
  }

  Node& top() {
    const NodeId id = pop();
    stack_.push_back(id);
    return document_.nodes[id];
  }

  void add_pairs(Node& target, const std::vector<NodeId>& items) {
    if (items.size() % 2 != 0) fail("the pickle sets a key without a value");
    for (std::size_t i = 0; i < items.size(); i += 2)
      target.pairs.emplace_back(items[i], items[i + 1]);
  }

  bool push_long(std::string_view value) {
    if (value.size() > 8) return push(Kind::big_integer, value);
    if (value.empty()) return push_integer(0);
    const auto shift = 64 - 8 * static_cast<int>(value.size());
    return push_integer(static_cast<std::int64_t>(little_endian(value) << shift) >> shift);
  }

  bool push_decimal(std::string_view line, bool booleans) {
    if (booleans && (line == "00" || line == "01"))
      return push_integer(line == "01", Kind::boolean);
    if (line.ends_with('L')) line.remove_suffix(1);
    const auto value = text::to_integer(line);
    if (!value) fail(fmt::format("'{}' is not an integer", line.substr(0, 40)));
    return push_integer(*value);
  }

  bool push_decimal_real(std::string_view line) {
    const auto value = text::to_real(line);
    if (!value) fail(fmt::format("'{}' is not a number", line.substr(0, 40)));
    return push_real(*value);
  }

  bool push_binary_real() {
    std::uint64_t bits = 0;
    for (const char byte : take(8)) bits = bits << 8 | static_cast<unsigned char>(byte);
    return push_real(std::bit_cast<double>(bits));
  }

  // The opcodes, as tables.
  // clang-format off
  bool number() {
    switch (opcode_) {
      case 'N': return push(Kind::none);
      case 0x88: return push_integer(1, Kind::boolean);
      case 0x89: return push_integer(0, Kind::boolean);
      case 'I': return push_decimal(take_line(), true);
      case 'L': return push_decimal(take_line(), false);
      case 'J': return push_integer(static_cast<std::int32_t>(take_integer(4)));
      case 'K': return push_integer(static_cast<std::int64_t>(take_integer(1)));
      case 'M': return push_integer(static_cast<std::int64_t>(take_integer(2)));
      case 0x8a: return push_long(take(take_integer(1)));
      case 0x8b: return push_long(take(take_integer(4)));
      case 'F': return push_decimal_real(take_line());
      case 'G': return push_binary_real();
      default: return false;
    }
  }

  bool string() {
    switch (opcode_) {
      case 'S': return push(Kind::text, unquoted(take_line()));
      case 'T': return push(Kind::text, take(take_integer(4)));
      case 'U': return push(Kind::text, take(take_integer(1)));
      case 'V': return push(Kind::text, take_line());
      case 'X': return push(Kind::text, take(take_integer(4)));
      case 0x8c: return push(Kind::text, take(take_integer(1)));
      case 0x8d: return push(Kind::text, take(take_integer(8)));
      case 'B': return push(Kind::bytes, take(take_integer(4)));
      case 'C': return push(Kind::bytes, take(take_integer(1)));
      case 0x8e:
      case 0x96: return push(Kind::bytes, take(take_integer(8)));
      default: return false;
    }
  }

  bool container() {
    switch (opcode_) {
      case ']': return push(Kind::list);
      case ')': return push(Kind::tuple);
      case '}': return push(Kind::dict);
      case 0x8f: return push(Kind::set);
      case 'l': return push_items(Kind::list, pop_to_mark());
      case 't': return push_items(Kind::tuple, pop_to_mark());
      case 0x91: return push_items(Kind::set, pop_to_mark());
      case 0x85: return push_items(Kind::tuple, pop_count(1));
      case 0x86: return push_items(Kind::tuple, pop_count(2));
      case 0x87: return push_items(Kind::tuple, pop_count(3));
      case 'd': {
        Node node;
        node.kind = Kind::dict;
        add_pairs(node, pop_to_mark());
        return push(std::move(node));
      }
      default: return false;
    }
  }

  bool append(const std::vector<NodeId>& items) {
    auto& target = top().items;
    target.insert(target.end(), items.begin(), items.end());
    return true;
  }

  bool set_pairs(const std::vector<NodeId>& items) {
    add_pairs(top(), items);
    return true;
  }

  bool mutation() {
    switch (opcode_) {
      case 'a': return append(pop_count(1));
      case 'e':
      case 0x90: return append(pop_to_mark());
      case 's': return set_pairs(pop_count(2));
      case 'u': return set_pairs(pop_to_mark());
      case 'b': {
        const NodeId state = pop();
        top().state = state;
        return true;
      }
      default: return false;
    }
  }

  bool remember(std::uint64_t key) {
    const NodeId id = pop();
    stack_.push_back(id);
    memo_[key] = id;
    return true;
  }

  bool recall(std::uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) fail(fmt::format("the pickle recalls value {}, never stored", key));
    stack_.push_back(found->second);
    return true;
  }

  bool memo() {
    switch (opcode_) {
      case '(':
        marks_.push_back(stack_.size());
        return true;
      case '1':
        pop_to_mark();
        return true;
      case '0':
        if (!marks_.empty() && marks_.back() == stack_.size())
          marks_.pop_back();
        else
          pop();
        return true;
      case '2':
        top();
        stack_.push_back(stack_.back());
        return true;
      case 'g': return recall(take_decimal());
      case 'h': return recall(take_integer(1));
      case 'j': return recall(take_integer(4));
      case 'p': return remember(take_decimal());
      case 'q': return remember(take_integer(1));
      case 'r': return remember(take_integer(4));
      case 0x94: return remember(memo_.size());
      case 0x80:
        if (take_integer(1) > 5) fail("the pickle is of a protocol above 5");
        return true;
      case 0x95:
        take_integer(8);
        return true;
      default: return false;
    }
  }

  const std::string& name_of(NodeId id) {
    const Node& node = document_.at(id);
    if (node.kind != Kind::global) fail("the pickle calls what is not a function or class");
    return node.text;
  }

  bool push_global(std::string_view module, std::string_view name) {
    if (module.size() + name.size() > kLongestName) fail("the pickle names a class at length");
    return push(Kind::global, fmt::format("{}.{}", module, name));
  }

  bool push_call(NodeId function, NodeId arguments, Kind kind) {
    Node node;
    node.kind = kind;
    node.text = name_of(function);
    node.arguments = arguments;
    if (kind == Kind::call && !allowed_(node.text)) {
      throw DataError(
          "pickle-call",
          fmt::format("{}: the file wants to call {}, which is refused", source(), node.text),
          "equigen reads checkpoints as data and runs no code from them; do not trust "
          "this file, or save only tensors, numbers, texts, lists and dicts in it");
    }
    return push(std::move(node));
  }

  bool call_with_marked(NodeId function, std::vector<NodeId> arguments) {
    push_items(Kind::tuple, std::move(arguments));
    return push_call(function, pop(), Kind::call);
  }

  /// The old forms INST and OBJ: class and arguments behind a mark.
  bool instance() {
    if (opcode_ == 'i') {
      const auto module = take_line();
      const auto name = take_line();
      auto arguments = pop_to_mark();
      push_global(module, name);
      return call_with_marked(pop(), std::move(arguments));
    }
    auto arguments = pop_to_mark();
    if (arguments.empty()) fail("the pickle makes an object of no class");
    const NodeId function = arguments.front();
    arguments.erase(arguments.begin());
    return call_with_marked(function, std::move(arguments));
  }

  bool persistent(NodeId identifier) {
    Node node;
    node.kind = Kind::persistent;
    node.arguments = identifier;
    return push(std::move(node));
  }

  bool object() {
    switch (opcode_) {
      case 'c': {
        const auto module = take_line();
        return push_global(module, take_line());
      }
      case 0x93: {
        const auto parts = pop_count(2);
        return push_global(std::string(document_.at(parts[0]).text),
                           std::string(document_.at(parts[1]).text));
      }
      case 'R': {
        const auto parts = pop_count(2);
        return push_call(parts[0], parts[1], Kind::call);
      }
      case 0x81: {
        const auto parts = pop_count(2);
        return push_call(parts[0], parts[1], Kind::object);
      }
      case 0x92: {
        const auto parts = pop_count(3);
        return push_call(parts[0], parts[1], Kind::object);
      }
      case 'i':
      case 'o': return instance();
      case 'P':
        push(Kind::text, take_line());
        return persistent(pop());
      case 'Q': return persistent(pop());
      default: return false;
    }
  }

  const std::function<bool(const std::string&)>& allowed_;
  // clang-format on

  Document document_;
  std::vector<NodeId> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, NodeId> memo_;
  unsigned char opcode_ = 0;
};

}  // namespace

Document parse(std::string_view bytes, const std::string& source,
               const std::function<bool(const std::string&)>& allowed) {
  return Interpreter(bytes, source, allowed).run();
}

}  // namespace equigen::pickle
