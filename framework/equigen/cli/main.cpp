// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <new>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/parallel.h"
#include "equigen/base/progress.h"
#include "equigen/cli/builtin_components.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/data_commands.h"
#include "equigen/cli/shell_command.h"
#include "equigen/plugin/loader.h"
#include "equigen/version.h"

namespace {

using namespace equigen;
using Action = std::function<int()>;

void add_train(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<cli::TrainArguments>();
  CLI::App* command =
      app.add_subcommand("train", "Train a model from an experiment file, then sample and report");
  command->add_option("experiment", arguments->experiment,
                      "experiment file (experiments/gdss/qm9.yaml)");
  command->add_option("overrides", arguments->overrides,
                      "changes: trainer.max_steps=2000 data=qm9 ~metrics");
  command->add_option("--resume", arguments->resume, "continue the run in this folder");
  command->add_flag("--dry-run", arguments->dry_run, "one step of everything, nothing kept");
  command->add_flag("--print-config", arguments->print_config,
                    "print the resolved configuration with origins and stop");
  command->add_flag("--no-report", arguments->skip_report,
                    "stop after training: no samples, no report");
  command->footer(
      "Example: equigen train experiments/gdss/community_small.yaml trainer.max_epochs=100");
  command->callback(
      [arguments, &action] { action = [arguments] { return cli::train(*arguments); }; });
}

void add_sample(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<cli::SampleArguments>();
  CLI::App* command = app.add_subcommand("sample", "Draw samples from a trained or imported model");
  command->add_option("model", arguments->model, "run folder, model folder or checkpoint")
      ->required();
  command->add_option("overrides", arguments->overrides,
                      "changes to the model's options: model.sampler.predictor=euler");
  command->add_option("-n,--count", arguments->count, "how many samples")
      ->check(CLI::PositiveNumber);
  command->add_option("-o,--output", arguments->output,
                      "file to write: .smi .csv .sdf .xyz .jsonl .g6 .edges .cif .extxyz");
  command
      ->add_option("--checkpoint", arguments->checkpoint,
                   "best, last or auto (best where there is one)")
      ->check(CLI::IsMember({"auto", "best", "last"}));
  command->add_option("--batch-size", arguments->batch_size, "samples drawn at once")
      ->check(CLI::PositiveNumber);
  command->add_option("--seed", arguments->seed, "seed of the samples");
  // A flag bound to an optional would be set to false where it is not given.
  command->add_flag_function(
      "--ema,!--no-ema", [arguments](std::int64_t times) { arguments->use_ema = times > 0; },
      "averaged parameters or the last ones");
  command->add_flag("--restart", arguments->restart,
                    "draw all anew; a file that is there is replaced once they are");
  CLI::Option* compositions = command->add_option(
      "--compositions", arguments->compositions,
      "of structure predictors: what to predict for: test, validation or train of the training "
      "data, another data set, or a file of crystals");
  command
      ->add_option("--formula", arguments->formulas,
                   "of structure predictors: a formula to predict for; may be given several times")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->excludes(compositions);
  command
      ->add_option(
          "--formula-units", arguments->formula_units,
          "numbers of formula units to try for each --formula: 1,2,4, or auto for all up to "
          "the largest trained size (default: 1)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("--per-composition", arguments->samples_per_composition,
                   "structures for each composition")
      ->check(CLI::PositiveNumber);
  command->footer("Example: equigen sample runs/gdss_qm9/latest -n 10000 -o molecules.smi");
  command->callback(
      [arguments, &action] { action = [arguments] { return cli::sample(*arguments); }; });
}

void add_evaluate(CLI::App& app, Action& action, const std::string& command_line) {
  auto arguments = std::make_shared<cli::EvaluateArguments>();
  arguments->command_line = command_line;
  CLI::App* command =
      app.add_subcommand("evaluate", "Compute metrics of a file of graphs, molecules or crystals");
  command
      ->add_option(
          "samples", arguments->samples,
          "file of samples: .smi .csv .sdf .xyz .jsonl .g6 .edges .cif .extxyz POSCAR, also "
          ".gz, .zip and .tar of CIFs; several files (seeds of one model) give mean and "
          "standard deviation")
      ->required();
  command
      ->add_option("--against", arguments->against,
                   "reference: a data set's name (its test part) or a file")
      ->required();
  command->add_option("--train", arguments->train,
                      "training data for novelty and the floor: a name or a file");
  command->add_option(
      "--metrics", arguments->metrics,
      "which metrics, comma-separated: names of `equigen list metric`, of pieces of "
      "configs/metrics (moses), .yaml files (default: what the field reports)");
  command
      ->add_option("--set", arguments->settings,
                   "an option of a metric, METRIC.KEY=VALUE: "
                   "fcd.weights=ChemNet_v0.13_pretrained.pt; may be given several times")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--column", arguments->column,
                      "of .csv: the column with SMILES or CIF (default: found by its name)");
  command
      ->add_option("--charge", arguments->charge,
                   "of .xyz: charge of molecules whose comment states none")
      ->check(CLI::Range(-20, 20));
  command
      ->add_option(
          "--bootstrap", arguments->bootstrap,
          "draws for the standard error of each figure, by half-samples without repetition "
          "(default: up to 20 as time allows; 0: none)")
      ->check(CLI::Range(0, 10000));
  command->add_flag("--rank", arguments->rank,
                    "place each figure among the published ones of the same data set and protocol");
  command->add_option("-o,--output", arguments->output, "write all figures as JSON");
  command->add_option("--report", arguments->report,
                      "also write report.html and report.json into this folder");
  command->footer("Example: equigen evaluate molecules.smi --against qm9 --report report");
  command->callback(
      [arguments, &action] { action = [arguments] { return cli::evaluate(*arguments); }; });
}

