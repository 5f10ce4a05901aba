// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "equigen/report/html.h"
#include "equigen/report/result_table.h"

namespace equigen::report {

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// One line of text in which LaTeX sees no command.
std::string latex_text(std::string_view text) {
  std::string result;
  for (const char c : clean_text(text)) {
    switch (c) {
      case '\\':
        result += "\\textbackslash{}";
        break;
      case '~':
        result += "\\textasciitilde{}";
        break;
      case '^':
        result += "\\textasciicircum{}";
        break;
      case '\n':
      case '\t':
        result += ' ';
        break;
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}':
        result += '\\';
        [[fallthrough]];
      default:
        result += c;
    }
  }
  return result;
}

/// A comment must stay on its line.
std::string latex_comment(std::string_view text) {
  return fmt::format("% {}\n", replaced(clean_text(text), "\n", " "));
}

std::string latex_number(const ResultCell& cell, const ResultColumn& column) {
  if (!cell.value) return "--";
  std::string text = cell_text(cell, column);
  // 2.2e-16 is 2.2 times a power of ten.
  for (std::size_t at = text.find('e'); at != std::string::npos; at = text.find('e', at + 1)) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    const std::string power = fmt::format("\\times 10^{{{}}}", std::stoi(text.substr(at + 1, end)));
    text.replace(at, end - at, power);
    at += power.size() - 1;
  }
  text = replaced(text, " ± ", " \\pm ");
  return cell.is_best ? fmt::format("$\\mathbf{{{}}}$", text) : fmt::format("${}$", text);
}

std::string latex_head(const ResultColumn& column) {
  std::string head = latex_text(column.label);
  if (!column.unit.empty()) head += fmt::format(" ({})", latex_text(column.unit));
  if (column.direction == Direction::lower) head += " $\\downarrow$";
  if (column.direction == Direction::higher) head += " $\\uparrow$";
  return head;
}

std::string markdown_text(std::string_view text) {
  std::string result;
  for (const char c : clean_text(text)) {
    if (c == '|' || c == '\\' || c == '*' || c == '_' || c == '`' || c == '<' || c == '[') {
      result += '\\';
    }
    result += c == '\n' || c == '\t' ? ' ' : c;
  }
  return result;
}

std::string markdown_head(const ResultColumn& column) {
  std::string head = markdown_text(column.label);
  if (!column.unit.empty()) head += fmt::format(" ({})", markdown_text(column.unit));
  if (column.direction == Direction::lower) head += " ↓";
  if (column.direction == Direction::higher) head += " ↑";
  return head;
}

/// Data set and protocol of each column, equal ones once.
std::vector<std::string> protocol_lines(const ResultTable& table) {
  std::vector<std::string> lines;
  for (const ResultColumn& column : table.columns) {
    lines.push_back(fmt::format("{}: {}{}", column.label,
                                column.protocol.empty() ? "protocol not stated" : column.protocol,
                                column.dataset.empty() ? "" : "; " + column.dataset));
  }
  return lines;
}

}  // namespace

std::string latex_table(const ResultTable& table) {
  if (table.empty()) return {};
  std::string text = "% \\usepackage{booktabs}\n";
  for (const std::string& line : protocol_lines(table)) text += latex_comment(line);
  text += "\\begin{table}\n  \\centering\n";
  std::string caption = table.caption;
  if (!table.spread.empty()) caption += (caption.empty() ? "" : " ") + table.spread;
  if (!caption.empty())
    text += "  \\caption{" + replaced(latex_text(caption), "±", "$\\pm$") + "}\n";
  text +=
      "  \\begin{tabular}{l" + std::string(table.columns.size(), 'r') + "}\n    \\toprule\n    ";
  for (const ResultColumn& column : table.columns) text += " & " + latex_head(column);
  text += " \\\\\n";
  std::optional<ResultKind> kind;
  for (const ResultRow& row : table.rows) {
    if (kind != row.kind) text += "    \\midrule\n";
    kind = row.kind;
    text += "    " + latex_text(row.name);
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      text += " & " + latex_number(row.cells[i], table.columns[i]);
    text += " \\\\\n";
    for (const std::string& source : row.sources) text += "    " + latex_comment(source);
  }
  return text + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n";
}

std::string markdown_table(const ResultTable& table) {
  if (table.empty()) return {};
  std::string text = "| |";
  std::string rule = "|:--|";
  for (const ResultColumn& column : table.columns) {
    text += fmt::format(" {} |", markdown_head(column));
    rule += "--:|";
  }
  text += "\n" + rule + "\n";
  std::vector<std::string> sources;
  for (const ResultRow& row : table.rows) {
    text += fmt::format("| {} |", markdown_text(row.name));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string cell = cell_text(row.cells[i], table.columns[i]);
      text += row.cells[i].is_best ? fmt::format(" **{}** |", cell) : fmt::format(" {} |", cell);
    }
    text += "\n";
    for (const std::string& source : row.sources)
      if (std::find(sources.begin(), sources.end(), source) == sources.end())
        sources.push_back(source);
  }
  text += "\n";
  if (!table.caption.empty()) text += markdown_text(table.caption) + "\n";
  if (!table.spread.empty()) text += markdown_text(table.spread) + "\n";
  text += "\n";
  for (const std::string& line : protocol_lines(table))
    text += fmt::format("- {}\n", markdown_text(line));
  for (const std::string& source : sources)
    text += fmt::format("- source: {}\n", markdown_text(source));
  return text;
}

std::string latex_tables(std::span<const ResultTable> tables) {
  std::string text;
  for (const ResultTable& table : tables) {
    if (!text.empty() && !table.empty()) text += '\n';
    text += latex_table(table);
  }
  return text;
}

std::string markdown_tables(std::span<const ResultTable> tables) {
  std::string text;
  for (const ResultTable& table : tables) {
    if (!text.empty() && !table.empty()) text += '\n';
    text += markdown_table(table);
  }
  return text;
}

}  // namespace equigen::report
