// SPDX-License-Identifier: MIT
#include "equigen/crystal/prototypes/prototypes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/base/random.h"
#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/prototypes/ionic_radii.h"
#include "equigen/crystal/prototypes/prototype_geometry.h"
#include "equigen/crystal/symmetry/wyckoff_positions.h"

namespace equigen {
namespace {

constexpr double kLeastElectronegativityDifference = 0.4;

/// Ratios of cation to anion radius within which a coordination is kept, after Pauling, widened
/// because the rule is rough.
bool fits_coordination(double ratio, int coordination) {
  if (coordination <= 4) return ratio >= 0.14 && ratio <= 0.52;
  if (coordination <= 6) return ratio >= 0.33 && ratio <= 0.85;
  if (coordination <= 8) return ratio >= 0.60 && ratio <= 1.25;
  return ratio >= 0.70 && ratio <= 1.45;
}

bool is_ionic(int cation, int anion) {
  const auto low = element(cation).pauling_electronegativity;
  const auto high = element(anion).pauling_electronegativity;
  return low && high && *high - *low >= kLeastElectronegativityDifference;
}

/// Ions for a prototype's cations, and its anion last.
using Decoration = std::vector<IonKind>;

class Decorator {
 public:
  Decorator(const Prototype& prototype, const PrototypeRules& rules)
      : prototype_(prototype), rules_(rules) {}

  std::vector<Decoration> decorations() {
    for (const IonKind& anion : common_anions()) {
      if (!is_allowed(anion)) continue;
      anion_ = anion;
      anion_radius_ = ionic_radius(anion.atomic_number, anion.charge, prototype_.anion_coordination)
                          .value_or(0);
      choose({}, -anion.charge * prototype_.anion_count);
    }
    return std::move(found_);
  }

 private:
  bool is_allowed(const IonKind& ion) const {
    return rules_.elements.empty() ||
           std::ranges::find(rules_.elements, ion.atomic_number) != rules_.elements.end();
  }

  void choose(Decoration chosen, int charge_left) {
    const std::size_t role = chosen.size();
    if (role == prototype_.cation_counts.size()) {
      chosen.push_back(anion_);
      if (charge_left == 0) found_.push_back(std::move(chosen));
      return;
    }
    for (const IonKind& cation : common_cations()) {
      const int charge = cation.charge * prototype_.cation_counts[role];
      if (charge > charge_left || !is_allowed(cation) || !fits(cation, role, chosen)) continue;
      Decoration longer = chosen;
      longer.push_back(cation);
      choose(std::move(longer), charge_left - charge);
    }
  }

  bool fits(const IonKind& cation, std::size_t role, const Decoration& chosen) const {
    for (const IonKind& other : chosen)
      if (other.atomic_number == cation.atomic_number) return false;
    if (!is_ionic(cation.atomic_number, anion_.atomic_number)) return false;
    const bool is_last = role + 1 == prototype_.cation_counts.size();
    if (prototype_.cations_are_alike && is_last &&
        chosen.back().atomic_number > cation.atomic_number)
      return false;
    const int coordination = prototype_.cation_coordinations[role];
    const auto radius = ionic_radius(cation.atomic_number, cation.charge, coordination);
    return radius && anion_radius_ > 0 && fits_coordination(*radius / anion_radius_, coordination);
  }

