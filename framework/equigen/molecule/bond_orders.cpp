// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "equigen/base/error.h"
#include "equigen/molecule/bond_perception.h"
#include "equigen/molecule/valence_states.h"

namespace equigen {
namespace {

/// How much an Å between a bond's length and that of its order weighs against a charge.
constexpr double kLengthWeight = 3;
constexpr std::size_t kMostEntries = 500'000;  // some tens of megabytes
constexpr int kLargestCharge = 20;
constexpr int kChargeOffset = 64;  // keeps the sum of charges in a key positive

[[noreturn]] void refuse(const std::string& reason) {
  throw DataError("bond-orders", "bond orders not determined: " + reason);
}

/// What the search decides next: the order of a bond, or the charge of an atom whose bonds are all
/// decided.
struct Step {
  bool is_bond = false;
  std::int32_t index = 0;
};

/// A partial assignment: the additional orders that the open atoms have got so far, in the order of
/// the frontier, then the sum of the charges.
struct Entry {
  std::string key;
  double cost = 0;
  std::int32_t parent = 0;
  std::int8_t choice = 0;  ///< additional order of a bond, or charge of an atom
};

/// The best assignment by dynamic programming: partial assignments that agree in everything later
/// decisions depend on compete, and the cheapest survives.
class Search {
 public:
  Search(const Molecule& molecule, const Connectivity& connectivity, int charge)
      : molecule_(molecule), connectivity_(connectivity), charge_(charge) {
    bonds_of_.resize(molecule.atoms.size());
    for (std::size_t b = 0; b < connectivity.size(); ++b) {
      bonds_of_[at(connectivity[b].first)].push_back(static_cast<std::int32_t>(b));
      bonds_of_[at(connectivity[b].second)].push_back(static_cast<std::int32_t>(b));
    }
    find_most_additional();
    plan();
  }

  BondOrders run() {
    layers_.push_back({Entry{std::string(1, static_cast<char>(kChargeOffset)), 0, 0, 0}});
    for (const Step& step : steps_) {
      std::vector<Entry> next = step.is_bond ? decide_bond(step.index) : decide_atom(step.index);
      if (next.empty()) refuse_at(step);
      entry_count_ += next.size();
      layers_.push_back(std::move(next));
    }
    for (std::size_t i = 0; i < layers_.back().size(); ++i)
      if (layers_.back()[i].key.back() == charge_ + kChargeOffset) return traced(i);
    refuse(
        fmt::format("no assignment has the charge {}; hydrogens may be missing, or the charge "
                    "must be stated",
                    charge_));
  }

 private:
  static std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }
  int element(std::int32_t atom) const { return molecule_.atoms[at(atom)].atomic_number; }
  int degree(std::int32_t atom) const { return static_cast<int>(bonds_of_[at(atom)].size()); }

  /// How many orders above single each atom can take.
  void find_most_additional() {
    most_.assign(molecule_.atoms.size(), 0);
    for (std::int32_t i = 0; i < std::ssize(molecule_.atoms); ++i) {
      const auto states = valence_states(element(i));
      if (states.empty())
        refuse(fmt::format("no valences are known of {} (atom {})", element_symbol(element(i)),
                           i + 1));
      int most = -1;
      for (const ValenceState& state : states) most = std::max(most, state.valence - degree(i));
      if (most < 0)
        refuse(fmt::format("atom {} ({}) has {} neighbours", i + 1, element_symbol(element(i)),
                           degree(i)));
      most_[at(i)] = most;
    }
  }

  int most_of_bond(std::int32_t bond) const {
    const auto [first, second] = connectivity_[at(bond)];
    return std::min({2, most_[at(first)], most_[at(second)]});
  }

  /// Atoms in the order of a walk through the molecule, which keeps the frontier small.
  std::vector<std::int32_t> walk() const {
    std::vector<std::int32_t> order;
    std::vector<bool> seen(molecule_.atoms.size(), false);
    for (std::int32_t start = 0; start < std::ssize(molecule_.atoms); ++start) {
      if (seen[at(start)]) continue;
      seen[at(start)] = true;
      order.push_back(start);
      for (std::size_t next = order.size() - 1; next < order.size(); ++next) {
        for (const std::int32_t bond : bonds_of_[at(order[next])]) {
          const auto [a, b] = connectivity_[at(bond)];
          const std::int32_t other = a == order[next] ? b : a;
          if (seen[at(other)] || most_of_bond(bond) == 0) continue;
          seen[at(other)] = true;
          order.push_back(other);
        }
      }
    }
    return order;
  }

  void plan() {
    std::vector<int> left(molecule_.atoms.size(), 0);
    for (std::int32_t bond = 0; bond < std::ssize(connectivity_); ++bond) {
      if (most_of_bond(bond) == 0) continue;
      ++left[at(connectivity_[at(bond)].first)];
      ++left[at(connectivity_[at(bond)].second)];
    }
    std::vector<bool> planned(connectivity_.size(), false);
    std::vector<bool> closed(molecule_.atoms.size(), false);
    const auto close = [&](std::int32_t atom) {
      if (!closed[at(atom)]) steps_.push_back({false, atom});
      closed[at(atom)] = true;
    };
    for (const std::int32_t atom : walk()) {
      for (const std::int32_t bond : bonds_of_[at(atom)]) {
        if (planned[at(bond)] || most_of_bond(bond) == 0) continue;
        planned[at(bond)] = true;
        steps_.push_back({true, bond});
        const auto [first, second] = connectivity_[at(bond)];
        for (const std::int32_t end : {first, second})
          if (--left[at(end)] == 0) close(end);
      }
      close(atom);  // the one without bonds to decide
    }
  }

