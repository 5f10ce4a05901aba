// SPDX-License-Identifier: MIT
#include "equigen/model/model.h"

namespace equigen {

Model::~Model() = default;

std::string Model::unmet(const Sample&) const {
  return {};
}

std::vector<ParameterGroup> Model::parameter_groups() const {
  return {{"model", parameters()}};
}

}  // namespace equigen
