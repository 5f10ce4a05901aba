// SPDX-License-Identifier: MIT
#include "equigen/report/html.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "equigen/base/text.h"

namespace equigen::report {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const unsigned char second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_large = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

bool is_forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0 || (length == 1 && is_forbidden_control(text.front()))) {
      result += kReplacement;
      text.remove_prefix(1);
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result;
}

std::string html_text(std::string_view text) {
  return text::escape_html(clean_text(text));
}

std::string figure_text(double value) {
  if (!std::isfinite(value)) return "–";
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size < 1e-4 || size >= 1e6) return fmt::format("{:.2e}", value);
  if (size >= 1000) return fmt::format("{:.0f}", value);
  return size < 1 ? fmt::format("{:.3g}", value) : fmt::format("{:.4g}", value);
}

std::string display_name(std::string_view label, std::string_view name) {
  std::string result(label.empty() ? name : label);
  if (!result.empty() && result.front() >= 'a' && result.front() <= 'z')
    result.front() = static_cast<char>(result.front() - 'a' + 'A');
  return result;
}

std::string count_text(long long count) {
  std::string digits = std::to_string(count < 0 ? -count : count);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3)
    digits.insert(static_cast<std::size_t>(place), 1, ',');
  if (count < 0) digits.insert(0, 1, '-');
  return digits;
}

std::string coordinate(double value) {
  std::string text = fmt::format("{:.2f}", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string copyable_element(std::string_view summary, std::string_view file,
                             std::string_view text) {
  return fmt::format(
      "<details class=\"copyable\"><summary>{} <span class=\"small\">{}</span></summary>\n<div>"
      "<button type=\"button\" class=\"copy\" hidden=\"hidden\">Copy</button><pre>{}</pre></div>"
      "</details>\n",
      html_text(summary), html_text(file), html_text(text));
}

}  // namespace equigen::report
