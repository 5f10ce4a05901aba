// SPDX-License-Identifier: MIT
#include "equigen/train/device.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <torch/cuda.h>
#include <torch/version.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/base/text.h"
#include "equigen/version.h"

namespace equigen {
namespace {

std::int64_t gpu_count() {
  return torch::cuda::is_available() ? static_cast<std::int64_t>(torch::cuda::device_count()) : 0;
}

at::Device choose_gpu(const std::string& name, std::int64_t index) {
  const std::int64_t count = gpu_count();
  if (index >= count) {
    throw ResourceError(
        "device-missing",
        count == 0 ? fmt::format("device {} was asked for, but LibTorch {} sees no GPU here", name,
                                 TORCH_VERSION)
                   : fmt::format("device {} was asked for, but there are only cuda:0 to cuda:{}",
                                 name, count - 1),
        "use device=cpu or device=auto, or build against a LibTorch with CUDA on a machine with "
        "a GPU");
  }
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
}

/// The file that matrix products come from, behind links ("/usr/lib/.../openblas/libblas.so.3").
std::string blas_library() {
  void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (!symbol || dladdr(symbol, &info) == 0 || !info.dli_fname) return {};
  std::error_code failure;
  const auto path = std::filesystem::canonical(info.dli_fname, failure);
  return failure ? info.dli_fname : path.string();
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (line.starts_with("model name") && colon != std::string::npos)
      return std::string(text::trim(line.substr(colon + 1)));
  }
  return {};
}

/// OpenBLAS keeps threads of its own, whatever LibTorch is told. They wait in a busy loop, so that
/// with the small products of these models they take more time than they save (measured: 8 training
/// steps a second with one, 1 to 3 with two beside another busy process). The environment variable
/// OPENBLAS_NUM_THREADS has the last word.
void keep_openblas_to_one_thread() {
  if (std::getenv("OPENBLAS_NUM_THREADS")) return;
  using SetThreads = void (*)(int);
  const auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set) set(1);
}

}  // namespace

at::Device choose_device(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  if (name == "auto") return gpu_count() > 0 ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  if (name == "cuda") return choose_gpu(name, 0);
  if (name.starts_with("cuda:")) {
    const auto index = text::to_integer(std::string_view(name).substr(5));
    if (index && *index >= 0) return choose_gpu(name, *index);
  }
  throw ConfigError("config-device", fmt::format("'{}' is not a device", name),
                    "use auto, cpu, cuda or cuda:N");
}

void use_threads(std::int64_t threads) {
  const auto count = static_cast<int>(
      threads > 0 ? threads : std::max<std::int64_t>(std::thread::hardware_concurrency(), 1));
  at::set_num_threads(count);
  set_parallel_threads(count);
  keep_openblas_to_one_thread();
}

nlohmann::json describe_environment() {
  utsname system{};
  ::uname(&system);
  const auto memory = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  return {{"equigen", EQUIGEN_VERSION},
          {"libtorch", TORCH_VERSION},
          {"libtorch_build", at::show_config()},
          {"compiler", EQUIGEN_COMPILER},
          {"blas", blas_library()},
          {"threads", at::get_num_threads()},
          {"cores", std::thread::hardware_concurrency()},
          {"cuda", gpu_count() > 0},
          {"gpu_count", gpu_count()},
          {"processor", processor_name()},
          {"memory_bytes", memory},
          {"system", fmt::format("{} {} {}", system.sysname, system.release, system.machine)}};
}

}  // namespace equigen
