// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/cli/commands.h"
#include "equigen/cli/run_report.h"

namespace equigen::cli {

int report(const ReportArguments& arguments) {
  const auto samples =
      arguments.samples.empty() ? samples_of_run(arguments.run) : arguments.samples;
  const auto folder = arguments.output.empty() ? arguments.run / "report" : arguments.output;
  fmt::print("report: {}\n", write_run_report(arguments.run, samples, folder).string());
  return 0;
}

}  // namespace equigen::cli
