// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "equigen/base/text.h"
#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen {

namespace {

constexpr std::size_t kNarrowestSystem = 12;
/// Figures of fewer than this part of the published number of samples get no place.
constexpr std::int64_t kSmallestShare = 10;

/// A line of a figure's list; `source` counts from 1, 0 for the run itself.
struct Line {
  std::string position;
  std::string system;
  std::string value;
  std::size_t source = 0;
  bool verified = true;
};

/// Sources of one text, numbered by their first mention.
class Sources {
 public:
  std::size_t number(const PublishedResult& row) {
    const std::string text = fmt::format("{}; {}", row.source, row.evidence);
    const auto [place, is_new] = numbers_.emplace(text, texts_.size() + 1);
    if (is_new) texts_.push_back(text);
    return place->second;
  }
  std::string list() const {
    std::string result;
    for (std::size_t i = 0; i < texts_.size(); ++i)
      result += fmt::format("[{}] {}\n", i + 1, texts_[i]);
    return result;
  }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> texts_;
};

std::string value_with_spread(double value, const std::optional<double>& stdev) {
  const std::string spread = stdev && *stdev > 0 ? fmt::format(" ± {:.2g}", *stdev) : "";
  return fmt::format("{:.4g}{}", value, spread);
}

Line own_line(const Figure& figure, const std::string& method) {
  const std::optional<double> stdev =
      figure.spread ? std::optional(figure.spread->stdev) : std::nullopt;
  return {figure.ranking ? fmt::format("{}.", figure.ranking->position) : "",
          method.empty() ? "this evaluation" : method + " (this evaluation)",
          value_with_spread(figure.value.value, stdev)};
}

Line published_line(const PublishedResult& row, Sources& sources) {
  const std::string spread = row.stdev ? " ± " + text::shortest(*row.stdev) : std::string();
  return {"", row.system, text::shortest(row.value) + spread, sources.number(row), row.verified};
}

/// The place of a value among this run's and each method's best; equal values share one.
std::int64_t place_of(double value, const Figure& figure) {
  MetricValue own;
  own.value = value;
  own.direction = figure.value.direction;
  const std::int64_t among_methods = ranking_of(own, figure.published)->position;
  return among_methods + (is_better(figure.value.value, value, own.direction) ? 1 : 0);
}

/// The verified rows and this run, best first, a method numbered where its best row stands; those
/// that are not verified behind.
std::vector<Line> lines_of(const Figure& figure, const std::string& method, Sources& sources) {
  std::vector<Line> lines;
  std::vector<Line> unverified;
  std::set<std::string> methods;
  bool is_placed = !figure.ranking;
  if (is_placed) lines.push_back(own_line(figure, method));
  for (const PublishedResult& row : figure.published) {
    Line line = published_line(row, sources);
    if (!row.verified) {
      unverified.push_back(line);
      continue;
    }
    if (!is_placed && !is_better(row.value, figure.value.value, figure.value.direction)) {
      lines.push_back(own_line(figure, method));
      is_placed = true;
    }
    const bool is_new = is_of_method(row) && methods.insert(published_method(row.system)).second;
    if (is_new && figure.ranking) line.position = fmt::format("{}.", place_of(row.value, figure));
    lines.push_back(line);
  }
  if (!is_placed) lines.push_back(own_line(figure, method));
  lines.insert(lines.end(), unverified.begin(), unverified.end());
  return lines;
}

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}

std::string unit_of(const MetricValue& value) {
  return value.unit.empty() || value.unit == "1" ? "" : ", " + value.unit;
}

std::string place_text(const Evaluation& evaluation, const Figure& figure) {
  if (figure.ranking)
    return fmt::format("place {} of {}", figure.ranking->position, figure.ranking->count + 1);
  const std::string obstacle = why_not_ranked(evaluation, figure.published.front());
  return "not ranked: " + (obstacle.empty() ? "no published figure is verified" : obstacle);
}

std::string figure_block(const Evaluation& evaluation, const Figure& figure, Sources& sources) {
  const MetricValue& value = figure.value;
  const std::string place = place_text(evaluation, figure);
  std::string result =
      fmt::format("{}{} ({} is better): {}\n", value.label.empty() ? value.name : value.label,
                  unit_of(value), direction_name(value.direction), place);
  const std::vector<Line> lines = lines_of(figure, evaluation.method, sources);
  std::size_t system = kNarrowestSystem;
  std::size_t number = 0;
  for (const Line& line : lines) {
    system = std::max(system, width_of(line.system));
    number = std::max(number, width_of(line.value));
  }
  for (const Line& line : lines) {
    const std::string source =
        line.source == 0
            ? ""
            : fmt::format("[{}]{}", line.source, line.verified ? "" : " not verified, not ranked");
    std::string text =
        fmt::format("  {} {}  {}  {}  {}", line.source == 0 ? "▸" : " ", padded(line.position, 4),
                    padded(line.system, system), padded(line.value, number), source);
    text.erase(text.find_last_not_of(' ') + 1);
    result += text + "\n";
  }
  return result + "\n";
}

}  // namespace

std::string why_not_ranked(const Evaluation& evaluation, const PublishedResult& published) {
  const PublishedResults& results = PublishedResults::builtin();
  if (const std::string part = results.part_of_published(evaluation.dataset); !part.empty())
    return fmt::format("{} holds {}", evaluation.dataset, part);
  const PublishedProtocol* const protocol = results.protocol(published.protocol);
  if (!protocol || evaluation.generated_count * kSmallestShare >= protocol->sample_count) return {};
  return fmt::format("{} samples, the published figures are of {}", evaluation.generated_count,
                     protocol->sample_count);
}

std::string ranking_text(const Evaluation& evaluation) {
  Sources sources;
  std::string blocks;
  std::map<std::string, std::vector<std::string>> reasons;
  for (const Figure& figure : evaluation.figures) {
    if (figure.value.direction == Direction::neither) continue;
    if (!figure.published.empty() && std::isfinite(figure.value.value)) {
      blocks += figure_block(evaluation, figure, sources);
    } else {
      const std::string reason =
          std::isfinite(figure.value.value)
              ? PublishedResults::builtin().why_nothing_comparable(evaluation.dataset, figure.value)
              : "the figure is not a finite number";
      reasons[reason].push_back(figure.value.name);
    }
  }
  std::string result = blocks;
  if (!blocks.empty()) {
    result +=
        "A method with several published figures counts once, with its best; equal figures share a "
        "place. Only the same data set and protocol.\n" +
        sources.list();
  }
  for (const auto& [reason, names] : reasons)
    result += fmt::format("no comparison for {}: {}\n", text::join(names, ", "), reason);
  return result;
}

}  // namespace equigen
