// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace equigen::text {

std::string_view trim(std::string_view text);

/// Splits at every `separator`; keeps empty parts.
std::vector<std::string> split(std::string_view text, char separator);

std::string join(std::span<const std::string> parts, std::string_view separator);

std::string lower(std::string_view text);

/// Parses the whole of `text` as a number; nothing when it is not one or does not fit.
std::optional<std::int64_t> to_integer(std::string_view text);
std::optional<double> to_real(std::string_view text);

/// Returns the shortest decimal form that reads back as the same double ("0.1", "1e-05").
std::string shortest(double value);

/// Returns the number of insertions, deletions, substitutions and transpositions between two words
/// (Damerau–Levenshtein, adjacent transpositions).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Returns the candidate nearest to `word`: edit distance at most 2 (1 for words under four
/// letters), or a candidate of which `word` is a prefix, or the reverse.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// Returns "; did you mean 'x'?" or an empty string.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// Escapes & < > " ' for HTML and SVG.
std::string escape_html(std::string_view text);

}  // namespace equigen::text
