// SPDX-License-Identifier: MIT
#include "equigen/crystal/fingerprints/composition_fingerprint.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace embedded {
std::string_view elements_json();
}
namespace {

constexpr std::size_t kStatistics = 6;

struct Scaler {
  CompositionFingerprint means{};
  CompositionFingerprint deviations{};
};

const Scaler& scaler() {
  static const Scaler instance = [] {
    const auto tables = nlohmann::json::parse(embedded::elements_json());
    return Scaler{tables.at("comp_scaler_means").get<CompositionFingerprint>(),
                  tables.at("comp_scaler_stds").get<CompositionFingerprint>()};
  }();
  return instance;
}

/// The value of the most abundant element, the smallest one on ties.
double mode(const Composition& composition, std::size_t property) {
  int most = 0;
  double value = 0;
  for (const auto& [number, count] : composition) {
    const double candidate = *element(number).magpie[property];
    if (count > most || (count == most && candidate < value)) value = candidate;
    most = std::max(most, count);
  }
  return value;
}

std::array<double, kStatistics> statistics(const Composition& composition, std::size_t property) {
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  double mean = 0, deviation = 0, atoms = 0;
  for (const auto& [number, count] : composition) {
    const auto value = element(number).magpie[property];
    if (!value) {
      std::array<double, kStatistics> unknown{};
      unknown.fill(std::numeric_limits<double>::quiet_NaN());
      return unknown;
    }
    lowest = std::min(lowest, *value);
    highest = std::max(highest, *value);
    mean += count * *value;
    atoms += count;
  }
  mean /= atoms;
  for (const auto& [number, count] : composition)
    deviation += count * std::abs(*element(number).magpie[property] - mean);
  return {lowest, highest, highest - lowest, mean, deviation / atoms, mode(composition, property)};
}

}  // namespace

CompositionFingerprint composition_fingerprint(const Composition& composition) {
  if (composition.empty())
    throw DataError("crystal.no-sites", "an empty composition has no fingerprint");
  CompositionFingerprint fingerprint{};
  for (std::size_t property = 0; property * kStatistics < fingerprint.size(); ++property)
    std::ranges::copy(statistics(composition, property),
                      fingerprint.begin() + static_cast<std::ptrdiff_t>(property * kStatistics));
  return fingerprint;
}

CompositionFingerprint scaled_composition_fingerprint(const CompositionFingerprint& fingerprint) {
  CompositionFingerprint scaled{};
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    const double value = (fingerprint[i] - scaler().means[i]) / scaler().deviations[i];
    scaled[i] = std::isnan(value) ? 0 : value;
  }
  return scaled;
}

}  // namespace equigen
