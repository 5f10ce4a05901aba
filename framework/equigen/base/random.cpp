// SPDX-License-Identifier: MIT
#include "equigen/base/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace equigen {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53U;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57U;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9U;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85U;

std::uint64_t mixed(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

std::array<std::uint32_t, 4> block_counter(std::uint64_t block) {
  return {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), 0, 0};
}

// In (0, 1]: a logarithm follows.
float open_uniform(std::uint32_t bits) {
  return (static_cast<float>(bits >> 8) + 1.0F) * 0x1p-24F;
}
float half_open_uniform(std::uint32_t bits) {
  return static_cast<float>(bits >> 8) * 0x1p-24F;
}

std::array<float, 2> box_muller(std::uint32_t a, std::uint32_t b) {
  const float radius = std::sqrt(-2.0F * std::log(open_uniform(a)));
  const float angle = 2.0F * std::numbers::pi_v<float> * half_open_uniform(b);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

template <typename Convert>
void fill_blocks(std::uint64_t key, std::span<float> out, Convert convert) {
  for (std::size_t start = 0, block = 0; start < out.size(); start += 4, ++block) {
    const std::array<float, 4> values = convert(philox(key, block_counter(block)));
    const std::size_t count = std::min<std::size_t>(4, out.size() - start);
    for (std::size_t i = 0; i < count; ++i) out[start + i] = values[i];
  }
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::uint64_t key, std::array<std::uint32_t, 4> counter) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = static_cast<std::uint64_t>(kMultiplier0) * counter[0];
    const std::uint64_t p1 = static_cast<std::uint64_t>(kMultiplier1) * counter[2];
    counter = {
        static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ k0, static_cast<std::uint32_t>(p1),
        static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += kWeyl0;
    k1 += kWeyl1;
  }
  return counter;
}

std::uint64_t derive_key(std::uint64_t seed, std::string_view purpose, std::uint64_t a,
                         std::uint64_t b) {
  std::uint64_t key = mixed(seed);
  for (const char c : purpose) key = mixed(key ^ static_cast<unsigned char>(c));
  return mixed(mixed(key ^ a) ^ b);
}

RandomStream::result_type RandomStream::operator()() {
  if (used_ == 4) {
    buffer_ = philox(key_, block_counter(block_++));
    used_ = 0;
  }
  const std::uint64_t low = buffer_[static_cast<std::size_t>(used_)];
  const std::uint64_t high = buffer_[static_cast<std::size_t>(used_) + 1];
  used_ += 2;
  return high << 32 | low;
}

double RandomStream::uniform() {
  return static_cast<double>((*this)() >> 11) * 0x1p-53;
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  const std::uint64_t limit = max() - max() % bound;
  std::uint64_t draw = (*this)();
  while (draw >= limit) draw = (*this)();
  return draw % bound;
}

double RandomStream::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

void fill_normal(std::uint64_t key, std::span<float> out) {
  fill_blocks(key, out, [](const std::array<std::uint32_t, 4>& bits) {
    const auto first = box_muller(bits[0], bits[1]);
    const auto second = box_muller(bits[2], bits[3]);
    return std::array<float, 4>{first[0], first[1], second[0], second[1]};
  });
}

void fill_uniform(std::uint64_t key, std::span<float> out) {
  fill_blocks(key, out, [](const std::array<std::uint32_t, 4>& bits) {
    return std::array<float, 4>{half_open_uniform(bits[0]), half_open_uniform(bits[1]),
                                half_open_uniform(bits[2]), half_open_uniform(bits[3])};
  });
}

}  // namespace equigen
