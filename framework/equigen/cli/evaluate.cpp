// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/text.h"
#include "equigen/cli/commands.h"
#include "equigen/data/named_dataset.h"
#include "equigen/data/sample_files.h"
#include "equigen/report/report.h"

namespace equigen::cli {
namespace {

std::vector<config::ComponentChoice> chosen_metrics(const std::string& names) {
  std::vector<config::ComponentChoice> choices;
  if (names.empty()) return choices;
  for (const std::string& name : text::split(names, ','))
    choices.push_back({std::string(text::trim(name))});
  return choices;
}

void name_skipped_rows(const SampleFile& file, const std::filesystem::path& path) {
  if (file.skipped_count == 0) return;
  log::warning(fmt::format("{}: {} of {} rows could not be used:", path.string(),
                           file.skipped_count, file.row_count));
  for (const SkippedRow& row : file.skipped)
    log::warning(fmt::format("  {}: {}", row.source, row.reason));
}

/// The test part of --against; the training data of --train, else that of --against.
DataSplits reference_data(const EvaluateArguments& arguments) {
  DataSplits data =
      load_named_or_file(arguments.against, std::filesystem::current_path(), /*seed=*/0);
  if (!arguments.train.empty()) {
    DataSplits train =
        load_named_or_file(arguments.train, std::filesystem::current_path(), /*seed=*/0);
    data.train = train.train.empty() ? std::move(train.test) : std::move(train.train);
  }
  return data;
}

void write_report_of(const EvaluateArguments& arguments, const Evaluation& evaluation,
                     const SampleFile& file, const DataSplits& data) {
  report::ReportInput input;
  input.title = arguments.samples.filename().string();
  input.subtitle = fmt::format("compared with {}", data.name);
  input.command_line = fmt::format("equigen evaluate {} --against {}", arguments.samples.string(),
                                   arguments.against);
  input.dataset = report::DatasetInfo{.name = data.name,
                                      .train_count = std::ssize(data.train),
                                      .validation_count = std::ssize(data.validation),
                                      .test_count = std::ssize(data.test),
                                      .skipped_count = data.skipped_count,
                                      .skipped = data.skipped,
                                      .note = {}};
  input.evaluation = evaluation;
  input.samples = file.samples;
  input.reference = data.test;
  fmt::print("report: {}\n", report::write_report(arguments.report, input).string());
}

}  // namespace

int evaluate(const EvaluateArguments& arguments) {
  const SampleFile file = read_sample_file(arguments.samples);
  name_skipped_rows(file, arguments.samples);
  if (file.samples.empty()) {
    throw DataError("data-empty",
                    fmt::format("{} holds no usable sample", arguments.samples.string()));
  }
  const DataSplits data = reference_data(arguments);

  EvaluationRequest request;
  request.generated = file.samples;
  request.reference = data.test;
  request.train = data.train;
  request.metrics = chosen_metrics(arguments.metrics);
  request.dataset = data.name;
  request.skipped_count = file.skipped_count;
  request.skipped = file.skipped;
  const Evaluation evaluation = equigen::evaluate(request);

  fmt::print("{}", evaluation_table(evaluation));
  if (!arguments.output.empty())
    write_file_atomically(arguments.output, to_json(evaluation).dump(2) + "\n");
  if (!arguments.report.empty()) write_report_of(arguments, evaluation, file, data);
  return 0;
}

}  // namespace equigen::cli
