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

/// "2026-11-21_12-52-57": the folder of one run, below that of its experiment.
bool is_time_stamp(const std::string& name) {
  const std::string digits = "0123456789-_";
  return name.size() >= 15 && name.find_first_not_of(digits) == std::string::npos;
}

/// The experiment's name of a run, or the file's; with more of the path where that is not enough.
std::vector<std::string> short_names(const std::vector<fs::path>& paths) {
  std::vector<fs::path> whole;
  // canonical: "latest" is a link that says less than its target.
  for (const fs::path& path : paths) whole.push_back(fs::weakly_canonical(path / "").parent_path());
  const auto is_only = [&](const std::vector<std::string>& names, const std::string& name) {
    return std::count(names.begin(), names.end(), name) == 1;
  };
  std::vector<std::string> names;
  for (const fs::path& path : whole) {
    const bool below = is_time_stamp(path.filename().string());
    names.push_back((below ? path.parent_path() : path).filename().string());
  }
  std::vector<std::string> longer;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const fs::path parent = whole[i].parent_path().filename();
    longer.push_back(is_only(names, names[i]) ? names[i] : (parent / whole[i].filename()).string());
  }
  for (std::size_t i = 0; i < longer.size(); ++i)
    if (!is_only(longer, longer[i])) longer[i] = whole[i].string();
  if (std::set<std::string>(longer.begin(), longer.end()).size() < longer.size())
    throw ConfigError("report-twice", "the same run is named twice");
  return longer;
}

int comparison_of(const ReportArguments& arguments) {
  if (!arguments.samples.empty())
    throw ConfigError("report-arguments", "--samples is for the report of one run",
                      "name files of samples beside the runs to compare them");
  std::vector<std::string> names = short_names(arguments.runs);
  report::ComparisonInput input;
  input.title = fmt::format("Comparison of {}", fmt::join(names, " and "));
  if (names.size() > 2) input.title = fmt::format("Comparison of {} runs", names.size());
  input.command_line = arguments.command_line;
  std::optional<DataSplits> data;
  for (std::size_t i = 0; i < arguments.runs.size(); ++i) {
    const fs::path& path = arguments.runs[i];
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
