// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace equigen::testing {

/// How a run of the program ended.
struct ProgramResult {
  int status = 0;  ///< exit status; 128 + signal when a signal ended it
  std::string output;
  std::string errors;
};

struct ProgramOptions {
  std::filesystem::path folder = ".";         ///< working folder
  std::vector<std::string> environment = {};  ///< "NAME=value"
  int signal = 0;                             ///< sent once `signal_after` was printed
  std::string signal_after = {};
};

/// Runs build/bin/equigen with these arguments.
ProgramResult run_program(const std::vector<std::string>& arguments,
                          const ProgramOptions& options = {});

/// The experiment file in tests/data/cli of this name.
std::string test_experiment(const std::string& name);

/// The only run folder below `output`/NAME.
std::filesystem::path only_run(const std::filesystem::path& output, const std::string& name);

}  // namespace equigen::testing
