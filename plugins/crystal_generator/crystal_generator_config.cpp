// SPDX-License-Identifier: MIT
#include "crystal_generator/crystal_generator_config.h"

namespace equigen::crystal_generator {

void LossWeights::declare(config::Declaration<LossWeights>& keys) {
  using C = LossWeights;
  keys.doc("Factors of the fields' losses.");
  keys.field("coordinates", &C::coordinates, "of fractional coordinates").at_least(0);
  keys.field("lattice", &C::lattice, "of the lattice").at_least(0);
  keys.field("elements", &C::elements, "of the elements (generation only)").at_least(0);
}

void CrystalGeneratorConfig::declare(config::Declaration<CrystalGeneratorConfig>& keys) {
  using C = CrystalGeneratorConfig;
  keys.doc(
      "Crystals from noise: coordinates, lattice and elements, each by a process of its own, with "
      "one network for all. configs/model has the published combinations: crysbfn, diffcsp, "
      "flowmm.");
  keys.field("task", &C::task,
             "generate whole crystals, or predict the structure of given compositions")
      .choices({"generation", "structure_prediction"});
  keys.field("steps", &C::steps, "steps from noise to data that are trained").range(1, 100000);
  keys.field("sampling_steps", &C::sampling_steps,
             "of these, how many a sampling takes, at even distances; 0: all")
      .range(0, 100000)
      .at_sampling();
  keys.field("coordinates", &C::coordinates, "process of the fractional coordinates")
      .kind("field_process");
  keys.field("lattice", &C::lattice, "process of the lattice").kind("field_process");
  keys.field("elements", &C::elements,
             "process of the elements; not used in structure_prediction, nor with one element")
      .kind("field_process");
  keys.field("network", &C::network, "the network").kind("crystal_network");
  keys.field(
      "vocabulary", &C::vocabulary,
      "elements that are told apart: data (those of the training data), first_100 (numbers 1 "
      "to 100), or symbols and ranges of them: O, Ti or H-Bi, Ac-Pu");
  keys.field("time", &C::time,
             "which steps the network is told the number or, by a linear time_embedding, the share "
             "of: "
             "those up to this one, or those that are left with it")
      .choices({"step", "steps_left"});
  keys.field("loss_weights", &C::loss_weights, "how much each field counts");
  keys.field("loss_average", &C::loss_average,
             "average losses of atoms over all atoms of the batch, or over each crystal first")
      .choices({"atoms", "crystals"});
}

}  // namespace equigen::crystal_generator
