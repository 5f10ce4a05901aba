// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace equigen {

/// Exit codes of the program, one for each kind of expected failure.
enum class ExitCode : int {
  success = 0,
  configuration = 2,
  data = 3,
  plugin = 4,
  resources = 5,
  numerical = 6,
  bug = 70,
};

/// An expected failure: what happened, where, and what to do about it.
///
/// `identifier` is a short stable word that a user can search for ("config-unknown-key"). `message`
/// says what happened, with the values; `remedy` (may be empty) says what to do. `what()` joins the
/// two.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, std::string_view identifier, std::string_view message,
        std::string_view remedy = {});
  ~Error() override;

  ExitCode code() const noexcept { return code_; }
  const std::string& identifier() const noexcept { return identifier_; }
  const std::string& message() const noexcept { return message_; }
  const std::string& remedy() const noexcept { return remedy_; }

 private:
  ExitCode code_;
  std::string identifier_;
  std::string message_;
  std::string remedy_;
};

/// A mistake in a YAML file, an override or the command line (exit code 2).
class ConfigError : public Error {
 public:
  ConfigError(std::string_view identifier, std::string_view message, std::string_view remedy = {});
  ~ConfigError() override;
};

/// Data, a sample file or a checkpoint that cannot be read or used (exit code 3).
class DataError : public Error {
 public:
  DataError(std::string_view identifier, std::string_view message, std::string_view remedy = {});
  ~DataError() override;
};

/// A plugin that is missing, broken or built for another equigen (exit code 4).
class PluginError : public Error {
 public:
  PluginError(std::string_view identifier, std::string_view message, std::string_view remedy = {});
  ~PluginError() override;
};

/// Memory, disk, permissions or a device that is not there (exit code 5).
class ResourceError : public Error {
 public:
  ResourceError(std::string_view identifier, std::string_view message,
                std::string_view remedy = {});
  ~ResourceError() override;
};

/// A loss, gradient or sample that is not finite (exit code 6).
class NumericalError : public Error {
 public:
  NumericalError(std::string_view identifier, std::string_view message,
                 std::string_view remedy = {});
  ~NumericalError() override;
};

}  // namespace equigen
