// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace equigen {

/// How a generated crystal and one of another set belong together.
enum class Relation {
  training,     ///< the first training crystal that the matcher fits: why it is not novel
  reference,    ///< the reference crystal it was made for, where it matches (crystal_match)
  structure,    ///< nearest of the reference by structure fingerprint (crystal_coverage)
  composition,  ///< nearest of the reference by composition fingerprint (crystal_coverage)
};

inline constexpr std::array kRelations{Relation::training, Relation::reference, Relation::structure,
                                       Relation::composition};

/// "training", "reference", "structure", "composition".
std::string_view relation_name(Relation relation);
/// Throws DataError for another name.
Relation relation_from_name(std::string_view name);

/// A crystal of another set that belongs to a generated one.
struct Counterpart {
  Relation relation = Relation::training;
  std::int64_t index = 0;          ///< in its set, from 0
  std::string name;                ///< as the data set has it; may be empty
  std::optional<double> distance;  ///< of fingerprints, or normalised RMS displacement

  bool operator==(const Counterpart&) const = default;
};

/// "known: mp-1234", "nearest structure: reference crystal 12 (distance 0.31)"; counted from 1.
std::string counterpart_text(const Counterpart& counterpart);

}  // namespace equigen
