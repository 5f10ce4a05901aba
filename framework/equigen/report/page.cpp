// SPDX-License-Identifier: MIT
#include "equigen/report/page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "equigen/report/assets.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"
#include "equigen/version.h"

namespace equigen::report {

namespace {

/// Crystals turn only on pages that have some.
std::string scripts_for(std::string_view body) {
  std::string scripts(report_script());
  if (body.find("data-scene=") != std::string_view::npos) scripts += crystal_viewer_script();
  return scripts;
}

}  // namespace

std::string now_text() {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
}

std::string page_element(std::string_view title, std::string_view header, std::string_view body,
                         std::string_view created) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; script-src 'unsafe-inline'\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
      "<meta name=\"generator\" content=\"equigen {}\"/>\n<title>{}</title>\n"
      "<style>\n{}</style>\n</head>\n<body>\n{}<main class=\"wrap\">\n{}</main>\n"
      "<footer class=\"wrap\"><p>Written by equigen {} on {}. This page needs no network: figures, "
      "drawings and style are inside the file.</p></footer>\n<script>\n{}</script>\n</body>\n"
      "</html>\n",
      EQUIGEN_VERSION, html_text(title), report_style(), header, body, EQUIGEN_VERSION,
      html_text(created), scripts_for(body));
}

std::string bar_element(const std::vector<std::pair<std::string, std::string>>& links) {
  std::string items;
  for (const auto& [id, name] : links) items += fmt::format("<a href=\"#{}\">{}</a>", id, name);
  return fmt::format(
      "<div class=\"bar\"><div class=\"wrap\"><span class=\"brand\">equigen</span><nav "
      "aria-label=\"Sections\">{}</nav>\n<button type=\"button\" id=\"theme\" hidden=\"hidden\" "
      "aria-label=\"Light or dark\">◐</button></div></div>\n",
      items);
}

std::string tables_section(std::span<const ResultTable> tables) {
  const std::string latex = latex_tables(tables);
  if (latex.empty()) return {};
  return section_element("tables", "Tables for papers", "The same files lie beside this page.",
                         copyable_element("LaTeX, booktabs", "table.tex", latex) +
                             copyable_element("Markdown", "table.md", markdown_tables(tables)));
}

}  // namespace equigen::report
