// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/evaluation.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/cli/chosen_metrics.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/run_report.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/sample_files.h"
#include "equigen/report/report.h"

namespace equigen::cli {
namespace {

void name_rows(const std::filesystem::path& path, std::int64_t count, std::int64_t all,
               const std::vector<SkippedRow>& named, std::string_view what) {
  if (count == 0) return;
  log::warning(fmt::format("{}: {} of {} rows {}:", path.string(), count, all, what));
  for (const SkippedRow& row : named) log::warning(fmt::format("  {}: {}", row.source, row.reason));
}

void name_dirty_rows(const SampleFile& file, const std::filesystem::path& path) {
  name_rows(path, file.skipped_count, file.row_count, file.skipped, "could not be used");
  name_rows(path, file.invalid_count, file.row_count, file.invalid,
            "are no molecules or crystals and count as invalid");
}

/// The files' samples one behind the other, for drawings and distributions.
std::vector<Sample> all_samples(const std::vector<SampleFile>& files) {
  std::vector<Sample> samples;
  for (const SampleFile& file : files)
    samples.insert(samples.end(), file.samples.begin(), file.samples.end());
  return samples;
}

void write_report_of(const EvaluateArguments& arguments, const Evaluation& evaluation,
                     const std::vector<SampleFile>& files, const DataSplits& data) {
  const std::vector<Sample> samples = all_samples(files);
  report::ReportInput input;
  input.title = arguments.samples.front().filename().string();
  if (files.size() > 1) input.title += fmt::format(" and {} more", files.size() - 1);
  input.subtitle = fmt::format("compared with {}", data.name);
  input.command_line = arguments.command_line;
  input.dataset = dataset_info(data);
  input.evaluation = evaluation;
  input.samples = samples;
  input.reference = data.test;
  fmt::print("report: {}\n", report::write_report(arguments.report, input).string());
}

std::vector<SampleFile> read_files(const EvaluateArguments& arguments) {
  SampleFileOptions options;
  options.smiles_column = arguments.column;
  options.cif_column = arguments.column;
  options.charge = arguments.charge;
  options.to_be_judged = true;
  std::vector<SampleFile> files;
  for (const auto& path : arguments.samples) {
    SampleFile file = read_sample_file(path, options);
    name_dirty_rows(file, path);
    if (file.samples.empty())
      throw DataError("data-empty", fmt::format("{} holds no usable sample", path.string()));
    files.push_back(std::move(file));
  }
  return files;
}

/// Who names a metric counts on its figures; whatever else there is has been written by now.
void require_chosen(const Evaluation& evaluation) {
  if (evaluation.left_out.empty()) return;
  const LeftOutMetric& first = evaluation.left_out.front();
  throw DataError("metric-left-out",
                  fmt::format("{} of the chosen metrics could not be computed; {}: {}",
                              evaluation.left_out.size(), first.metric, first.reason));
}

}  // namespace

int evaluate(const EvaluateArguments& arguments) {
  const std::vector<SampleFile> files = read_files(arguments);
  const DataSplits data = reference_data(arguments.against, arguments.train);

  EvaluationRequest request;
  request.reference = data.test;
  request.train = data.train;
  request.dataset = data.name;
  request.cache = data_context(std::filesystem::current_path(), request.seed).cache;
  request.metrics = chosen_metrics(arguments.metrics, arguments.settings, [&] {
    return default_metrics(files.front().samples, data.name);
  });
  request.spread_draws = arguments.bootstrap.value_or(kAutomaticSpread);
  std::vector<SampleSet> sets;
  for (std::size_t i = 0; i < files.size(); ++i) {
    sets.push_back({arguments.samples[i].filename().string(), files[i].samples,
                    files[i].skipped_count, files[i].skipped});
  }
  const Evaluation evaluation = evaluate_sets(request, sets);

  fmt::print("{}", evaluation_table(evaluation));
  if (arguments.rank) fmt::print("\n{}", ranking_text(evaluation));
  if (!arguments.output.empty())
    write_file_atomically(arguments.output, to_json(evaluation).dump(2) + "\n");
  if (!arguments.report.empty()) write_report_of(arguments, evaluation, files, data);
  if (!arguments.metrics.empty()) require_chosen(evaluation);
  return 0;
}

}  // namespace equigen::cli
