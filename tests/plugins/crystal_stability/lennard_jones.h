// SPDX-License-Identifier: MIT
#pragma once

#include <torch/script.h>

#include <filesystem>

namespace equigen::crystal_stability {

/// Writes a TorchScript potential: pairs of atoms in 7^3 cells attract and repel by Lennard-Jones
/// with a well of 0.1 eV at about 2.8 Å.
inline void save_lennard_jones(const std::filesystem::path& path) {
  torch::jit::Module module("LennardJones");
  module.define(R"(
def forward(self, atomic_numbers, positions, cell):
    steps = torch.arange(-3, 4, dtype=positions.dtype)
    images = torch.cartesian_prod([steps, steps, steps])
    shifts = torch.matmul(images, cell)
    separation = positions[None, None, :, :] + shifts[:, None, None, :] - positions[None, :, None, :]
    squared = (separation * separation).sum(-1)
    near = torch.logical_and(squared > 1e-8, squared < 64.0)
    inverse = 6.25 / torch.where(near, squared, torch.ones_like(squared))
    pair = 0.4 * (inverse ** 6 - inverse ** 3)
    return 0.5 * torch.where(near, pair, torch.zeros_like(pair)).sum()
)");
  module.save(path.string());
}

}  // namespace equigen::crystal_stability
