// SPDX-License-Identifier: MIT
#pragma once

#include <c10/core/Device.h>

namespace equigen::testing {

/// A device that stands in for a GPU on machines without one: its memory cannot be touched by the
/// CPU (the process stops with a segmentation fault), and an operation on tensors of both devices
/// throws, as on a GPU. Results are those of the CPU's kernels. It takes the place of a type of
/// device that the usual builds of LibTorch leave empty, in every program that links this.
at::Device separate_device();

}  // namespace equigen::testing
