// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What an unquoted YAML scalar means, by the core schema of YAML 1.2 without its rarer spellings:
/// `true` and `false` are the only booleans, integers are decimal without leading zeros.
namespace equigen::config::scalar {

bool is_null(std::string_view text);  ///< empty, ~, null
std::optional<bool> boolean(std::string_view text);
std::optional<std::int64_t> integer(std::string_view text);
std::optional<std::uint64_t> unsigned_integer(std::string_view text);
/// Integers count as reals; .inf and .nan are read, "inf" and "nan" are not.
std::optional<double> real(std::string_view text);

/// A decimal number with leading zeros ("010"), which YAML 1.1 readers take for an octal one.
bool has_leading_zeros(std::string_view text);
/// A boolean of YAML 1.1 or a capitalised one: yes, No, on, TRUE, ...
bool is_old_boolean(std::string_view text);

/// The form of a real that reads back as the same double: shortest digits, .inf, -.inf, .nan.
std::string real_text(double value);

/// The scalar as it has to be written so that it reads back as this text; `quoted`: it must not
/// become a number, boolean or null. `in_flow`: it stands between [ ].
std::string yaml_text(std::string_view text, bool quoted, bool in_flow);

}  // namespace equigen::config::scalar
