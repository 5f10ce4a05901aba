// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Python's pickle format, read as data. Nothing is imported, constructed or called: what a pickle
/// would call stays a node that names the function.
namespace equigen::pickle {

using NodeId = std::uint32_t;

/// One value of a pickle. `items` and `pairs` hold what was appended to or set in it, also for
/// objects of unknown classes (a subclass of dict has pairs).
struct Node {
  enum class Kind {
    none,
    boolean,
    integer,      ///< fits std::int64_t
    big_integer,  ///< `text` holds its bytes, little-endian two's complement
    real,
    text,
    bytes,
    list,
    tuple,
    set,
    dict,
    global,      ///< a class or function by name: `text` is "module.name"
    call,        ///< an allowed function `text` with `arguments`
    object,      ///< an instance of class `text`, made without calling it
    persistent,  ///< a value kept outside the pickle; `arguments` is its identifier
  };
  Kind kind = Kind::none;
  std::int64_t integer = 0;  ///< also of a boolean
  double real = 0;
  std::string text;
  std::vector<NodeId> items;
  std::vector<std::pair<NodeId, NodeId>> pairs;
  std::optional<NodeId> arguments;
  std::optional<NodeId> state;
};

/// A pickle as a graph of nodes (values may be shared, and may contain themselves).
struct Document {
  std::vector<Node> nodes;
  NodeId root = 0;
  std::size_t size = 0;  ///< bytes up to and with the STOP opcode

  const Node& at(NodeId id) const { return nodes.at(id); }
  const Node& top() const { return nodes.at(root); }
};

/// Reads one pickle (protocols 0 to 5) at the start of `bytes`. `allowed` tells which functions may
/// stand in a call; any other call is refused by name, because a file that wants to run code is no
/// plain data. At most 4 million values.
/// Throws DataError that begins with `source`: truncated, malformed, an opcode or call that is
/// refused.
Document parse(std::string_view bytes, const std::string& source,
               const std::function<bool(const std::string&)>& allowed);

}  // namespace equigen::pickle
