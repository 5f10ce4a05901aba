// SPDX-License-Identifier: MIT
#include "equigen/report/data_page.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "equigen/base/file.h"
#include "equigen/report/chart.h"
#include "equigen/report/gallery.h"
#include "equigen/report/html.h"
#include "equigen/report/page.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

std::vector<double> shares_of(const std::vector<std::int64_t>& counts) {
  const auto total =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  std::vector<double> shares;
  for (const std::int64_t count : counts)
    shares.push_back(total > 0 ? static_cast<double>(count) / total : 0.0);
  return shares;
}

std::string figure_element(const std::string& chart, const std::string& title,
                           const std::string& note) {
  return fmt::format(
      "<figure>{}<figcaption><strong>{}</strong> <span class=\"small\">{}</span></figcaption>"
      "</figure>\n",
      chart, html_text(title), html_text(note));
}

std::string class_figure(const ClassCounts& item) {
  const auto total = std::accumulate(item.counts.begin(), item.counts.end(), std::int64_t{0});
  if (total == 0) return {};
  std::string note = fmt::format("{} {}", count_text(total), item.unit);
  if (std::isfinite(item.mean)) note += " · mean " + figure_text(item.mean);
  return figure_element(draw_share_chart({.title = item.title + ", shares",
                                          .x_label = "",
                                          .classes = item.classes,
                                          .reference = {},
                                          .generated = shares_of(item.counts),
                                          .single_set = true}),
                        item.title, note);
}

std::string property_figure(const PropertySummary& item) {
  if (item.edges.empty()) return {};
  return figure_element(
      draw_histogram({.title = item.name + ", shares",
                      .x_label = "",
                      .edges = item.edges,
                      .reference = {},
                      .generated = shares_of(item.counts),
                      .single_set = true}),
      item.name,
      fmt::format("{} values · mean {}", count_text(item.count), figure_text(item.mean)));
}

std::string table(const std::vector<std::string>& heading,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string head, body;
  for (const std::string& name : heading)
    head += fmt::format("<th scope=\"col\">{}</th>", html_text(name));
  for (const auto& row : rows) {
    body += "<tr>";
    for (const std::string& cell : row) body += fmt::format("<td>{}</td>", html_text(cell));
    body += "</tr>\n";
  }
  return "<div class=\"scroll\"><table><thead><tr>" + head + "</tr></thead>\n<tbody>" + body +
         "</tbody></table></div>\n";
}

std::string property_table(const std::vector<PropertySummary>& properties) {
  std::vector<std::vector<std::string>> rows;
  for (const PropertySummary& item : properties)
    rows.push_back({item.name, count_text(item.count), figure_text(item.minimum),
                    figure_text(item.mean), figure_text(item.maximum)});
  return rows.empty() ? std::string{}
                      : table({"Property", "Values", "Least", "Mean", "Greatest"}, rows);
}

std::string content_section(const SampleStatistics& statistics) {
  std::string figures;
  for (const ClassCounts& item : statistics.classes) figures += class_figure(item);
  for (const PropertySummary& item : statistics.properties) figures += property_figure(item);
  return section_element(
      "content", "Content", "",
      "<div class=\"charts\">\n" + figures + "</div>\n" + property_table(statistics.properties));
}

std::string repeats_section(const SampleStatistics& statistics) {
  std::vector<std::vector<std::string>> rows;
  for (const RepeatedSample& item : statistics.repeated)
    rows.push_back({item.text, count_text(item.count)});
  return rows.empty() ? std::string{}
                      : section_element("repeated", "Repeated samples",
                                        "The most frequent of those that occur more than once.",
                                        table({"Sample", "Times"}, rows));
}

std::string skipped_section(const DataPageInput& input) {
  if (input.skipped_count == 0) return {};
  std::vector<std::vector<std::string>> rows;
  for (const SkippedRow& row : input.skipped) rows.push_back({row.source, row.reason});
  return section_element(
      "left-out", "Rows left out",
      fmt::format("{} could not be used; the first {} shown.",
                  input.skipped_count == 1 ? "1 row" : count_text(input.skipped_count) + " rows",
                  rows.size() == 1 ? "is" : fmt::format("{} are", rows.size())),
      table({"Row", "Reason"}, rows));
}

std::string picture_section(const DataPageInput& input) {
  if (input.samples.empty()) return {};
  const std::size_t count = std::min(input.gallery_size, input.samples.size());
  return section_element(
      "samples", "Pictures",
      fmt::format("The first {} of {}, in the order of the file; none was chosen.", count,
                  count_text(static_cast<long long>(input.samples.size()))),
      gallery_element({.samples = input.samples, .verdicts = {}, .count = count}));
}

std::string header(const DataPageInput& input, const std::string& created) {
  std::string facts;
  for (const auto& [name, value] : input.facts)
    facts += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", html_text(name), html_text(value));
  facts += fmt::format("<div><dt>written</dt><dd>{}</dd></div>", html_text(created));
  std::vector<std::pair<std::string, std::string>> links = {{"content", "Content"}};
  if (!input.statistics.repeated.empty()) links.emplace_back("repeated", "Repeated");
  if (input.skipped_count > 0) links.emplace_back("left-out", "Left out");
  if (!input.samples.empty()) links.emplace_back("samples", "Pictures");
  return fmt::format(
      "{}<header class=\"wrap\">\n<h1>{}</h1>\n<p class=\"subtitle\">{}</p>\n<dl "
      "class=\"facts\">{}</dl>\n</header>\n",
      bar_element(links), html_text(input.title), html_text(input.subtitle), facts);
}

}  // namespace

std::string data_page_html(const DataPageInput& input) {
  const std::string created = now_text();
  return page_element(input.title, header(input, created),
                      content_section(input.statistics) + repeats_section(input.statistics) +
                          skipped_section(input) + picture_section(input),
                      created);
}

std::filesystem::path write_data_page(const std::filesystem::path& folder,
                                      const DataPageInput& input) {
  const std::filesystem::path page = folder / "data.html";
  write_file_atomically(page, data_page_html(input));
  return page;
}

}  // namespace equigen::report
