// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "equigen/data/sample_files.h"

namespace equigen {

/// Reads one JSON line, a graph, a molecule or a crystal (the form is described in sample_files.h).
/// A molecule given by "smiles" alone is parsed; given by atoms it is taken as it stands. Throws
/// DataError with the reason.
Sample parse_sample_json(std::string_view line);

/// The texts of such a line; what is no text is passed over.
SampleTexts texts_of_sample_json(std::string_view line);

/// Whether an object in JSON is a crystal; nothing for what is no object.
std::optional<bool> is_crystal_json(std::string_view line);

/// The "name" of an object, also of one that cannot be read; may be empty.
std::string name_in_sample_json(std::string_view line);

/// Writes one line, without its end, that parse_sample_json() reads back as the same sample. Graphs
/// have no texts.
std::string to_sample_json(const Sample& sample, const SampleTexts& texts = {});

}  // namespace equigen
