// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/model/model.h"

namespace equigen {

struct ModelForData {
  std::shared_ptr<Model> model;
  DataSummary summary;
};

/// A new model for training samples, and the summary that it was built from: of those samples that
/// it can be trained on, since what is left out must not take part in sizes, vocabularies and
/// statistics. Parameters are drawn from `seed`. Throws as create_model() and summarise().
ModelForData model_for_data(const config::ComponentChoice& choice, const std::string& dataset,
                            const std::vector<Sample>& train, std::uint64_t seed);

}  // namespace equigen
