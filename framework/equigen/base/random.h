// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace equigen {

/// Philox4x32-10: 128 random bits that depend on nothing but a 64-bit key and a 128-bit counter
/// (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::array<std::uint32_t, 4> counter);

/// Mixes words into one 64-bit key (SplitMix64 steps); used to derive independent streams.
std::uint64_t derive_key(std::uint64_t seed, std::string_view purpose, std::uint64_t a = 0,
                         std::uint64_t b = 0);

/// A stream of random numbers addressed by (seed, purpose, a, b). Equal addresses give equal
/// numbers, on every machine. Satisfies std::uniform_random_bit_generator; its own draws do not
/// depend on the standard library.
class RandomStream {
 public:
  using result_type = std::uint64_t;

  explicit RandomStream(std::uint64_t key) : key_(key) {}
  RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t a = 0,
               std::uint64_t b = 0)
      : key_(derive_key(seed, purpose, a, b)) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform integer in [0, bound); bound > 0. Unbiased.
  std::uint64_t below(std::uint64_t bound);
  double normal();

  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t key_;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> buffer_{};
  int used_ = 4;
};

/// Fills `out` with standard normal numbers that depend only on `key` and the position in `out`
/// (Box–Muller on Philox blocks, float32).
void fill_normal(std::uint64_t key, std::span<float> out);

/// Fills `out` with uniform numbers in [0, 1) that depend only on `key` and the position in `out`.
void fill_uniform(std::uint64_t key, std::span<float> out);

}  // namespace equigen
