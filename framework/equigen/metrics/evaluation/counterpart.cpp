// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/counterpart.h"

#include <fmt/format.h>

#include "equigen/base/error.h"

namespace equigen {
namespace {

struct Wording {
  std::string_view name;
  std::string_view says;
  std::string_view set;
  std::string_view distance;
};

const Wording& wording_of(Relation relation) {
  static constexpr std::array<Wording, kRelations.size()> wordings{
      Wording{"training", "known", "training", ""},
      Wording{"reference", "matches", "reference", "RMS"},
      Wording{"structure", "nearest structure", "reference", "distance"},
      Wording{"composition", "nearest composition", "reference", "distance"}};
  return wordings[static_cast<std::size_t>(relation)];
}

}  // namespace

std::string_view relation_name(Relation relation) {
  return wording_of(relation).name;
}

Relation relation_from_name(std::string_view name) {
  for (const Relation relation : kRelations)
    if (relation_name(relation) == name) return relation;
  throw DataError("evaluation-format", fmt::format("'{}' is no relation of crystals", name));
}

std::string counterpart_text(const Counterpart& counterpart) {
  const Wording& wording = wording_of(counterpart.relation);
  const std::string whom = counterpart.name.empty()
                               ? fmt::format("{} crystal {}", wording.set, counterpart.index + 1)
                               : counterpart.name;
  const std::string distance =
      counterpart.distance ? fmt::format(" ({} {:.3g})", wording.distance, *counterpart.distance)
                           : std::string();
  return fmt::format("{}: {}{}", wording.says, whom, distance);
}

}  // namespace equigen