void add_report(CLI::App& app, Action& action, const std::string& command_line) {
  auto arguments = std::make_shared<cli::ReportArguments>();
  arguments->command_line = command_line;
  CLI::App* command = app.add_subcommand(
      "report", "Write the report of a run anew, or compare several runs on one page");
  command
      ->add_option("runs", arguments->runs,
                   "run folder; several are compared, also files of samples and the JSON that "
                   "evaluate and report write")
      ->required();
  command->add_option("--samples", arguments->samples,
                      "file of samples of the one run (default: the run's)");
  command->add_option("--against", arguments->against,
                      "reference of the files of samples: a data set's name or a file");
  command->add_option("--train", arguments->train,
                      "their training data: a name or a file (default: that of --against)");
  command->add_option("-o,--output", arguments->output,
                      "folder (default: RUN/report, for several runs: comparison)");
  command->footer("Example: equigen report runs/gdss_qm9/* -o comparison");
  command->callback(
      [arguments, &action] { action = [arguments] { return cli::report(*arguments); }; });
}

void add_import(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<cli::ImportArguments>();
  CLI::App* command =
      app.add_subcommand("import", "Turn a published checkpoint into a model folder");
  command->add_option("file", arguments->file, "checkpoint: .pth, .pt or .safetensors")->required();
  command->add_option("--data", arguments->data, "data set it was trained on: a name or a file")
      ->required();
  command->add_option("-o,--output", arguments->output, "folder to write")->required();
  command->footer("Example: equigen import gdss_qm9.pth --data qm9 -o models/gdss_qm9");
  command->callback(
      [arguments, &action] { action = [arguments] { return cli::import_model(*arguments); }; });
}

void add_list_and_describe(CLI::App& app, Action& action) {
  auto kind = std::make_shared<std::string>();
  CLI::App* list = app.add_subcommand("list", "List models, data sets, metrics and plugins");
  list->add_option("kind", *kind, "only this kind: model, dataset, metric, importer");
  list->callback([kind, &action] { action = [kind] { return cli::list(*kind); }; });

  auto name = std::make_shared<std::string>();
  CLI::App* describe = app.add_subcommand(
      "describe", "Print a component's keys, types, defaults, ranges and meaning");
  describe->add_option("name", *name, "gdss, metric/graph_mmd, trainer, experiment ...")
      ->required();
  describe->callback([name, &action] { action = [name] { return cli::describe(*name); }; });
}

void add_schema(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<cli::SchemaArguments>();
  CLI::App* command = app.add_subcommand(
      "schema", "Write a JSON Schema with which an editor completes and checks experiment files");
  command->add_option("--group", arguments->group,
                      "for the pieces configs/GROUP/*.yaml instead: model, data, trainer ...");
  command->add_option("-o,--output", arguments->output, "file to write (default: print it)");
  command->footer("Example: equigen schema -o equigen.schema.json");
  command->callback(
      [arguments, &action] { action = [arguments] { return cli::schema(*arguments); }; });
}

void add_config(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<cli::ConfigArguments>();
  CLI::App* config = app.add_subcommand("config", "Check or print an experiment file");
  config->require_subcommand(1);
  CLI::App* check =
      config->add_subcommand("check", "Report every mistake of the file; runs nothing");
  CLI::App* print = config->add_subcommand("print", "Print the resolved configuration");
  for (CLI::App* command : {check, print}) {
    command->add_option("experiment", arguments->experiment, "experiment file")->required();
    command->add_option("overrides", arguments->overrides, "changes: key.path=value");
  }
  print->add_flag("--origins", arguments->origins, "say where each value was set");
  check->callback(
      [arguments, &action] { action = [arguments] { return cli::config_check(*arguments); }; });
  print->callback(
      [arguments, &action] { action = [arguments] { return cli::config_print(*arguments); }; });
}

