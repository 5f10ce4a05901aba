// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <memory>

#include "equigen/cli/data_commands.h"

namespace equigen::cli {
namespace {

using Action = std::function<int()>;

void add_list_and_info(CLI::App& data, Action& action) {
  CLI::App* list = data.add_subcommand("list", "Show the data sets known by name");
  list->callback([&action] { action = [] { return data_list(); }; });

  auto name = std::make_shared<std::string>();
  CLI::App* info = data.add_subcommand(
      "info", "Show a data set's keys, files, sizes, source, licence and how to fetch it");
  info->add_option("name", *name, "data set: qm9, moses, perov_5 ... or a YAML file")->required();
  info->callback([name, &action] { action = [name] { return data_info(*name); }; });
}

template <typename Arguments>
void add_reading_options(CLI::App& command, Arguments& arguments) {
  command.add_option("--column", arguments.column,
                     "of .csv and .tsv: the column with SMILES or CIF (default: the one named so)");
  command.add_flag("--keep-hydrogens", arguments.keep_hydrogens,
                   "explicit hydrogens of a file stay atoms");
}

void add_inspect(CLI::App& data, Action& action) {
  auto arguments = std::make_shared<InspectArguments>();
  CLI::App* command =
      data.add_subcommand("inspect", "Count what a data set or file holds; show what is dirty");
  command->add_option("data", arguments->reference, "data set's name, or a file of samples")
      ->required();
  add_reading_options(*command, *arguments);
  command->add_option("--report", arguments->report,
                      "also write data.html, with charts and pictures, into this folder");
  command->footer("Example: equigen data inspect molecules.csv --column SMILES --report report");
  command->callback(
      [arguments, &action] { action = [arguments] { return data_inspect(*arguments); }; });
}

void add_convert(CLI::App& data, Action& action) {
  auto arguments = std::make_shared<ConvertArguments>();
  CLI::App* command =
      data.add_subcommand("convert", "Turn a file of samples into another format, told by name");
  command->add_option("in", arguments->source, "file to read, also .gz")->required();
  command
      ->add_option(
          "out", arguments->target,
          "file to write: .smi .csv .sdf .xyz .cif .extxyz .jsonl .g6 .edges POSCAR, also .gz")
      ->required();
  add_reading_options(*command, *arguments);
  command->add_option("--symmetry", arguments->symmetry,
                      "write .cif with space groups found within this tolerance in Å (0.01)");
  command->add_flag("--force", arguments->force, "replace a file that is there");
  command->footer("Example: equigen data convert molecules.sdf.gz molecules.smi");
  command->callback(
      [arguments, &action] { action = [arguments] { return data_convert(*arguments); }; });
}

void add_fetch(CLI::App& data, Action& action) {
  auto arguments = std::make_shared<FetchArguments>();
  CLI::App* command = data.add_subcommand(
      "fetch", "Download a public data set, checked; continues what was broken off");
  command
      ->add_option("name", arguments->name,
                   "qm9, zinc250k, moses, guacamol, perov_5, carbon_24, mp_20 or mpts_52")
      ->required();
  command->add_option("--to", arguments->folder,
                      "data folder (default: the first one of EQUIGEN_DATA, else "
                      "~/.local/share/equigen/data)");
  command->add_option("--catalogue", arguments->catalogue,
                      "another catalogue of addresses and checksums (JSON)");
  command->add_flag("--force", arguments->force, "fetch anew what is there");
  command->footer("Example: equigen data fetch moses --to /data/sets");
  command->callback(
      [arguments, &action] { action = [arguments] { return data_fetch(*arguments); }; });
}

}  // namespace

void add_data_commands(CLI::App& app, Action& action) {
  CLI::App* data =
      app.add_subcommand("data", "List, inspect, convert and fetch data sets and files of samples");
  data->require_subcommand(1);
  add_list_and_info(*data, action);
  add_inspect(*data, action);
  add_convert(*data, action);
  add_fetch(*data, action);
}

}  // namespace equigen::cli
