// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "equigen/report/distributions.h"

/// How values of two sets become shares of the same classes.
namespace equigen::report::shares {

using Values = std::vector<double>;
using NameCounts = std::map<std::string, double>;

struct Names {
  std::string name;
  std::string title;
  std::string x_label;
};

/// Whole numbers: one class each, or equally wide classes where there are many.
Distribution of_counts(const Names& names, const Values& generated, const Values& reference);

/// Equally wide classes between the bounds; what lies outside counts in the first and last.
Distribution of_reals(const Names& names, const Values& generated, const Values& reference,
                      double lower, double upper);

/// Named classes, the most frequent of the reference first.
Distribution of_names(const Names& names, const NameCounts& generated, const NameCounts& reference);

/// Gathers numbers of every structure of type T.
template <typename T>
Values gather(std::span<const Sample> samples,
              const std::function<void(const T&, Values&)>& add_values) {
  Values values;
  for (const Sample& sample : samples)
    if (const T* structure = std::get_if<T>(&sample.structure)) add_values(*structure, values);
  return values;
}

}  // namespace equigen::report::shares
