// SPDX-License-Identifier: MIT
#include "equigen/base/error.h"

namespace equigen {
namespace {

std::string joined(std::string_view message, std::string_view remedy) {
  std::string text(message);
  if (!remedy.empty()) {
    text += "\n  = ";
    text += remedy;
  }
  return text;
}

}  // namespace

Error::Error(ExitCode code, std::string_view identifier, std::string_view message,
             std::string_view remedy)
    : std::runtime_error(joined(message, remedy)),
      code_(code),
      identifier_(identifier),
      message_(message),
      remedy_(remedy) {}
Error::~Error() = default;

ConfigError::ConfigError(std::string_view identifier, std::string_view message,
                         std::string_view remedy)
    : Error(ExitCode::configuration, identifier, message, remedy) {}
ConfigError::~ConfigError() = default;

DataError::DataError(std::string_view identifier, std::string_view message, std::string_view remedy)
    : Error(ExitCode::data, identifier, message, remedy) {}
DataError::~DataError() = default;

PluginError::PluginError(std::string_view identifier, std::string_view message,
                         std::string_view remedy)
    : Error(ExitCode::plugin, identifier, message, remedy) {}
PluginError::~PluginError() = default;

ResourceError::ResourceError(std::string_view identifier, std::string_view message,
                             std::string_view remedy)
    : Error(ExitCode::resources, identifier, message, remedy) {}
ResourceError::~ResourceError() = default;

NumericalError::NumericalError(std::string_view identifier, std::string_view message,
                               std::string_view remedy)
    : Error(ExitCode::numerical, identifier, message, remedy) {}
NumericalError::~NumericalError() = default;

}  // namespace equigen
