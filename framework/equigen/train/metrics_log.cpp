// SPDX-License-Identifier: MIT
#include "equigen/train/metrics_log.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "equigen/base/file.h"

namespace equigen {
namespace {

using nlohmann::json;

void drop_lines_after(const std::filesystem::path& file, std::int64_t step) {
  if (!std::filesystem::exists(file)) return;
  std::string kept;
  read_lines(file, [&](std::string_view line, std::int64_t) {
    const json entry = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (entry.is_object() && entry.value("step", std::int64_t{0}) <= step)
      kept.append(line).push_back('\n');
    return true;
  });
  write_file_atomically(file, kept);
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& run_folder, std::int64_t resumed_step)
    : file_(run_folder / "metrics.jsonl"), events_(run_folder / "tensorboard", resumed_step) {
  drop_lines_after(file_.path(), resumed_step);
}

void MetricsLog::add(std::int64_t step, std::int64_t epoch, double seconds,
                     const NamedValues& values) {
  nlohmann::ordered_json line{{"step", step}, {"epoch", epoch}, {"time", seconds}};
  for (const auto& [name, value] : values) {
    if (std::isfinite(value)) {
      line[name] = value;
    } else {
      line[name] = nullptr;
    }
  }
  file_.append(line.dump() + "\n");
  events_.add_scalars(step, values);
}

}  // namespace equigen