void add_doctor_and_plugins(CLI::App& app, Action& action) {
  CLI::App* doctor =
      app.add_subcommand("doctor", "Show versions, threads, BLAS, GPU, plugins and data folders");
  doctor->callback([&action] { action = [] { return cli::doctor(); }; });

  CLI::App* plugins = app.add_subcommand("plugins", "Show plugins; write a plugin's manifest");
  plugins->require_subcommand(1);
  CLI::App* list =
      plugins->add_subcommand("list", "Every plugin found: available, or rejected and why");
  list->callback([&action] { action = [] { return cli::plugins_list(); }; });
  CLI::App* plugin_doctor = plugins->add_subcommand(
      "doctor", "Try every library of every search folder and explain what is wrong with it");
  plugin_doctor->callback([&action] { action = [] { return cli::plugins_doctor(); }; });
  auto library = std::make_shared<std::filesystem::path>();
  CLI::App* manifest = plugins->add_subcommand(
      "write-manifest", "Load a plugin and write NAME.json beside it (the build does this)");
  manifest->add_option("library", *library, "the plugin's library")->required();
  manifest->callback(
      [library, &action] { action = [library] { return cli::plugins_write_manifest(*library); }; });
}

void add_new(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<cli::NewPluginArguments>();
  CLI::App* creating = app.add_subcommand("new", "Start a project of your own");
  creating->require_subcommand(1);
  CLI::App* command = creating->add_subcommand(
      "plugin", "Write a plugin project that builds, passes its tests and runs");
  command->add_option("name", arguments->name, "name of plugin and component, in lower_snake")
      ->required();
  command->add_option("--kind", arguments->kind, "model, backbone, dataset or metric")->required();
  command->add_option("-o,--output", arguments->output, "folder (default: the name)");
  command->footer("Example: equigen new plugin small_world --kind dataset");
  command->callback(
      [arguments, &action] { action = [arguments] { return cli::new_plugin(*arguments); }; });
}

struct GlobalOptions {
  std::vector<std::filesystem::path> plugins;
  bool quiet = false;
  bool verbose = false;
  int threads = 0;
};

void add_globals(CLI::App& app, GlobalOptions& options) {
  app.set_version_flag("--version", "equigen " EQUIGEN_VERSION);
  app.add_option("--plugin", options.plugins, "plugin file or folder to search first (repeatable)")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_flag("-q,--quiet", options.quiet, "only warnings and errors");
  app.add_flag("-v,--verbose", options.verbose, "more detail");
  app.add_option("--threads", options.threads, "CPU threads of metrics and data (0: one a core)")
      ->check(CLI::NonNegativeNumber);
  app.fallthrough();
  app.require_subcommand(1);
}

void apply(const GlobalOptions& options) {
  if (options.quiet) {
    log::set_level(log::Level::warning);
    Progress::set_visible(false);
  }
  if (options.verbose) log::set_level(log::Level::debug);
  if (options.threads > 0) set_parallel_threads(options.threads);
  PluginLoader::instance().add_search_paths(options.plugins);
  register_builtin_components(Registry::instance());
}

int fail(const Error& error) {
  // A configuration error comes rendered as a compiler's diagnostics; the others get their first
  // word here.
  const std::string_view message = error.message();
  const bool rendered = message.starts_with("error: ");
  fmt::print(stderr, "{}{}{}\n", rendered ? "" : "error: ", message,
             rendered ? "" : fmt::format("  [{}]", error.identifier()));
  if (!error.remedy().empty()) fmt::print(stderr, "  = {}\n", error.remedy());
  return static_cast<int>(error.code());
}

int run(int count, char* arguments[]) {
  CLI::App app{
      "equigen: train, sample and evaluate generative models of graphs, molecules and crystals",
      "equigen"};
  Action action;
  GlobalOptions options;
  const std::string command_line = cli::shell_command(count, arguments);
  add_globals(app, options);
  add_train(app, action);
  add_sample(app, action);
  add_evaluate(app, action, command_line);
  add_report(app, action, command_line);
  add_import(app, action);
  add_list_and_describe(app, action);
  add_config(app, action);
  add_schema(app, action);
  cli::add_data_commands(app, action);
  add_doctor_and_plugins(app, action);
  add_new(app, action);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::configuration);
  }
  apply(options);
  return action();
}

}  // namespace

int main(int count, char* arguments[]) {
  try {
    return run(count, arguments);
  } catch (const Error& error) {
    return fail(error);
  } catch (const std::bad_alloc&) {
    fmt::print(
        stderr,
        "error: out of memory  [memory]\n  = use smaller batches, or a machine with more memory\n");
    return static_cast<int>(ExitCode::resources);
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "error: {}  [bug]\n  = this should not happen; please report it with the output of "
               "`equigen doctor`\n",
               error.what());
    return static_cast<int>(ExitCode::bug);
  }
}
