// SPDX-License-Identifier: MIT
#include "equigen/testing/dataset_contract.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "equigen/data/sample_json.h"
#include "equigen/testing/example_samples.h"

namespace equigen::testing {
namespace {

using Part = std::pair<const char*, const std::vector<Sample>*>;

std::array<Part, 3> parts_of(const DataSplits& splits) {
  return {{{"train", &splits.train}, {"validation", &splits.validation}, {"test", &splits.test}}};
}

void expect_same(const DataSplits& a, const DataSplits& b, const std::string& when) {
  for (std::size_t p = 0; p < 3; ++p) {
    const auto [name, first] = parts_of(a)[p];
    const auto& second = *parts_of(b)[p].second;
    expect(first->size() == second.size(), fmt::format("the {} part has {} samples, {} {}", name,
                                                       first->size(), second.size(), when));
    for (std::size_t i = 0; i < second.size(); ++i) {
      expect((*first)[i] == second[i],
             fmt::format("sample {} of the {} part is another one {}", i, name, when));
    }
  }
}

void check_content(ContractReport& report, const DataSplits& splits) {
  report.rule("parts", [&] {
    expect(!splits.name.empty(), "the data set has no name");
    for (const auto& [name, samples] : parts_of(splits))
      expect(!samples->empty(), fmt::format("the {} part is empty", name));
  });
  report.rule("well-formed", [&] {
    for (const auto& [name, samples] : parts_of(splits)) {
      for (std::size_t i = 0; i < samples->size(); ++i) {
        const std::string fault = fault_of((*samples)[i]);
        expect(fault.empty(), fmt::format("sample {} of the {} part: {}", i, name, fault));
        expect(node_count((*samples)[i]) > 0,
               fmt::format("sample {} of the {} part has no node or atom", i, name));
      }
    }
  });
  report.rule("one structure", [&] {
    std::optional<std::string> kind;
    for (const auto& [name, samples] : parts_of(splits)) {
      for (const Sample& sample : *samples) {
        if (!kind) kind = structure_kind(sample);
        expect(structure_kind(sample) == *kind,
               fmt::format("it holds samples of kind {} and {}", *kind, structure_kind(sample)));
      }
    }
  });
  report.rule("round trip", [&] {
    for (const auto& [name, samples] : parts_of(splits)) {
      for (std::size_t i = 0; i < samples->size(); ++i) {
        const Sample back = parse_sample_json(to_sample_json((*samples)[i]));
        expect(back == (*samples)[i],
               fmt::format("sample {} of the {} part reads back as another one", i, name));
      }
    }
  });
  report.rule("counted skips", [&] {
    expect(splits.skipped_count >= std::ssize(splits.skipped),
           fmt::format("{} rows are named as skipped, but {} are counted", splits.skipped.size(),
                       splits.skipped_count));
    expect(splits.skipped.size() <= 20, "more than the first 20 skipped rows are named");
    for (const SkippedRow& row : splits.skipped)
      expect(!row.source.empty() && !row.reason.empty(), "a skipped row has no source or reason");
  });
}

}  // namespace

ContractReport check_dataset(const Subject<Dataset>& subject, const DatasetContract& contract) {
  ContractReport report("data set");
  check_keys(report, subject.schema, contract.options);
  const auto load = [&](std::uint64_t seed) {
    DataContext context = contract.context;
    context.seed = seed;
    return subject.create(complete_options(subject.schema, contract.options), context)->load();
  };
  std::optional<DataSplits> splits;
  report.rule("loads", [&] { splits = load(contract.context.seed); });
  if (!splits) return report;
  check_content(report, *splits);
  report.rule("deterministic", [&] {
    expect_same(*splits, load(contract.context.seed), "when it is loaded again");
    expect_same(*splits, load(contract.context.seed + 1), "with another seed of the run");
  });
  return report;
}

}  // namespace equigen::testing
