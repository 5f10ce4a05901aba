// SPDX-License-Identifier: MIT
#include "program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "paths.h"

namespace equigen::testing {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
    read_end = ends[0];
    write_end = ends[1];
  }
};

[[noreturn]] void become_program(const std::vector<std::string>& arguments,
                                 const ProgramOptions& options, const Pipe& output,
                                 const Pipe& errors) {
  ::dup2(output.write_end, STDOUT_FILENO);
  ::dup2(errors.write_end, STDERR_FILENO);
  if (::chdir(options.folder.c_str()) != 0) ::_exit(126);
  for (const std::string& entry : options.environment) ::putenv(const_cast<char*>(entry.c_str()));
  std::vector<char*> words{const_cast<char*>(EQUIGEN_PROGRAM)};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(EQUIGEN_PROGRAM, words.data());
  ::_exit(127);
}

// Appends what there is; returns false at the end of the stream.
bool drain(int descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  if (count <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

void collect(pid_t child, const ProgramOptions& options, const Pipe& output, const Pipe& errors,
             ProgramResult& result) {
  bool signalled = options.signal == 0;
  std::array<pollfd, 2> streams{pollfd{output.read_end, POLLIN, 0},
                                pollfd{errors.read_end, POLLIN, 0}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    ::poll(streams.data(), streams.size(), -1);
    if (streams[0].revents != 0 && !drain(output.read_end, result.output)) streams[0].fd = -1;
    if (streams[1].revents != 0 && !drain(errors.read_end, result.errors)) streams[1].fd = -1;
    const bool seen =
        (result.output + result.errors).find(options.signal_after) != std::string::npos;
    if (!signalled && seen) {
      ::kill(child, options.signal);
      signalled = true;
    }
  }
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments,
                          const ProgramOptions& options) {
  const Pipe output;
  const Pipe errors;
  const pid_t child = ::fork();
  if (child == 0) become_program(arguments, options, output, errors);
  ::close(output.write_end);
  ::close(errors.write_end);
  ProgramResult result;
  collect(child, options, output, errors, result);
  ::close(output.read_end);
  ::close(errors.read_end);
  int status = 0;
  ::waitpid(child, &status, 0);
  result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

std::string test_experiment(const std::string& name) {
  return std::filesystem::canonical(tests_folder() / "data/cli" / name).string();
}

std::filesystem::path only_run(const std::filesystem::path& output, const std::string& name) {
  std::vector<std::filesystem::path> runs;
  for (const auto& entry : std::filesystem::directory_iterator(output / name)) {
    if (entry.is_directory() && !entry.is_symlink()) runs.push_back(entry.path());
  }
  if (runs.size() != 1)
    throw std::runtime_error("expected one run folder, found " + std::to_string(runs.size()));
  return runs.front();
}

}  // namespace equigen::testing
