// SPDX-License-Identifier: MIT
#include "equigen/config/scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "equigen/base/text.h"

namespace equigen::config::scalar {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return text;
}

bool is_decimal(std::string_view text) {
  const std::string_view digits = without_sign(text);
  return !digits.empty() && std::ranges::all_of(digits, is_digit);
}

template <typename Number>
std::optional<Number> whole(std::string_view text) {
  if (!is_decimal(text) || has_leading_zeros(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_special_start(std::string_view text) {
  constexpr std::string_view kIndicators = "!&*{}[],#|>@`\"'%:?-";
  if (kIndicators.find(text.front()) == std::string_view::npos) return false;
  const bool may_start_word = text.front() == ':' || text.front() == '?' || text.front() == '-';
  return !(may_start_word && text.size() > 1 && text[1] != ' ' && text.substr(0, 3) != "---");
}

/// Length in bytes of the line break or control character of Unicode that `text` starts with beyond
/// ASCII: U+0080 to U+009F, U+2028, U+2029 and the byte order mark; 0 for anything else.
std::size_t wide_control_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() >= 2 && byte(0) == 0xc2 && byte(1) < 0xa0) return 2;
  if (text.starts_with("\xe2\x80\xa8") || text.starts_with("\xe2\x80\xa9") ||
      text.starts_with("\xef\xbb\xbf"))
    return 3;
  return 0;
}

bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = static_cast<unsigned char>(text[i]);
    if (code < 0x20 || code == 0x7f || wide_control_length(text.substr(i)) > 0) return true;
  }
  return false;
}

bool must_be_quoted(std::string_view text, bool quoted, bool in_flow) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return true;
  if (is_special_start(text) || text.back() == ':' || text == "<<" || text == "=") return true;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos)
    return true;
  // yaml-cpp takes a question mark before a closing bracket for a key.
  if (in_flow && text.find_first_of(",[]{}:?") != std::string_view::npos) return true;
  if (has_leading_zeros(text) || text.starts_with("...")) return true;
  return quoted &&
         (is_null(text) || is_old_boolean(text) || boolean(text) || real(text) || is_decimal(text));
}

std::string escaped_wide_control(std::string_view bytes) {
  const auto last = static_cast<unsigned char>(bytes.back());
  if (bytes.size() == 2) return fmt::format("\\x{:02x}", last);
  return bytes.front() == '\xef' ? "\\ufeff" : fmt::format("\\u20{:02x}", last - 0x80);
}

std::string escaped_ascii(char c) {
  const auto code = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') return std::string{'\\', c};
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (code < 0x20 || code == 0x7f) return fmt::format("\\x{:02x}", code);
  return {c};
}

std::string escaped(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::size_t wide = wide_control_length(text);
    result += wide > 0 ? escaped_wide_control(text.substr(0, wide)) : escaped_ascii(text.front());
    text.remove_prefix(std::max<std::size_t>(wide, 1));
  }
  return result + '"';
}

std::string single_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += c;
  }
  return result + '\'';
}

}  // namespace

bool is_null(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

std::optional<bool> boolean(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> integer(std::string_view text) {
  return whole<std::int64_t>(text);
}

std::optional<std::uint64_t> unsigned_integer(std::string_view text) {
  return whole<std::uint64_t>(text);
}

std::optional<double> real(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == ".inf" || text == "+.inf") return kInfinity;
  if (text == "-.inf") return -kInfinity;
  if (text == ".nan") return std::numeric_limits<double>::quiet_NaN();
  // from_chars would also take "inf" and "nan", which are words in YAML.
  const std::string_view digits = without_sign(text);
  const bool starts_as_number =
      !digits.empty() &&
      (is_digit(digits[0]) || (digits[0] == '.' && digits.size() > 1 && is_digit(digits[1])));
  if (!starts_as_number || has_leading_zeros(text)) return std::nullopt;
  return text::to_real(text);
}

bool has_leading_zeros(std::string_view text) {
  const std::string_view digits = without_sign(text);
  return digits.size() > 1 && digits[0] == '0' && is_decimal(text);
}

bool is_old_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords{"yes", "no", "on", "off", "true", "false"};
  return !boolean(text) && std::ranges::find(kWords, text::lower(text)) != kWords.end();
}

std::string real_text(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value > 0 ? ".inf" : "-.inf";
  return text::shortest(value);
}

std::string yaml_text(std::string_view text, bool quoted, bool in_flow) {
  if (has_control_character(text)) return escaped(text);
  if (must_be_quoted(text, quoted, in_flow)) return single_quoted(text);
  return std::string(text);
}

}  // namespace equigen::config::scalar
