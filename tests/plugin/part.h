// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace equigen::testing {

/// A component kind of the tests.
class Part {
 public:
  static constexpr std::string_view kind = "part";
  using Create = std::shared_ptr<Part>(int);
  virtual ~Part() = default;
  virtual std::string text() const = 0;
};

}  // namespace equigen::testing
