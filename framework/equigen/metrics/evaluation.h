// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/data/sample.h"
#include "equigen/metrics/metric.h"
#include "equigen/metrics/published_results.h"

namespace equigen {

/// What is to be evaluated, against what. The spans must outlive the call only.
struct EvaluationRequest {
  std::span<const Sample> generated;
  std::span<const Sample> reference;             ///< usually the test split; may be empty
  std::span<const Sample> train;                 ///< may be empty: no novelty, no floor
  std::vector<config::ComponentChoice> metrics;  ///< empty: default_metrics()
  std::string dataset;  ///< name of the data set: decides which published figures are shown
  std::string method;   ///< "gdss": whose published figures are this method's; may be empty
  std::int64_t skipped_count = 0;   ///< generated rows that could not be read
  std::vector<SkippedRow> skipped;  ///< the first of them
  std::uint64_t seed = 0;           ///< of the choice of training samples for the floor
  /// How many training subsets the floor is averaged over; 0: 5 for up to 256 samples, else 1.
  int floor_repeats = 0;
  bool with_floor = true;
  bool with_verdicts = true;  ///< judge every sample by itself
};

/// What the training set itself would get: the same metric of training samples (as many as were
/// generated, or all there are) against the reference.
struct Floor {
  double value = 0;
  double stdev = 0;  ///< over the repeats; 0 for one
  std::int64_t repeats = 1;
  std::int64_t sample_count = 0;

  bool operator==(const Floor&) const = default;
};

/// One figure with all that is needed to judge it.
struct Figure {
  MetricValue value;
  std::string metric;  ///< the component it came from: "graph_mmd"
  std::optional<Floor> floor;
  std::vector<PublishedResult> published;  ///< same data set and protocol only, best first
  std::optional<Ranking> ranking;          ///< among the verified ones of these
};

/// A metric that could not be computed, and why.
struct LeftOutMetric {
  std::string metric;
  std::string reason;

  bool operator==(const LeftOutMetric&) const = default;
};

/// One sample by itself.
struct SampleVerdict {
  std::int64_t index = 0;
  std::string text;       ///< canonical SMILES of a molecule; empty for graphs
  std::int64_t size = 0;  ///< nodes or heavy atoms
  std::int64_t edge_count = 0;
  bool valid = false;
  std::optional<bool> valid_without_correction;  ///< what the sampler noted, where it did
  bool unique = false;                           ///< no earlier valid sample is the same structure
  std::optional<bool> novel;  ///< not in the training set; nothing without one or when invalid
  std::string reason;         ///< why it is not valid

  bool operator==(const SampleVerdict&) const = default;
};

struct Evaluation {
  std::string dataset;
  std::string method;
  std::string structure;  ///< "graph" or "molecule"
  std::int64_t generated_count = 0;
  std::int64_t reference_count = 0;
  std::int64_t train_count = 0;
  std::uint64_t seed = 0;
  double seconds = 0;
  std::vector<Figure> figures;
  std::vector<LeftOutMetric> left_out;
  std::vector<std::string> remarks;  ///< what a reader must know of the comparison, each once
  std::int64_t skipped_count = 0;
  std::vector<SkippedRow> skipped;
  std::vector<SampleVerdict> verdicts;

  const Figure* find(std::string_view name) const;
};

/// A metric with the name it was chosen by.
struct NamedMetric {
  std::string name;
  std::shared_ptr<const Metric> metric;
};

/// The metrics that the papers of a structure kind report.
std::vector<config::ComponentChoice> default_metrics(const std::string& structure);

/// Creates the metrics through the registry and evaluates. Throws DataError when nothing was
/// generated or structures are mixed, ConfigError for an unknown metric or one of another structure
/// kind. A metric that cannot be computed on this input is left out and named, with the reason.
Evaluation evaluate(const EvaluationRequest& request);

/// The same with given metrics; `request.metrics` is not read.
Evaluation evaluate(const EvaluationRequest& request, std::span<const NamedMetric> metrics);

/// Judges each sample. Molecules: valid when their canonical SMILES is known or RDKit accepts the
/// valences, identity by canonical SMILES without stereochemistry. Graphs: valid when they have a
/// node, identity by isomorphism.
std::vector<SampleVerdict> judge_samples(std::span<const Sample> generated,
                                         std::span<const Sample> train);

/// JSON that reads back as an equal evaluation; figures that are not finite are null.
nlohmann::json to_json(const Evaluation& evaluation);
/// Throws DataError when the JSON is not of that form.
Evaluation evaluation_from_json(const nlohmann::json& json);

/// The verdicts as CSV with a header line (RFC 4180).
std::string verdicts_csv(std::span<const SampleVerdict> verdicts);

/// A table for the terminal: figure, direction, floor, published figures, position.
std::string evaluation_table(const Evaluation& evaluation);

/// True when a published system is the method that was run ("GDSS" and "gdss"; "GDSS, 50 steps" is
/// not).
bool is_same_method(const std::string& system, const std::string& method);

}  // namespace equigen
