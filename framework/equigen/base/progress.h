// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace equigen {

/// Asked between steps of long work; true once the user wants to stop.
using StopRequested = std::function<bool()>;

/// Turns the first SIGINT or SIGTERM into a request to stop while it lives; a second SIGINT leaves
/// at once with exit code 130. One may live at a time.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  static bool requested() noexcept;
};

/// One line that shows how far some work is: share, rate, time left, and a text of the caller's. On
/// a terminal the line is redrawn in place; elsewhere a plain line appears every `plain_interval_s`
/// seconds. Writes to standard error.
class Progress {
 public:
  /// `total` < 0: unknown. `unit` names what is counted ("steps", "samples").
  Progress(std::string title, std::int64_t total, std::string unit, double plain_interval_s = 15.0);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Sets how many are done; a fraction (of a batch that is under way) is shown in the share, the
  /// rate and the time left. `note` is shown behind the figures ("loss 1.234"). Cheap: redraws ten
  /// times a second at most.
  void update(double done, std::string_view note = {});
  void finish();

  /// Turns all progress lines off (--quiet) or on.
  static void set_visible(bool visible);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Returns "1 h 02 min", "3 min 07 s" or "4.2 s".
std::string duration_text(double seconds);

/// Returns this process's resident memory in bytes.
std::int64_t resident_memory();

}  // namespace equigen
