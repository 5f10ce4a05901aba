// SPDX-License-Identifier: MIT
#include "equigen/base/progress.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <utility>

namespace equigen {
namespace {

using Clock = std::chrono::steady_clock;

std::atomic<bool> stop_requested{false};
std::atomic<bool> lines_visible{true};

extern "C" void request_stop(int signal) {
  if (stop_requested.exchange(true) && signal == SIGINT) _exit(130);
}

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

StopOnSignal::StopOnSignal() {
  stop_requested = false;
  struct sigaction action {};
  action.sa_handler = request_stop;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

StopOnSignal::~StopOnSignal() {
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
}

bool StopOnSignal::requested() noexcept {
  return stop_requested;
}

struct Progress::State {
  std::string title;
  std::int64_t total;
  std::string unit;
  double interval_s;
  bool terminal;
  Clock::time_point started = Clock::now();
  Clock::time_point shown = started;
  double first = -1;
  double done = 0;
  std::string note;
  bool finished = false;

  std::string line() const {
    const double elapsed = seconds_between(started, Clock::now());
    const double rate = elapsed > 0 ? (done - std::max(first, 0.0)) / elapsed : 0;
    const auto whole = static_cast<std::int64_t>(done);
    const auto all = static_cast<double>(total);
    std::string text = total > 0 ? fmt::format("{}: {}/{} {} ({:.0f} %)", title, whole, total, unit,
                                               100.0 * done / all)
                                 : fmt::format("{}: {} {}", title, whole, unit);
    text += fmt::format(", {:.3g} {}/s", rate, unit);
    if (all > done && rate > 0) {
      text += fmt::format(", {} left", duration_text((all - done) / rate));
    }
    text += fmt::format(", {:.2g} GB", static_cast<double>(resident_memory()) / 1e9);
    if (!note.empty()) text += ", " + note;
    return text;
  }

  void show(bool last) const {
    if (!lines_visible) return;
    if (terminal) {
      fmt::print(stderr, "\r\033[K{}{}", line(), last ? "\n" : "");
    } else {
      fmt::print(stderr, "{}\n", line());
    }
    std::fflush(stderr);
  }
};

Progress::Progress(std::string title, std::int64_t total, std::string unit, double plain_interval_s)
    : state_(std::make_unique<State>()) {
  state_->title = std::move(title);
  state_->total = total;
  state_->unit = std::move(unit);
  state_->terminal = isatty(STDERR_FILENO) != 0;
  state_->interval_s = state_->terminal ? 0.1 : plain_interval_s;
}

Progress::~Progress() {
  if (state_->done > 0) finish();
}

void Progress::update(double done, std::string_view note) {
  if (state_->first < 0) {
    state_->first = done > 1 ? done : 0;
  }
  state_->done = done;
  state_->note = note;
  const auto now = Clock::now();
  if (seconds_between(state_->shown, now) < state_->interval_s) return;
  state_->shown = now;
  state_->show(false);
}

void Progress::finish() {
  if (std::exchange(state_->finished, true)) return;
  state_->show(true);
}

void Progress::set_visible(bool visible) {
  lines_visible = visible;
}

std::string duration_text(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::int64_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  file >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace equigen
