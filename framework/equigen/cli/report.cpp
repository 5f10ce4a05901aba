// SPDX-License-Identifier: MIT
#include "equigen/report/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/run_report.h"
#include "equigen/data/sample_files.h"
#include "equigen/report/comparison.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;

int report_of_one(const ReportArguments& arguments) {
  const fs::path& run = arguments.runs.front();
  if (!arguments.against.empty() || !arguments.train.empty()) {
    throw ConfigError("report-arguments",
                      "--against and --train are for files of samples that are compared",
                      "a run's data are those of its config.yaml; for one file of samples use "
                      "`equigen evaluate FILE --against DATA --report FOLDER`");
  }
  const fs::path samples = arguments.samples.empty() ? samples_of_run(run) : arguments.samples;
  const fs::path folder = arguments.output.empty() ? run / "report" : arguments.output;
  fmt::print("report: {}\n", write_run_report(run, samples, folder).string());
  return 0;
}

/// The evaluation in the JSON that `evaluate -o` or `report` wrote.
report::ComparedRun stored_evaluation(const fs::path& path) {
  const auto json = nlohmann::json::parse(read_file(path), nullptr, false);
  if (!json.is_object()) {
    throw DataError("report-json", fmt::format("{} holds no JSON object", path.string()),
                    "give what `equigen evaluate -o` or `equigen report` wrote");
  }
  report::ComparedRun run;
  run.source = path.string();
  const bool is_report = json.contains("evaluation");
  run.evaluation = evaluation_from_json(is_report ? json.at("evaluation") : json);
  if (is_report && json.contains("config_yaml") && json.at("config_yaml").is_string())
    run.config_yaml = json.at("config_yaml").get<std::string>();
  return run;
}

report::ComparedRun evaluated_file(const fs::path& path, const DataSplits& data) {
  SampleFile file = read_sample_file(path);
  EvaluationRequest request;
  request.generated = file.samples;
  request.reference = data.test;
  request.train = data.train;
  request.dataset = data.name;
  request.skipped_count = file.skipped_count;
  request.skipped = file.skipped;
  request.spread_draws = kAutomaticSpread;
  report::ComparedRun run;
  run.source = path.string();
  run.evaluation = evaluate(request);
  run.samples = std::move(file.samples);
  return run;
}

/// The last parts of the paths, as many as tell them apart.
std::vector<std::string> short_names(const std::vector<fs::path>& paths) {
  std::vector<std::vector<std::string>> parts;
  std::size_t longest = 0;
  for (const fs::path& path : paths) {
    std::vector<std::string> names;
    // canonical: "latest" is a link that says less than its target.
    for (const fs::path& part : fs::weakly_canonical(path))
      if (part != "/") names.push_back(part.string());
    longest = std::max(longest, names.size());
    parts.push_back(std::move(names));
  }
  std::vector<std::string> result;
  for (std::size_t count = 1; count <= longest; ++count) {
    result.clear();
    for (const auto& names : parts) {
      const auto first = names.end() - static_cast<std::ptrdiff_t>(std::min(count, names.size()));
      result.push_back(fmt::format("{}", fmt::join(first, names.end(), "/")));
    }
    if (std::set<std::string>(result.begin(), result.end()).size() == result.size()) return result;
  }
  throw ConfigError("report-twice", "the same run is named twice");
}

int comparison_of(const ReportArguments& arguments) {
  if (!arguments.samples.empty())
    throw ConfigError("report-arguments", "--samples is for the report of one run",
                      "name files of samples beside the runs to compare them");
  std::vector<std::string> names = short_names(arguments.runs);
  report::ComparisonInput input;
  input.title = fmt::format("Comparison of {}", fmt::join(names, " and "));
  if (names.size() > 2) input.title = fmt::format("Comparison of {} runs", names.size());
  input.command_line = "equigen report";
  std::optional<DataSplits> data;
  for (std::size_t i = 0; i < arguments.runs.size(); ++i) {
    const fs::path& path = arguments.runs[i];
    input.command_line += " " + path.string();
    if (fs::is_directory(path)) {
      input.runs.push_back(compared_run(path));
    } else if (path.extension() == ".json") {
      input.runs.push_back(stored_evaluation(path));
    } else {
      if (arguments.against.empty()) {
        throw ConfigError(
            "report-arguments",
            fmt::format("{} is a file of samples: what are they compared with?", path.string()),
            "add --against with a data set's name or a file");
      }
      if (!data) data = reference_data(arguments.against, arguments.train);
      input.runs.push_back(evaluated_file(path, *data));
    }
    input.runs.back().name = names[i];
  }
  for (const std::string& warning : report::comparison_warnings(input.runs)) log::warning(warning);
  const fs::path folder = arguments.output.empty() ? fs::path("comparison") : arguments.output;
  fmt::print("report: {}\n", report::write_comparison(folder, input).string());
  return 0;
}

}  // namespace

int report(const ReportArguments& arguments) {
  return arguments.runs.size() == 1 ? report_of_one(arguments) : comparison_of(arguments);
}

}  // namespace equigen::cli
