// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "equigen/config/schema.h"

/// Schemas as text for people.
namespace equigen::config {

/// What a key takes: "a number in [0, 1)", "an integer at least 1", "one of: adam, sgd".
std::string expected_text(const Field& field);

/// Its default as YAML ("0.999", "[2, 3]", "''"); "required" or "none" where there is no value.
std::string default_text(const Field& field);

/// The keys of a schema for a terminal, aligned, sections indented under their key:
///
///     gdss: score-based diffusion of features and adjacency
///       (the schema's documentation)
///
///       depth   integer in [1, 64]   3   number of graph convolutions
std::string describe_text(std::string_view title, std::string_view summary, const Schema& schema);

}  // namespace equigen::config
