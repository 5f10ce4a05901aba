// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/config/validate.h"
#include "equigen/config/value.h"

namespace equigen::config {

/// Replaces ${path.to.key} and ${env:NAME,default} in a tree. References look into `tree`, then
/// into `defaults`. A name that leads nowhere, a cycle (printed) and references that grow without
/// bound are problems; the text of such a reference stays.
Value interpolate(const Value& tree, const Value& defaults, Problems& problems);

/// The same for the value at `path` of `tree` alone.
Value interpolate_at(const Value& tree, const std::string& path, Problems& problems);

}  // namespace equigen::config