  const Prototype& prototype_;
  const PrototypeRules& rules_;
  IonKind anion_;
  double anion_radius_ = 0;
  std::vector<Decoration> found_;
};

std::vector<double> distances_of(const Prototype& prototype, const Decoration& ions) {
  const double anion =
      *ionic_radius(ions.back().atomic_number, ions.back().charge, prototype.anion_coordination);
  std::vector<double> distances;
  for (std::size_t role = 0; role + 1 < ions.size(); ++role)
    distances.push_back(anion + *ionic_radius(ions[role].atomic_number, ions[role].charge,
                                              prototype.cation_coordinations[role]));
  return distances;
}

/// Rows: primitive vectors of a centred cell (obverse setting of R) in its own vectors.
Matrix3 primitive_vectors(char centring) {
  switch (centring) {
    case 'F':
      return {Vector3{0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}};
    case 'I':
      return {Vector3{-0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0.5, 0.5, -0.5}};
    case 'R':
      return {Vector3{2.0 / 3, 1.0 / 3, 1.0 / 3},
              {-1.0 / 3, 1.0 / 3, 1.0 / 3},
              {-1.0 / 3, -2.0 / 3, 1.0 / 3}};
    default:
      return {Vector3{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  }
}

bool are_same_place(const Vector3& a, const Vector3& b) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double apart = a[axis] - b[axis];
    if (std::abs(apart - std::round(apart)) > 1e-5) return false;
  }
  return true;
}

Crystal without_centring(const Crystal& centred, char centring) {
  const Lattice in_cell(primitive_vectors(centring));
  Matrix3 vectors{};
  for (std::size_t row = 0; row < 3; ++row)
    vectors[row] = centred.lattice.to_cartesian(in_cell.vectors()[row]);
  Crystal primitive;
  primitive.lattice = Lattice(vectors);
  for (std::size_t i = 0; i < centred.size(); ++i) {
    const Vector3 site = wrapped(in_cell.to_fractional(centred.fractional_coordinates[i]));
    const bool is_image =
        std::ranges::any_of(primitive.fractional_coordinates,
                            [&](const Vector3& known) { return are_same_place(known, site); });
    if (is_image) continue;
    primitive.fractional_coordinates.push_back(site);
    primitive.atomic_numbers.push_back(centred.atomic_numbers[i]);
  }
  return primitive;
}

/// The primitive cell; without atoms when the sizes do not fit together.
Crystal built(const Prototype& prototype, const Decoration& ions) {
  const auto cell = prototype.cell(distances_of(prototype, ions));
  if (!cell) return {};
  const SpaceGroup& group = space_group(prototype.space_group);
  Crystal crystal;
  crystal.lattice = Lattice::from_parameters(cell->lattice);
  for (const PrototypeSite& site : cell->sites)
    for (const Vector3& point :
         wyckoff_orbit(group, group.position(site.letter), site.parameters)) {
      crystal.fractional_coordinates.push_back(point);
      crystal.atomic_numbers.push_back(static_cast<std::uint8_t>(ions[site.ion].atomic_number));
    }
  crystal = without_centring(crystal, group.symbol.at(0));
  crystal.name = fmt::format("{}/{}", prototype.name, formula(reduced(composition(crystal))));
  return crystal;
}

/// `most` of them, in their order, the same ones for the same seed.
void thin_out(std::vector<Decoration>& decorations, const Prototype& prototype,
              const PrototypeRules& rules) {
  const auto most = static_cast<std::size_t>(rules.max_per_prototype);
  if (most == 0 || decorations.size() <= most) return;
  std::vector<std::size_t> order(decorations.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  RandomStream random(rules.seed, fmt::format("prototype {}", prototype.name));
  random.shuffle(std::span(order));
  order.resize(most);
  std::ranges::sort(order);
  std::vector<Decoration> kept;
  for (const std::size_t i : order) kept.push_back(std::move(decorations[i]));
  decorations = std::move(kept);
}

std::vector<Crystal> crystals_of(const Prototype& prototype, const PrototypeRules& rules) {
  auto decorations = Decorator(prototype, rules).decorations();
  std::erase_if(decorations, [&](const Decoration& ions) {
    return !prototype.cell(distances_of(prototype, ions));
  });
  thin_out(decorations, prototype, rules);
  std::vector<Crystal> crystals(decorations.size());
  parallel_for(std::ssize(decorations), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    crystals[k] = built(prototype, decorations[k]);
  });
  std::erase_if(crystals, [](const Crystal& crystal) { return crystal.size() == 0; });
  return crystals;
}

}  // namespace

std::vector<std::string> prototype_names() {
  std::vector<std::string> names;
  for (const Prototype& prototype : prototypes()) names.emplace_back(prototype.name);
  return names;
}

std::vector<Crystal> decorated_prototypes(const PrototypeRules& rules) {
  const auto names = prototype_names();
  for (const std::string& name : rules.prototypes)
    if (std::ranges::find(names, name) == names.end())
      throw DataError(
          "prototype-unknown",
          fmt::format("there is no prototype '{}'{}", name, text::did_you_mean(name, names)),
          "known are " + text::join(names, ", "));
  std::vector<Crystal> all;
  for (const Prototype& prototype : prototypes()) {
    const bool is_wanted =
        rules.prototypes.empty() ||
        std::ranges::find(rules.prototypes, prototype.name) != rules.prototypes.end();
    if (is_wanted) std::ranges::move(crystals_of(prototype, rules), std::back_inserter(all));
  }
  return all;
}

}  // namespace equigen
