// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/autocast_mode.h>
#include <c10/core/Allocator.h>
#include <c10/core/Device.h>
#include <c10/core/DispatchKey.h>
#include <torch/version.h>

/// Every difference between LibTorch 1.13 and 2.x that equigen's code must know of lives here.
namespace equigen::torch_version {

inline constexpr int kMajor = TORCH_VERSION_MAJOR;
inline constexpr int kMinor = TORCH_VERSION_MINOR;

/// Runs what autocast lists (matrix products, ...) in bfloat16 while it lives, on one device type.
class Bfloat16Guard {
 public:
  explicit Bfloat16Guard(at::DeviceType device) : device_(device) {
#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 4
    at::autocast::set_autocast_dtype(device_, at::kBFloat16);
#else
    if (device_ == at::kCPU) {
      at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    } else {
      at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
    }
#endif
    at::autocast::increment_nesting();
    enable(true);
  }
  ~Bfloat16Guard() {
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    enable(false);
  }
  Bfloat16Guard(const Bfloat16Guard&) = delete;
  Bfloat16Guard& operator=(const Bfloat16Guard&) = delete;

 private:
  void enable(bool on) const {
#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 4
    at::autocast::set_autocast_enabled(device_, on);
#else
    if (device_ == at::kCPU) {
      at::autocast::set_cpu_enabled(on);
    } else {
      at::autocast::set_enabled(on);
    }
#endif
  }

  at::DeviceType device_;
};

/// A type of device that the usual builds of LibTorch have no kernels for, but whose tensors can
/// take the place of the CPU's in a module.
#if TORCH_VERSION_MAJOR >= 2
inline constexpr c10::DeviceType kSpareDevice = c10::DeviceType::HPU;
inline constexpr c10::DispatchKey kSpareDispatchKey = c10::DispatchKey::HPU;
#else
inline constexpr c10::DeviceType kSpareDevice = c10::DeviceType::XPU;
inline constexpr c10::DispatchKey kSpareDispatchKey = c10::DispatchKey::XPU;
#endif

/// Memory of a device. LibTorch 2.3 changed what an allocator must offer.
class Allocator : public c10::Allocator {
 public:
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  c10::DataPtr allocate(std::size_t size) override {
    return allocated(size);
  }
  void copy_data(void* to, const void* from, std::size_t size) const override {
    copied(to, from, size);
  }
#else
  c10::DataPtr allocate(std::size_t size) const override {
    return allocated(size);
  }
#endif

 protected:
  virtual c10::DataPtr allocated(std::size_t size) const = 0;
  virtual void copied(void* to, const void* from, std::size_t size) const = 0;
};

}  // namespace equigen::torch_version
