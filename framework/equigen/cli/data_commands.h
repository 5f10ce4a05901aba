// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

/// `equigen data list|info|inspect|convert|fetch`.
namespace equigen::cli {

int data_list();
int data_info(const std::string& name);

struct InspectArguments {
  std::string reference;  ///< a data set's name or a file
  std::string column;
  bool keep_hydrogens = false;
  std::filesystem::path report;
};
int data_inspect(const InspectArguments& arguments);

struct ConvertArguments {
  std::filesystem::path source;
  std::filesystem::path target;
  std::string column;
  bool keep_hydrogens = false;
  std::optional<double> symmetry;  ///< Å; crystals become CIF with their space groups
  bool force = false;
};
int data_convert(const ConvertArguments& arguments);

struct FetchArguments {
  std::string name;
  std::filesystem::path folder;     ///< empty: the first of EQUIGEN_DATA, else the user's
  std::filesystem::path catalogue;  ///< empty: the one equigen brings along
  bool force = false;
};
int data_fetch(const FetchArguments& arguments);

/// Adds the commands to the program; the one that is chosen puts itself into `action`.
void add_data_commands(CLI::App& app, std::function<int()>& action);

}  // namespace equigen::cli