  /// Ions of carbon stand for missing hydrogens unless the molecule is charged so; only CO and
  /// isocyanides have them otherwise.
  bool is_plausible(std::int32_t atom, const ValenceState& state) const {
    if (element(atom) != 6 || state.charge == 0) return true;
    return state.charge * charge_ > 0 || (state.charge < 0 && degree(atom) == 1);
  }

  double bond_cost(std::int32_t bond, int order) const {
    const auto [first, second] = connectivity_[at(bond)];
    const double a = bond_radius(element(first), order), b = bond_radius(element(second), order);
    if (a == 0 || b == 0) return 0;
    const auto& p = molecule_.positions[at(first)];
    const auto& q = molecule_.positions[at(second)];
    return kLengthWeight * std::abs(std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) - a - b);
  }

  std::size_t place_of(std::int32_t atom) {
    const auto found = std::find(frontier_.begin(), frontier_.end(), atom);
    if (found != frontier_.end()) return static_cast<std::size_t>(found - frontier_.begin());
    for (Entry& entry : layers_.back()) entry.key.insert(entry.key.size() - 1, 1, '\0');
    frontier_.push_back(atom);
    return frontier_.size() - 1;
  }

  /// Keeps the cheapest of the entries with the same key.
  class Layer {
   public:
    explicit Layer(std::size_t room) : room_(room) {}

    void add(Entry entry) {
      const auto [found, is_new] = places_.try_emplace(entry.key, entries_.size());
      if (is_new) {
        if (entries_.size() >= room_) refuse("its rings are too entangled");
        entries_.push_back(std::move(entry));
      } else if (entry.cost < entries_[found->second].cost) {
        entries_[found->second] = std::move(entry);
      }
    }
    std::vector<Entry> take() { return std::move(entries_); }

   private:
    std::size_t room_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, std::size_t> places_;
  };

  std::vector<Entry> decide_bond(std::int32_t bond) {
    const auto [first, second] = connectivity_[at(bond)];
    const std::size_t a = place_of(first), b = place_of(second);
    Layer layer(kMostEntries - entry_count_);
    for (std::size_t i = 0; i < layers_.back().size(); ++i) {
      const Entry& entry = layers_.back()[i];
      for (int more = 0; more <= most_of_bond(bond); ++more) {
        if (entry.key[a] + more > most_[at(first)] || entry.key[b] + more > most_[at(second)])
          break;
        Entry next{entry.key, entry.cost + bond_cost(bond, 1 + more), static_cast<std::int32_t>(i),
                   static_cast<std::int8_t>(more)};
        next.key[a] = static_cast<char>(next.key[a] + more);
        next.key[b] = static_cast<char>(next.key[b] + more);
        layer.add(std::move(next));
      }
    }
    return layer.take();
  }

  std::vector<Entry> decide_atom(std::int32_t atom) {
    const std::size_t place = place_of(atom);
    Layer layer(kMostEntries - entry_count_);
    for (std::size_t i = 0; i < layers_.back().size(); ++i) {
      const Entry& entry = layers_.back()[i];
      for (const ValenceState& state : valence_states(element(atom))) {
        if (state.valence != degree(atom) + entry.key[place] || !is_plausible(atom, state))
          continue;
        const int sum = entry.key.back() + state.charge;
        if (std::abs(sum - kChargeOffset) > kLargestCharge) continue;
        Entry next{entry.key, entry.cost + state.penalty, static_cast<std::int32_t>(i),
                   static_cast<std::int8_t>(state.charge)};
        next.key.back() = static_cast<char>(sum);
        next.key.erase(place, 1);
        layer.add(std::move(next));
      }
    }
    frontier_.erase(frontier_.begin() + static_cast<std::ptrdiff_t>(place));
    return layer.take();
  }

  [[noreturn]] void refuse_at(const Step& step) const {
    const std::int32_t atom = step.is_bond ? connectivity_[at(step.index)].first : step.index;
    refuse(fmt::format("no valence fits atom {} ({}, {} neighbours); hydrogens may be missing",
                       atom + 1, element_symbol(element(atom)), degree(atom)));
  }

  BondOrders traced(std::size_t entry) const {
    BondOrders result;
    result.cost = layers_.back()[entry].cost;
    result.charges.assign(molecule_.atoms.size(), 0);
    for (const auto& [first, second] : connectivity_) result.bonds.push_back({first, second, 1});
    for (std::size_t k = steps_.size(); k > 0; --k) {
      const Entry& chosen = layers_[k][entry];
      const Step& step = steps_[k - 1];
      if (step.is_bond)
        result.bonds[at(step.index)].order = static_cast<std::uint8_t>(1 + chosen.choice);
      else
        result.charges[at(step.index)] = chosen.choice;
      entry = static_cast<std::size_t>(chosen.parent);
    }
    return result;
  }

  const Molecule& molecule_;
  const Connectivity& connectivity_;
  int charge_;
  std::vector<std::vector<std::int32_t>> bonds_of_;
  std::vector<int> most_;
  std::vector<Step> steps_;
  std::vector<std::int32_t> frontier_;
  std::vector<std::vector<Entry>> layers_;
  std::size_t entry_count_ = 0;
};

}  // namespace

BondOrders perceive_bond_orders(const Molecule& molecule, const Connectivity& connectivity,
                                int charge) {
  if (std::abs(charge) > kLargestCharge) refuse(fmt::format("a charge of {}", charge));
  return Search(molecule, connectivity, charge).run();
}

}  // namespace equigen
