// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace equigen::testing {

/// The first fault of a page in the nesting of its tags or in its escaping, or an empty text. The
/// page must be written as XML is: every element closed, every attribute quoted; the insides of
/// <style> and <script> are not looked at.
inline std::string markup_fault(std::string_view page) {
  std::vector<std::string> open;
  std::size_t at = 0;
  while ((at = page.find('<', at)) != std::string_view::npos) {
    if (page.substr(at, 2) == "<!") {
      at = page.find('>', at);
      continue;
    }
    bool quoted = false;
    std::size_t end = at + 1;
    while (end < page.size() && (quoted || page[end] != '>')) {
      if (page[end] == '"') quoted = !quoted;
      if (page[end] == '<') return "'<' inside a tag: " + std::string(page.substr(at, 80));
      ++end;
    }
    if (end == page.size()) return "a tag without end: " + std::string(page.substr(at, 80));
    const std::string_view tag = page.substr(at + 1, end - at - 1);
    const std::string name(tag.substr(0, tag.find_first_of(" \n/", tag.front() == '/' ? 1 : 0)));
    if (tag.front() == '/') {
      if (open.empty() || "/" + open.back() != name)
        return name + " closes " + (open.empty() ? std::string("nothing") : open.back());
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
      if (name == "style" || name == "script") end = page.find("</" + name, end) - 1;
    }
    at = end;
  }
  return open.empty() ? std::string() : open.back() + " is not closed";
}

inline std::size_t count_of(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + word.size()))
    ++count;
  return count;
}

}  // namespace equigen::testing
