// SPDX-License-Identifier: MIT
#include "equigen/data/plain_text.h"

#include <algorithm>

#include "equigen/base/error.h"

namespace equigen {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

}  // namespace

std::string_view without_byte_order_mark(std::string_view line) {
  if (line.starts_with(kMark)) line.remove_prefix(kMark.size());
  return line;
}

std::string plain_text(std::string text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw DataError("file-encoding", "the text is UTF-16", "save it as UTF-8");
  if (text.starts_with(kMark)) text.erase(0, kMark.size());
  if (text.find('\n') == std::string::npos) std::ranges::replace(text, '\r', '\n');
  return text;
}

}  // namespace equigen
