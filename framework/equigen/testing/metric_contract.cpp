// SPDX-License-Identifier: MIT
#include "equigen/testing/metric_contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/testing/example_samples.h"

namespace equigen::testing {
namespace {

/// The sets of one computation, owned.
struct Sets {
  std::vector<Sample> generated;
  std::vector<Sample> reference;
  std::vector<Sample> train;
};

std::vector<MetricValue> figures_of(const Metric& metric, const Sets& sets) {
  return metric.compute({sets.generated, sets.reference, sets.train});
}

Sets example_sets(const std::string& structure) {
  const std::vector<Sample> all = example_samples(structure, 36);
  return {{all.begin(), all.begin() + 12},
          {all.begin() + 8, all.begin() + 24},
          {all.begin() + 20, all.end()}};
}

bool are_close(double a, double b, double tolerance) {
  if (std::isnan(a) && std::isnan(b)) return true;
  return std::abs(a - b) <= tolerance * std::max({1.0, std::abs(a), std::abs(b)});
}

void expect_equal(const std::vector<MetricValue>& a, const std::vector<MetricValue>& b,
                  double tolerance, const std::string& when) {
  expect(a.size() == b.size(), fmt::format("{} figures, {} {}", a.size(), b.size(), when));
  for (std::size_t i = 0; i < a.size(); ++i) {
    expect(a[i].name == b[i].name,
           fmt::format("figure '{}' is '{}' {}", a[i].name, b[i].name, when));
    expect(are_close(a[i].value, b[i].value, tolerance),
           fmt::format("{} = {:.12g}, but {:.12g} {}", a[i].name, a[i].value, b[i].value, when));
  }
}

void check_figures(const std::vector<MetricValue>& figures, const Sets& sets) {
  expect(!figures.empty(), "it computes no figure");
  std::set<std::string> names;
  for (const MetricValue& figure : figures) {
    const bool is_word =
        !figure.name.empty() && std::ranges::all_of(figure.name, [](unsigned char c) {
          return std::isalnum(c) != 0 || c == '_';
        });
    expect(is_word, fmt::format("the name '{}' holds more than letters, digits and underscores",
                                figure.name));
    expect(names.insert(figure.name).second, fmt::format("'{}' stands twice", figure.name));
    expect(!figure.label.empty(), fmt::format("'{}' has no label for people", figure.name));
    expect(std::isfinite(figure.value), fmt::format("'{}' is {}", figure.name, figure.value));
    expect(figure.sample_count >= 0 && figure.sample_count <= std::ssize(sets.generated),
           fmt::format("'{}' counts {} of {} samples", figure.name, figure.sample_count,
                       sets.generated.size()));
  }
}

/// A computation on sets that may be too poor for the metric.
void expect_graceful(const Metric& metric, const Sets& sets, const std::string& when) {
  try {
    for (const MetricValue& figure : figures_of(metric, sets)) {
      expect(std::isfinite(figure.value) || !figure.note.empty(),
             fmt::format("'{}' is {} {}, without a note", figure.name, figure.value, when));
    }
  } catch (const DataError&) {
    // It says what it lacks.
  }
}

Sets reordered(Sets sets, RandomStream& random) {
  for (auto* samples : {&sets.generated, &sets.reference, &sets.train})
    random.shuffle(std::span(*samples));
  return sets;
}

Sets relabelled_sets(Sets sets, RandomStream& random) {
  for (auto* samples : {&sets.generated, &sets.reference, &sets.train}) {
    for (Sample& sample : *samples) sample = relabelled(sample, random);
  }
  return sets;
}

void check_symmetries(ContractReport& report, const Metric& metric, const Sets& sets,
                      const std::vector<MetricValue>& figures, double tolerance) {
  report.rule("deterministic", [&] {
    expect_equal(figures, figures_of(metric, sets), 0, "when computed again");
    const int threads = parallel_threads();
    set_parallel_threads(1);
    const std::vector<MetricValue> alone = figures_of(metric, sets);
    set_parallel_threads(threads);
    expect_equal(figures, alone, tolerance, "on one thread");
  });
  RandomStream random(3, "metric-contract");
  report.rule("order", [&] {
    expect_equal(figures, figures_of(metric, reordered(sets, random)), tolerance,
                 "with the samples in another order");
  });
  report.rule("relabelling", [&] {
    expect_equal(figures, figures_of(metric, relabelled_sets(sets, random)), tolerance,
                 "with the nodes in another order");
  });
}

}  // namespace

ContractReport check_metric(const Subject<Metric>& subject, const MetricContract& contract) {
  ContractReport report("metric");
  check_keys(report, subject.schema, contract.options);
  std::shared_ptr<Metric> metric;
  report.rule("structure", [&] {
    metric = subject.create(complete_options(subject.schema, contract.options));
    const std::string structure = metric->structure();
    expect(structure == "graph" || structure == "molecule" || structure == "crystal",
           fmt::format("structure() is '{}', not graph, molecule or crystal", structure));
  });
  if (!metric || report.violates("structure")) return report;
  const Sets sets = example_sets(metric->structure());
  std::optional<std::vector<MetricValue>> figures;
  report.rule("figures", [&] {
    figures = figures_of(*metric, sets);
    check_figures(*figures, sets);
  });
  if (!figures) return report;
  check_symmetries(report, *metric, sets, *figures, contract.tolerance);
  report.rule("single node", [&] {
    const std::vector<Sample> single{single_node(metric->structure())};
    expect_graceful(*metric, {single, sets.reference, sets.train}, "for one node");
    expect_graceful(*metric, {single, single, single}, "where all sets are one node");
  });
  report.rule("empty sets", [&] {
    expect_graceful(*metric, {{}, sets.reference, sets.train}, "without samples");
    expect_graceful(*metric, {sets.generated, {}, sets.train}, "without reference");
    expect_graceful(*metric, {sets.generated, sets.reference, {}}, "without training set");
  });
  return report;
}

}  // namespace equigen::testing
