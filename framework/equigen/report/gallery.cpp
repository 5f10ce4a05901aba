// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/crystal/drawing/draw.h"
#include "equigen/graph/draw.h"
#include "equigen/molecule/draw.h"
#include "equigen/report/crystal_card.h"
#include "equigen/report/gallery.h"
#include "equigen/report/html.h"

namespace equigen::report {

namespace {

constexpr int kDrawingWidth = 180;
constexpr int kDrawingHeight = 140;
constexpr std::size_t kMostProperties = 8;

/// The `<svg>` element of a drawing without what may stand in front of it in a file.
std::string inline_svg(const std::string& svg) {
  const std::size_t start = svg.find("<svg");
  return start == std::string::npos ? std::string() : svg.substr(start);
}

std::string drawing_of(const Sample& sample) {
  if (!sample.fault.empty()) return "<p class=\"no-drawing\">could not be read</p>";
  if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
    return crystal_drawing(*crystal, kDrawingWidth, kDrawingHeight);
  try {
    return inline_svg(std::visit(
        [](const auto& structure) { return draw_svg(structure, kDrawingWidth, kDrawingHeight); },
        sample.structure));
  } catch (const Error& error) {
    return fmt::format("<p class=\"no-drawing\">no drawing: {}</p>", html_text(error.message()));
  }
}

std::string badge(const char* kind, const char* text) {
  return fmt::format("<span class=\"badge {}\">{}</span>", kind, text);
}

/// Every graph with a node is valid, so only molecules and crystals are told to be.
std::string badges(const SampleVerdict& verdict, bool has_atoms) {
  std::string result;
  if (!verdict.valid) return badge("bad", "invalid");
  if (verdict.valid_without_correction) {
    result +=
        *verdict.valid_without_correction ? badge("good", "valid") : badge("fair", "corrected");
  } else if (has_atoms) {
    result += badge("good", "valid");
  }
  if (verdict.novel) result += *verdict.novel ? badge("good", "novel") : badge("fair", "known");
  if (!verdict.unique) result += badge("fair", "repeated");
  return result;
}

/// Why a sample is not valid.
std::string reason_element(const SampleVerdict& verdict) {
  if (verdict.valid || verdict.reason.empty()) return {};
  return fmt::format("<p class=\"reason\">{}</p>", html_text(verdict.reason));
}

/// Which crystals of the other sets belong to a card's, and how near they are.
std::string counterparts_element(const SampleVerdict& verdict) {
  if (verdict.counterparts.empty()) return {};
  std::string lines;
  for (const Counterpart& counterpart : verdict.counterparts)
    lines += fmt::format("<li>{}</li>", html_text(counterpart_text(counterpart)));
  return fmt::format("<ul class=\"counterparts\">{}</ul>", lines);
}

/// Words the filter buttons look for.
std::vector<std::string> filter_words(const SampleVerdict& verdict) {
  std::vector<std::string> words = {verdict.valid ? "valid" : "invalid"};
  if (verdict.valid && verdict.valid_without_correction && !*verdict.valid_without_correction)
    words.emplace_back("corrected");
  if (verdict.novel) words.emplace_back(*verdict.novel ? "novel" : "known");
  if (verdict.valid) words.emplace_back(verdict.unique ? "unique" : "repeated");
  return words;
}

/// A number of every sample: what can be sorted by.
struct Quantity {
  std::string name;
  std::vector<double> values;  ///< one a card; NaN where the sample has none
};

std::int64_t heavy_atoms(const Molecule& molecule) {
  return std::count_if(molecule.atoms.begin(), molecule.atoms.end(),
                       [](const Atom& atom) { return atom.atomic_number != 1; });
}

/// Numbers that samples carry, without the sampler's own mark; the first few names.
std::vector<std::string> property_names(std::span<const Sample> samples) {
  std::vector<std::string> names;
  for (const Sample& sample : samples)
    for (const auto& [name, value] : sample.properties)
      if (name != "valid_without_correction" && names.size() < kMostProperties &&
          std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
  return names;
}

std::vector<Quantity> quantities_of_crystals(std::span<const Sample> samples) {
  Quantity size{"atoms", {}};
  Quantity elements{"elements", {}};
  Quantity volume{"Å³ per atom", {}};
  for (const Sample& sample : samples) {
    const Crystal& crystal = crystal_in(sample);
    const auto atoms = static_cast<double>(crystal.size());
    size.values.push_back(atoms);
    elements.values.push_back(static_cast<double>(composition(crystal).size()));
    volume.values.push_back(crystal.lattice.volume() / atoms);
  }
  return {std::move(size), std::move(elements), std::move(volume)};
}

std::vector<Quantity> quantities_of_graphs_or_molecules(std::span<const Sample> samples) {
  Quantity size{"nodes", {}};
  Quantity edges{"edges", {}};
  Quantity density{"density", {}};
  bool is_molecule = false;
  for (const Sample& sample : samples) {
    if (const Graph* graph = std::get_if<Graph>(&sample.structure)) {
      const double nodes = graph->node_count;
      const auto count = static_cast<double>(graph->edges.size());
      size.values.push_back(nodes);
      edges.values.push_back(count);
      density.values.push_back(nodes > 1 ? 2 * count / (nodes * (nodes - 1)) : 0);
    } else {
      const Molecule& molecule = molecule_in(sample);
      is_molecule = true;
      size.values.push_back(static_cast<double>(heavy_atoms(molecule)));
      edges.values.push_back(static_cast<double>(molecule.bonds.size()));
    }
  }
  if (!is_molecule) return {std::move(size), std::move(edges), std::move(density)};
  size.name = "heavy atoms";
  edges.name = "bonds";
  return {std::move(size), std::move(edges)};
}

std::vector<Quantity> quantities_of(std::span<const Sample> samples) {
  const bool are_crystals =
      !samples.empty() && std::holds_alternative<Crystal>(samples.front().structure);
  std::vector<Quantity> quantities =
      are_crystals ? quantities_of_crystals(samples) : quantities_of_graphs_or_molecules(samples);
  for (const std::string& name : property_names(samples)) {
    Quantity property{name, {}};
    for (const Sample& sample : samples)
      property.values.push_back(
          property_or(sample, name, std::numeric_limits<double>::quiet_NaN()));
    quantities.push_back(std::move(property));
  }
  return quantities;
}

/// "12;17;0.11": the card's numbers, empty ones where there is none.
std::string card_values(const std::vector<Quantity>& quantities, std::size_t index) {
  std::vector<std::string> parts;
  for (const Quantity& quantity : quantities) {
    const double value = quantity.values[index];
    parts.push_back(std::isfinite(value) ? fmt::format("{:.6g}", value) : std::string());
  }
  return text::join(parts, ";");
}

std::string size_text(const Sample& sample) {
  if (const Graph* graph = std::get_if<Graph>(&sample.structure))
    return fmt::format("{} nodes · {} edges", graph->node_count, graph->edges.size());
  const auto* crystal = std::get_if<Crystal>(&sample.structure);
  if (crystal != nullptr && crystal->size() == 0)
    return crystal->name.empty() ? "no crystal" : crystal->name;
  if (crystal != nullptr)
    return fmt::format("{} · {} · {} atoms", formula(reduced(composition(*crystal))),
                       space_group_text(*crystal), crystal->size());
  const Molecule& molecule = molecule_in(sample);
  return molecule.smiles.empty() ? fmt::format("{} atoms", molecule.atoms.size()) : molecule.smiles;
}

std::string card(const Sample& sample, std::size_t index, const SampleVerdict* verdict,
                 const std::string& values) {
  const bool is_molecule = std::holds_alternative<Molecule>(sample.structure);
  const bool has_atoms = !std::holds_alternative<Graph>(sample.structure);
  const auto* crystal = std::get_if<Crystal>(&sample.structure);
  const std::string caption =
      is_molecule && verdict && !verdict->text.empty() ? verdict->text : size_text(sample);
  return fmt::format(
      "<li class=\"card\" data-words=\"{}\" data-values=\"{}\"><div class=\"drawing{}\">{}</div>"
      "<div class=\"caption\"{}>{}</div><div class=\"badges\"><span class=\"index\">{}</span>{}"
      "</div>{}{}{}</li>\n",
      verdict ? text::join(filter_words(*verdict), " ") : "", values,
      is_molecule ? " molecule" : "", drawing_of(sample),
      is_molecule ? fmt::format(" title=\"{}\"", html_text(caption)) : "", html_text(caption),
      index + 1, verdict ? badges(*verdict, has_atoms) : "",
      verdict ? reason_element(*verdict) : "", verdict ? counterparts_element(*verdict) : "",
      crystal && crystal->size() > 0 ? crystal_file_element(*crystal) : "");
}

/// Buttons for the words that some cards have and others have not.
std::string word_buttons(std::span<const SampleVerdict> verdicts) {
  std::string buttons;
  for (const char* word :
       {"valid", "invalid", "corrected", "novel", "known", "unique", "repeated"}) {
    const auto shown =
        std::count_if(verdicts.begin(), verdicts.end(), [&](const SampleVerdict& verdict) {
          const std::vector<std::string> words = filter_words(verdict);
          return std::find(words.begin(), words.end(), word) != words.end();
        });
    if (shown == 0 || shown == std::ssize(verdicts)) continue;
    buttons += fmt::format(
        "<button type=\"button\" data-filter=\"{0}\" aria-pressed=\"false\">{0} <span>{1}</span>"
        "</button>",
        word, shown);
  }
  return buttons;
}

std::string controls(std::span<const SampleVerdict> verdicts,
                     const std::vector<Quantity>& quantities, std::size_t count) {
  std::string options;
  for (std::size_t i = 0; i < quantities.size(); ++i)
    options += fmt::format("<option value=\"{}\">{}</option>", i, html_text(quantities[i].name));
  return fmt::format(
      "<div class=\"filters\" hidden=\"hidden\" role=\"group\" aria-label=\"Filter and sort\">"
      "<button type=\"button\" data-filter=\"\" aria-pressed=\"true\">all <span>{0}</span></button>"
      "{1}<span class=\"sorting\"><label>sort by <select class=\"sort\"><option "
      "value=\"-1\">{3}</option>{2}</select></label><button type=\"button\" "
      "class=\"descending\" aria-pressed=\"false\" title=\"largest first\">↓</button></span>"
      "<span class=\"range\"><label>only <select class=\"quantity\">{2}</select></label><input "
      "class=\"least\" type=\"number\" step=\"any\" placeholder=\"from\" aria-label=\"from\"/>"
      "<input class=\"most\" type=\"number\" step=\"any\" placeholder=\"to\" aria-label=\"to\"/>"
      "</span><output class=\"shown\">{0} of {0}</output></div>\n",
      count, word_buttons(verdicts), options,
      verdicts.empty() ? "order of the file" : "order of generation");
}

}  // namespace

std::string gallery_element(const Gallery& gallery) {
  const std::span<const Sample> samples = gallery.samples.first(gallery.count);
  const auto verdicts = gallery.verdicts.first(std::min(gallery.count, gallery.verdicts.size()));
  const std::vector<Quantity> quantities = quantities_of(samples);
  std::string cards;
  for (std::size_t i = 0; i < samples.size(); ++i)
    cards += card(samples[i], i, i < verdicts.size() ? &verdicts[i] : nullptr,
                  card_values(quantities, i));
  const std::string above =
      gallery.with_controls ? controls(verdicts, quantities, gallery.count) : std::string();
  return fmt::format("<div class=\"gallery-box\">\n{}<ul class=\"gallery\">\n{}</ul>\n</div>\n",
                     above, cards);
}

}  // namespace equigen::report
