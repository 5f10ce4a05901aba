// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace equigen {

/// A file's text as readers of records expect it: without the byte order mark of UTF-8, and where
/// lines are ended by carriage returns alone, by line feeds. Throws DataError ("file-encoding") for
/// UTF-16.
std::string plain_text(std::string text);

/// The same of a first line.
std::string_view without_byte_order_mark(std::string_view line);

}  // namespace equigen
