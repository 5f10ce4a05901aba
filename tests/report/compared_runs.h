// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/report/comparison.h"

namespace equigen::testing {

inline Sample path_or_cycle(std::int32_t nodes, bool cycle) {
  Graph graph;
  graph.node_count = nodes;
  for (std::int32_t i = 0; i + 1 < nodes; ++i) graph.edges.emplace_back(i, i + 1);
  if (cycle) graph.edges.emplace_back(0, nodes - 1);
  return {graph, {{"score", 10.0 - nodes}}};
}

/// Two runs of seven graphs: paths of 3, 8, 4, 4 nodes, cycles of 5 and 7, an empty graph; the
/// paths of 4 nodes are training graphs. Their configurations differ in model.depth.
inline report::ComparisonInput compared_runs() {
  const std::vector<Sample> train = {path_or_cycle(4, false)};
  report::ComparisonInput input;
  input.title = "Comparison of a and b";
  for (const char* name : {"a", "b"}) {
    const bool first = *name == 'a';
    report::ComparedRun run;
    run.name = name;
    run.source = std::string("runs/") + name;
    run.config_yaml = std::string("seed: 1\nmodel:\n  depth: ") + (first ? "3\n" : "5\n");
    run.samples = {path_or_cycle(3, false), path_or_cycle(8, false), path_or_cycle(4, false),
                   path_or_cycle(5, true),  path_or_cycle(4, false), path_or_cycle(7, true),
                   Sample{Graph{}, {}}};
    Evaluation evaluation;
    evaluation.dataset = "grid";
    evaluation.structure = "graph";
    evaluation.generated_count = 7;
    evaluation.reference_count = 5;
    evaluation.verdicts = judge_samples(run.samples, train);
    Figure figure;
    figure.value = {
        "mmd", "MMD of something", first ? 0.1 : 0.25, Direction::lower, "", "one kernel", 7, ""};
    figure.floor = Floor{0.05, 0.01, 5, 7};
    figure.spread = Spread{"half-samples", 0.02, 20, 3, {}};
    evaluation.figures = {figure};
    figure.value = {"nodes", "Mean nodes", 5, Direction::neither, "", "", 7, ""};
    evaluation.figures.push_back(figure);
    run.evaluation = evaluation;
    run.training = report::TrainingLog{};
    run.training->last_step = 40;
    report::LoggedSeries loss{"train/loss", {}, {}};
    for (int step = 1; step <= 40; ++step) {
      loss.steps.push_back(step);
      loss.values.push_back((first ? 2.0 : 3.0) / step);
    }
    run.training->series = {loss};
    input.runs.push_back(std::move(run));
  }
  return input;
}

}  // namespace equigen::testing
