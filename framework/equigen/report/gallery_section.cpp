// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/graph/draw.h"
#include "equigen/molecule/draw.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

constexpr int kDrawingWidth = 180;
constexpr int kDrawingHeight = 140;
constexpr std::size_t kReferenceCards = 12;

/// The `<svg>` element of a drawing without what may stand in front of it in a file.
std::string inline_svg(const std::string& svg) {
  const std::size_t start = svg.find("<svg");
  return start == std::string::npos ? std::string() : svg.substr(start);
}

std::string drawing_of(const Sample& sample) {
  try {
    if (const Graph* graph = std::get_if<Graph>(&sample.structure))
      return inline_svg(draw_svg(*graph, kDrawingWidth, kDrawingHeight));
    return inline_svg(
        draw_svg(std::get<Molecule>(sample.structure), kDrawingWidth, kDrawingHeight));
  } catch (const Error& error) {
    return fmt::format("<p class=\"no-drawing\">no drawing: {}</p>", html_text(error.message()));
  }
}

std::string badge(const char* kind, const char* text) {
  return fmt::format("<span class=\"badge {}\">{}</span>", kind, text);
}

/// Every graph with a node is valid, so only molecules are told to be.
std::string badges(const SampleVerdict& verdict, bool is_molecule) {
  std::string result;
  if (!verdict.valid) {
    const std::string title = html_text(verdict.reason);
    return fmt::format("<span class=\"badge bad\" title=\"{}\">invalid</span>", title);
  }
  if (verdict.valid_without_correction) {
    result +=
        *verdict.valid_without_correction ? badge("good", "valid") : badge("fair", "corrected");
  } else if (is_molecule) {
    result += badge("good", "valid");
  }
  if (verdict.novel) result += *verdict.novel ? badge("good", "novel") : badge("fair", "known");
  if (!verdict.unique) result += badge("fair", "repeated");
  return result;
}

/// Words the filter buttons look for.
std::vector<std::string> filter_words(const SampleVerdict& verdict) {
  std::vector<std::string> words = {verdict.valid ? "valid" : "invalid"};
  if (verdict.valid && verdict.valid_without_correction && !*verdict.valid_without_correction)
    words.emplace_back("corrected");
  if (verdict.novel) words.emplace_back(*verdict.novel ? "novel" : "known");
  if (verdict.valid && !verdict.unique) words.emplace_back("repeated");
  return words;
}

std::string size_text(const Sample& sample) {
  if (const Graph* graph = std::get_if<Graph>(&sample.structure))
    return fmt::format("{} nodes · {} edges", graph->node_count, graph->edges.size());
  const auto& molecule = std::get<Molecule>(sample.structure);
  return molecule.smiles.empty() ? fmt::format("{} atoms", molecule.atoms.size()) : molecule.smiles;
}

std::string card(const Sample& sample, std::size_t index, const SampleVerdict* verdict) {
  const bool is_molecule = std::holds_alternative<Molecule>(sample.structure);
  const std::string caption =
      is_molecule && verdict && !verdict->text.empty() ? verdict->text : size_text(sample);
  return fmt::format(
      "<li class=\"card\" data-words=\"{}\"><div class=\"drawing{}\">{}</div>"
      "<div class=\"caption\"{}>{}</div><div class=\"badges\"><span class=\"index\">{}</span>{}"
      "</div></li>\n",
      verdict ? text::join(filter_words(*verdict), " ") : "", is_molecule ? " molecule" : "",
      drawing_of(sample), is_molecule ? fmt::format(" title=\"{}\"", html_text(caption)) : "",
      html_text(caption), index + 1, verdict ? badges(*verdict, is_molecule) : "");
}

/// Buttons for the words that occur; the script shows them, a page without script shows all cards.
std::string filter_buttons(std::span<const SampleVerdict> verdicts, std::size_t count) {
  std::string buttons;
  for (const char* word : {"valid", "invalid", "corrected", "novel", "known", "repeated"}) {
    const auto shown =
        std::count_if(verdicts.begin(), verdicts.begin() + static_cast<std::ptrdiff_t>(count),
                      [&](const SampleVerdict& verdict) {
                        const std::vector<std::string> words = filter_words(verdict);
                        return std::find(words.begin(), words.end(), word) != words.end();
                      });
    if (shown == 0 || static_cast<std::size_t>(shown) == count) continue;
    buttons += fmt::format(
        "<button type=\"button\" data-filter=\"{0}\" aria-pressed=\"false\">{0} <span>{1}</span>"
        "</button>",
        word, shown);
  }
  if (buttons.empty()) return {};
  return fmt::format(
      "<div class=\"filters\" hidden=\"hidden\" role=\"group\" aria-label=\"Show samples\">"
      "<button type=\"button\" data-filter=\"\" aria-pressed=\"true\">all <span>{}</span></button>"
      "{}</div>\n",
      count, buttons);
}

std::string cards(std::span<const Sample> samples, std::size_t count,
                  std::span<const SampleVerdict> verdicts) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += card(samples[i], i, i < verdicts.size() ? &verdicts[i] : nullptr);
  return "<ul class=\"gallery\">\n" + result + "</ul>\n";
}

}  // namespace

std::string gallery_section(const ReportInput& input) {
  if (input.samples.empty()) {
    return section_element("samples", "Samples", "",
                           "<p class=\"empty\">No samples were generated.</p>");
  }
  const std::size_t count = std::min(input.gallery_size, input.samples.size());
  std::span<const SampleVerdict> verdicts;
  if (input.evaluation && input.evaluation->verdicts.size() == input.samples.size())
    verdicts = input.evaluation->verdicts;
  std::string content;
  if (!verdicts.empty()) content += filter_buttons(verdicts, count);
  content += cards(input.samples, count, verdicts);
  const std::size_t references = std::min(kReferenceCards, input.reference.size());
  if (references > 0)
    content +=
        "<h3>For comparison: the reference set</h3>\n" + cards(input.reference, references, {});
  const std::string lead = fmt::format(
      "The first {} of {} samples in the order in which they were generated; none was "
      "chosen.",
      count, count_text(static_cast<long long>(input.samples.size())));
  return section_element("samples", "Samples", lead, content);
}

}  // namespace equigen::report
