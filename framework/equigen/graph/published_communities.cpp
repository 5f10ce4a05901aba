// SPDX-License-Identifier: MIT
#include "equigen/graph/published_communities.h"

#include <cstddef>
#include <random>

namespace equigen {
namespace {

/// Fills the state of a Mersenne twister from a one-word key as its authors' init_by_array() and
/// Python's random.seed() do (Matsumoto, Nishimura, mt19937ar, 2002).
class ArraySeeding {
 public:
  using result_type = std::uint_least32_t;

  explicit ArraySeeding(std::uint32_t key) : key_(key) {}

  template <typename Iterator>
  void generate(Iterator begin, Iterator end) const {
    const auto size = static_cast<std::size_t>(end - begin);
    const auto mixed = [&](std::size_t i, std::uint32_t factor) {
      const auto before = static_cast<std::uint32_t>(begin[i - 1]);
      return static_cast<std::uint32_t>(begin[i]) ^ ((before ^ (before >> 30U)) * factor);
    };
    begin[0] = 19650218U;
    for (std::size_t i = 1; i < size; ++i) {
      const auto before = static_cast<std::uint32_t>(begin[i - 1]);
      begin[i] = 1812433253U * (before ^ (before >> 30U)) + static_cast<std::uint32_t>(i);
    }
    std::size_t i = 1;
    const auto advance = [&] {
      if (++i < size) return;
      begin[0] = begin[size - 1];
      i = 1;
    };
    for (std::size_t step = 0; step < size; ++step, advance()) {
      begin[i] = mixed(i, 1664525U) + key_;
    }
    for (std::size_t step = 1; step < size; ++step, advance()) {
      begin[i] = mixed(i, 1566083941U) - static_cast<std::uint32_t>(i);
    }
    begin[0] = 0x80000000U;
  }

 private:
  std::uint32_t key_;
};

/// 53 random bits in [0, 1) from two outputs, as Python's random.random().
double next_uniform(std::mt19937& generator) {
  const auto high = static_cast<double>(generator() >> 5U);
  const auto low = static_cast<double>(generator() >> 6U);
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

}  // namespace

Graph published_random_graph(std::int32_t node_count, double probability, std::uint32_t seed) {
  ArraySeeding seeding(seed);
  std::mt19937 generator(seeding);
  Graph graph{node_count, {}};
  for (std::int32_t i = 0; i < node_count; ++i) {
    for (std::int32_t j = i + 1; j < node_count; ++j) {
      if (next_uniform(generator) < probability) graph.edges.emplace_back(i, j);
    }
  }
  return graph;
}

}  // namespace equigen
