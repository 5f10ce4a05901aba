// SPDX-License-Identifier: MIT
#include "equigen/train/model_for_data.h"

#include <torch/types.h>
#include <torch/utils.h>

#include "equigen/model/restore.h"
#include "equigen/train/batch_loader.h"

namespace equigen {

ModelForData model_for_data(const config::ComponentChoice& choice, const std::string& dataset,
                            const std::vector<Sample>& train, std::uint64_t seed) {
  const auto built_from = [&](const std::vector<Sample>& samples) {
    ModelForData result{nullptr, summarise(dataset, samples)};
    torch::manual_seed(seed);
    result.model = create_model(choice, result.summary);
    return result;
  };
  ModelForData of_all = built_from(train);
  const UsableSamples usable = find_usable_samples(*of_all.model, train);
  if (usable.misfit_count == 0 || usable.indices.empty()) return of_all;
  std::vector<Sample> kept;
  kept.reserve(usable.indices.size());
  for (const std::int64_t i : usable.indices) kept.push_back(train[static_cast<std::size_t>(i)]);
  return built_from(kept);
}

}  // namespace equigen
