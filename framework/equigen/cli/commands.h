// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// The commands of the program: one struct of arguments and one function each. Each returns the
/// exit status.
namespace equigen::cli {

struct TrainArguments {
  std::filesystem::path experiment;
  std::filesystem::path resume;
  std::vector<std::string> overrides;
  bool dry_run = false;
  bool print_config = false;
  bool skip_report = false;
};
int train(const TrainArguments& arguments);

struct SampleArguments {
  std::filesystem::path model;  ///< a run folder, a model folder or one checkpoint
  std::filesystem::path output;
  std::string checkpoint = "auto";
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> batch_size;
  std::optional<std::uint64_t> seed;
  std::optional<bool> use_ema;
  std::vector<std::string> overrides;
  bool restart = false;
  std::optional<std::string> compositions;
  std::vector<std::string> formulas;
  std::vector<std::string> formula_units;  ///< numbers, or "auto"
  std::optional<std::int64_t> samples_per_composition;
};
int sample(const SampleArguments& arguments);

struct EvaluateArguments {
  std::vector<std::filesystem::path> samples;  ///< several: seeds of one model
  std::string against;
  std::string train;
  std::string metrics;
  std::vector<std::string> settings;  ///< METRIC.KEY=VALUE
  std::string column;                 ///< of .csv: the one with SMILES or CIF
  int charge = 0;                     ///< of molecules in .xyz whose comment states none
  std::filesystem::path output;
  std::filesystem::path report;
  std::optional<int> bootstrap;  ///< draws for the spread of one file; nothing: automatic
  bool rank = false;
  std::string command_line;  ///< how to get the report again
};
int evaluate(const EvaluateArguments& arguments);

struct ReportArguments {
  std::vector<std::filesystem::path> runs;  ///< runs, files of samples, stored evaluations
  std::filesystem::path samples;
  std::string against;  ///< what files of samples are compared with
  std::string train;
  std::filesystem::path output;
  std::string command_line;  ///< how to get the comparison again
};
int report(const ReportArguments& arguments);

struct ImportArguments {
  std::filesystem::path file;
  std::filesystem::path output;
  std::string data;
};
int import_model(const ImportArguments& arguments);

int list(const std::string& kind);
int describe(const std::string& name);
int doctor();

struct ConfigArguments {
  std::filesystem::path experiment;
  std::vector<std::string> overrides;
  bool origins = false;
};
int config_check(const ConfigArguments& arguments);
int config_print(const ConfigArguments& arguments);

struct SchemaArguments {
  std::string group;             ///< of configuration pieces: "model"; empty: experiment files
  std::filesystem::path output;  ///< empty: standard output
};
int schema(const SchemaArguments& arguments);

struct NewPluginArguments {
  std::string name;
  std::string kind;
  std::filesystem::path output;  ///< empty: a folder of the plugin's name
};
int new_plugin(const NewPluginArguments& arguments);

int plugins_list();
int plugins_doctor();
int plugins_write_manifest(const std::filesystem::path& library);

}  // namespace equigen::cli
