// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/metrics/metric.h"

namespace equigen {

/// One figure that somebody printed.
struct PublishedResult {
  std::string system = {};   ///< "GDSS", "DiGress"
  std::string dataset = {};  ///< as the source names it: "QM9", "ZINC250k"
  std::string metric = {};   ///< as the source names it: "degree MMD"
  double value = 0;
  std::optional<double> stdev = {};
  std::string unit = {};  ///< "%" or "1" and others
  Direction direction = Direction::neither;
  std::string protocol = {};       ///< identifier: "gdss_graphs"
  std::string protocol_note = {};  ///< what the source says of its protocol
  std::string source = {};
  bool verified = false;  ///< seen in public text; false: to be shown with a mark, never ranked
  std::string evidence =
      {};  ///< "text of the paper itself", "quoted by a later paper", "memory" ...

  bool operator==(const PublishedResult&) const = default;
};

/// How figures of one kind are computed, and which of our metrics compute the same.
struct PublishedProtocol {
  std::string id;
  std::string title;
  std::vector<std::string> recognised_by;  ///< words in MetricValue::protocol, any of them
  std::int64_t sample_count = 0;           ///< 0: not fixed
  /// Our metric name to the names the sources use.
  std::map<std::string, std::vector<std::string>, std::less<>> metrics;
};

/// Where a figure would stand among published ones, best first.
struct Ranking {
  std::int64_t position = 1;  ///< 1: better than all
  std::int64_t count = 0;     ///< published methods it is compared with

  bool operator==(const Ranking&) const = default;
};

/// Published figures with data set, protocol and source. Figures of different protocols never meet:
/// what does not state its protocol is not compared at all.
class PublishedResults {
 public:
  /// The tables that are compiled in: graphs and molecules, and crystals.
  static const PublishedResults& builtin();
  /// Reads "equigen-published-results/1". Throws DataError with `source_name` where the text is
  /// not of that form.
  static PublishedResults parse(std::string_view json, const std::string& source_name);

  std::span<const PublishedResult> rows() const { return rows_; }
  const PublishedProtocol* protocol(std::string_view id) const;

  /// The published figures that were computed as `figure` was, on the data set we call `dataset`:
  /// best first, unverified rows behind. Empty when the protocol of `figure` is none of ours.
  std::vector<PublishedResult> comparable(std::string_view dataset,
                                          const MetricValue& figure) const;
  /// What part of the published data set the one that we call so is ("29,445 of its 249,455
  /// molecules"); figures against a part are shown beside published ones and not ranked. Empty for
  /// whole ones.
  std::string part_of_published(std::string_view dataset) const;
  /// One sentence on why comparable() finds nothing: no such data set (with those there are),
  /// nothing of this figure, or another protocol (with those there are).
  std::string why_nothing_comparable(std::string_view dataset, const MetricValue& figure) const;

  /// Adds the rows of another table. Throws DataError where both declare a protocol or data set.
  void add(PublishedResults other);

 private:
  bool same_dataset(std::string_view ours, const std::string& published) const;

  std::vector<PublishedResult> rows_;
  std::vector<PublishedProtocol> protocols_;
  std::map<std::string, std::vector<std::string>, std::less<>> datasets_;
  std::map<std::string, std::string, std::less<>> parts_;
};

/// The method of a published system: "GDSS" of "GDSS, 50 steps".
std::string published_method(const std::string& system);

/// Whether a published row is of a generative method; "training set" and "real training crystals"
/// are none.
bool is_of_method(const PublishedResult& row);

/// Ranks a figure among the verified rows of methods, each counted once with its best figure
/// ("GDSS, 50 steps" is GDSS); equal figures share a place. Nothing when there is no such row, the
/// figure is not finite or it has no direction.
std::optional<Ranking> ranking_of(const MetricValue& figure,
                                  std::span<const PublishedResult> comparable);

/// True when `value` is better than `other`; false for Direction::neither.
bool is_better(double value, double other, Direction direction);

std::string direction_name(Direction direction);
/// Throws DataError for another word than lower, higher, neither, none.
Direction direction_from_name(std::string_view name);

nlohmann::json to_json(const PublishedResult& row);
PublishedResult published_result_from_json(const nlohmann::json& json);

}  // namespace equigen
