// SPDX-License-Identifier: MIT
#include "equigen/plugin/plugin.h"

#include "diffcsp/denoising_diffusion.h"
#include "diffcsp/wrapped_normal_diffusion.h"

namespace {

void register_diffcsp(equigen::RegistryBuilder& registry) {
  using equigen::FieldProcess;
  registry.add<FieldProcess, equigen::diffcsp::WrappedNormalDiffusion>(
      "wrapped_normal_diffusion", "fractional coordinates by scores of wrapped normal noise");
  registry.add<FieldProcess, equigen::diffcsp::DenoisingDiffusion>(
      "denoising_diffusion", "lattice vectors or elements by denoising diffusion");
}

}  // namespace

EQUIGEN_PLUGIN("diffcsp", "0.1.0", "DiffCSP: joint diffusion of lattice, coordinates and elements",
               register_diffcsp)
