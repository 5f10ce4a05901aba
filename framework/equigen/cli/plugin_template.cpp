// SPDX-License-Identifier: MIT
#include "equigen/cli/plugin_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <span>
#include <string_view>

#include "equigen/base/embedded_file.h"

namespace equigen::embedded {
std::span<const EmbeddedFile> plugin_templates();
}

namespace equigen::cli {
namespace {

constexpr std::string_view kName = "plugin_name";
constexpr std::string_view kTypeName = "PluginName";
constexpr std::size_t kLongestName = 40;

/// Words that are no namespace of their own, or that would collide with targets and libraries.
constexpr std::string_view kReserved[]{
    "alignas",  "alignof",   "and",       "asm",       "auto",        "bitand",   "bitor",
    "bool",     "break",     "case",      "catch",     "char",        "class",    "compl",
    "concept",  "const",     "consteval", "constexpr", "constinit",   "continue", "decltype",
    "default",  "delete",    "do",        "double",    "else",        "enum",     "explicit",
    "export",   "extern",    "false",     "final",     "float",       "for",      "friend",
    "goto",     "if",        "import",    "inline",    "int",         "long",     "module",
    "mutable",  "namespace", "new",       "noexcept",  "not",         "nullptr",  "operator",
    "or",       "override",  "private",   "protected", "public",      "register", "requires",
    "return",   "short",     "signed",    "sizeof",    "static",      "struct",   "switch",
    "template", "this",      "throw",     "true",      "try",         "typedef",  "typeid",
    "typename", "union",     "unsigned",  "using",     "virtual",     "void",     "volatile",
    "while",    "xor",       "std",       "equigen",   "torch",       "at",       "c10",
    "caffe2",   "fmt",       "nlohmann",  "test",      "tests",       "all",      "clean",
    "install",  "help",      "main",      "plugin",    "plugin_name", "package"};

/// small_world becomes SmallWorld.
std::string type_name(const std::string& name) {
  std::string result;
  bool starts_word = true;
  for (const char c : name) {
    if (c != '_')
      result += starts_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    starts_word = c == '_';
  }
  return result;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (auto found = text.find(from); found != std::string_view::npos; found = text.find(from)) {
    result += text.substr(0, found);
    result += to;
    text.remove_prefix(found + from.size());
  }
  return result += text;
}

}  // namespace

std::vector<std::string> template_kinds() {
  return {"model", "backbone", "dataset", "metric"};
}

std::string fault_of_plugin_name(const std::string& name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (name.empty() || name.front() < 'a' || name.front() > 'z' ||
      !std::ranges::all_of(name, is_allowed)) {
    return "it must be lower_snake: a letter a to z, then letters, digits and single underscores";
  }
  if (name.back() == '_' || name.find("__") != std::string::npos)
    return "it must not end with an underscore or hold two in a row";
  if (name.size() > kLongestName)
    return fmt::format("it has more than {} characters", kLongestName);
  if (std::ranges::find(kReserved, name) != std::ranges::end(kReserved))
    return "C++, CMake or equigen itself uses that word";
  return {};
}

std::vector<ProjectFile> project_files(const std::string& name, const std::string& kind) {
  std::vector<ProjectFile> files;
  for (const EmbeddedFile& file : embedded::plugin_templates()) {
    const auto slash = file.path.find('/');
    const std::string_view group = file.path.substr(0, slash);
    if (group != "every_kind" && group != kind) continue;
    const auto filled = [&](std::string_view text) {
      return replaced(replaced(text, kName, name), kTypeName, type_name(name));
    };
    files.push_back({filled(file.path.substr(slash + 1)), filled(file.content)});
  }
  std::ranges::sort(files, {}, &ProjectFile::path);
  return files;
}

}  // namespace equigen::cli
