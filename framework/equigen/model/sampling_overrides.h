// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/config/schema.h"

namespace equigen {

/// Throws ConfigError when a trained model's keys were changed that say what was trained: only
/// those declared with FieldRefinement::at_sampling() may differ. The error names what was changed
/// and what may be. Also throws ConfigError for keys that are not the model's.
void require_sampling_changes(const config::ComponentChoice& trained,
                              const config::ComponentChoice& changed);

}  // namespace equigen
