// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/data/sample.h"
#include "equigen/metrics/evaluation/counterpart.h"
#include "equigen/metrics/evaluation/published_results.h"
#include "equigen/metrics/metric.h"

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
  bool with_verdicts = true;  ///< judge every sample by itself, and find overlap of the sets
  /// Draws of half of the generated samples for the standard error of each figure; 0: none,
  /// kAutomaticSpread: up to 20, as many as take about as long as the figures themselves.
  int spread_draws = 0;
  /// Where descriptors of reference and training molecules are kept for the next evaluation; empty:
  /// nowhere.
  std::filesystem::path cache;
};

inline constexpr int kAutomaticSpread = -1;

/// How far a figure would scatter, and how that is known.
struct Spread {
  /// "half-samples": the standard error of the figure of all samples, from random parts of them
  /// drawn without repetition (delete-d jackknife; Shao and Wu 1989): the standard deviation over
  /// the draws times sqrt(b / (n - b)), which is 1 for halves. Unlike a bootstrap it repeats no
  /// sample, so uniqueness and MMDs are not biased by copies.
  /// "seeds": the standard deviation over several files of samples.
  std::string method;
  double stdev = 0;
  std::int64_t repeats = 0;       ///< draws or files
  std::int64_t sample_count = 0;  ///< in each of them
  std::vector<double> values;     ///< of each file; empty for half-samples

  bool operator==(const Spread&) const = default;
};

/// What the sets share, by canonical identity as in judge_samples(). Structures that are not valid
/// count nowhere.
struct SplitOverlap {
  std::int64_t reference_in_train = 0;      ///< reference samples that are also training samples
  std::int64_t reference_repeated = 0;      ///< reference samples that repeat an earlier one
  std::int64_t train_repeated = 0;          ///< training samples that repeat an earlier one
  std::int64_t generated_in_reference = 0;  ///< generated samples that are reference samples

  bool operator==(const SplitOverlap&) const = default;
};

/// One of several files of samples that were evaluated together.
struct EvaluatedSet {
  std::string name;
  std::int64_t count = 0;
  std::int64_t skipped_count = 0;

  bool operator==(const EvaluatedSet&) const = default;
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
  std::optional<Spread> spread;
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
  std::string text;  ///< canonical SMILES of a molecule, formula of a crystal; empty for graphs
  std::int64_t size = 0;  ///< nodes, heavy atoms, or atoms of a cell
  std::int64_t edge_count = 0;
  bool valid = false;
  std::optional<bool> valid_without_correction;  ///< what the sampler noted, where it did
  bool unique = false;                           ///< no earlier valid sample is the same structure
  std::optional<bool> novel;  ///< not in the training set; nothing without one or when invalid
  std::string reason;         ///< why it is not valid
  std::vector<Counterpart> counterparts;  ///< of a crystal, where metrics found them

  bool operator==(const SampleVerdict&) const = default;
};

struct Evaluation {
  std::string dataset;
  std::string method;
  std::string structure;             ///< "graph", "molecule" or "crystal"
  std::int64_t generated_count = 0;  ///< of all sets together
  std::int64_t reference_count = 0;
  std::int64_t train_count = 0;
  std::uint64_t seed = 0;
  double seconds = 0;
  std::vector<EvaluatedSet> sets;  ///< empty where one set was evaluated
  std::optional<SplitOverlap> overlap;
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

/// The metrics that the papers on a structure kind, and on a data set of it where they differ,
/// report.
std::vector<config::ComponentChoice> default_metrics(const std::string& structure,
                                                     const std::string& dataset = {});

/// What is computed of these samples when nothing is chosen: default_metrics() of their structure,
/// and the checks of 3-D molecules where there are positions. Throws DataError for no samples and
/// for mixed structures.
std::vector<config::ComponentChoice> default_metrics(std::span<const Sample> samples,
                                                     const std::string& dataset);

/// Creates the metrics through the registry and evaluates. Throws DataError when nothing was
/// generated or structures are mixed, ConfigError for an unknown metric or one of another structure
/// kind. A metric that cannot be computed on this input is left out and named, with the reason.
Evaluation evaluate(const EvaluationRequest& request);

/// The same with given metrics; `request.metrics` is not read.
Evaluation evaluate(const EvaluationRequest& request, std::span<const NamedMetric> metrics);

/// One file of samples, drawn with its own seed.
struct SampleSet {
  std::string name;
  std::span<const Sample> samples;
  std::int64_t skipped_count = 0;
  std::vector<SkippedRow> skipped;
};

/// Evaluates several sets of one model by themselves: each figure is the mean over the sets, its
/// spread their standard deviation. `request.generated` and its skipped rows are not read; floors
/// are those of the first set. Verdicts follow one another in the order of the sets; uniqueness is
/// within a set. With one set the same as evaluate().
Evaluation evaluate_sets(const EvaluationRequest& request, std::span<const SampleSet> sets);
Evaluation evaluate_sets(const EvaluationRequest& request, std::span<const SampleSet> sets,
                         std::span<const NamedMetric> metrics);

/// Judges each sample. Molecules: valid when their canonical SMILES is known or RDKit accepts the
/// valences, identity by canonical SMILES without stereochemistry. Graphs: valid when they have a
/// node, identity by isomorphism. Crystals: valid by crystal_verdict(), identity by structure
/// matching.
std::vector<SampleVerdict> judge_samples(std::span<const Sample> generated,
                                         std::span<const Sample> train);

/// "equigen-evaluation/2": JSON that reads back as an equal evaluation; figures that are not finite
/// are null.
nlohmann::json to_json(const Evaluation& evaluation);
/// Reads this format and the first, which knew neither spread nor overlap nor several sets. Throws
/// DataError when the JSON is not of that form.
Evaluation evaluation_from_json(const nlohmann::json& json);

/// The verdicts as CSV with a header line (RFC 4180); with columns of counterparts where there are
/// any.
std::string verdicts_csv(std::span<const SampleVerdict> verdicts);

/// One line that says what ± means in an evaluation, or an empty text.
std::string spread_text(const Evaluation& evaluation);

/// Why figures of an evaluation get no place among published ones of this protocol: they are of a
/// part of the data set only, or of far fewer samples (less than a tenth). Empty when they may.
std::string why_not_ranked(const Evaluation& evaluation, const PublishedResult& published);

/// For each figure the published ones of the same data set and protocol around it: position,
/// system, figure, source; unverified ones marked and without a position. Where there is nothing to
/// compare with, why.
std::string ranking_text(const Evaluation& evaluation);

/// A table for the terminal: figure, spread, direction, floor, published figures, position.
std::string evaluation_table(const Evaluation& evaluation);

/// True when a published system is the method that was run ("GDSS" and "gdss"; "GDSS, 50 steps" is
/// not).
bool is_same_method(const std::string& system, const std::string& method);

}  // namespace equigen
