// SPDX-License-Identifier: MIT
#include "equigen/metrics/similarity.h"

#include <algorithm>
#include <bit>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"

namespace equigen::similarity {
namespace {

/// Fingerprints compared before the next are fetched: they stay in the cache.
constexpr std::size_t kBlock = 256;

#if defined(__x86_64__) && defined(__GNUC__)
#define EQUIGEN_ALWAYS_INLINE __attribute__((always_inline)) inline
#else
#define EQUIGEN_ALWAYS_INLINE inline
#endif

EQUIGEN_ALWAYS_INLINE void count_shared(const std::uint64_t* own, const std::uint64_t* others,
                                        std::size_t words, std::size_t count,
                                        std::int32_t* shared) {
  for (std::size_t j = 0; j < count; ++j) {
    std::int64_t sum = 0;
    for (std::size_t w = 0; w < words; ++w) sum += std::popcount(own[w] & others[j * words + w]);
    shared[j] = static_cast<std::int32_t>(sum);
  }
}

using CountShared = void (*)(const std::uint64_t*, const std::uint64_t*, std::size_t, std::size_t,
                             std::int32_t*);

void count_shared_plain(const std::uint64_t* own, const std::uint64_t* others, std::size_t words,
                        std::size_t count, std::int32_t* shared) {
  count_shared(own, others, words, count, shared);
}

#if defined(__x86_64__) && defined(__GNUC__)
// The program is built for every x86-64; most have an instruction that counts bits.
__attribute__((target("popcnt"))) void count_shared_popcnt(const std::uint64_t* own,
                                                           const std::uint64_t* others,
                                                           std::size_t words, std::size_t count,
                                                           std::int32_t* shared) {
  count_shared(own, others, words, count, shared);
}

__attribute__((target("avx512f,avx512vpopcntdq"))) void count_shared_avx512(
    const std::uint64_t* own, const std::uint64_t* others, std::size_t words, std::size_t count,
    std::int32_t* shared) {
  count_shared(own, others, words, count, shared);
}

CountShared fastest() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vpopcntdq")) return count_shared_avx512;
  if (__builtin_cpu_supports("popcnt")) return count_shared_popcnt;
  return count_shared_plain;
}
#else
CountShared fastest() {
  return count_shared_plain;
}
#endif

double tanimoto(std::int32_t a, std::int32_t b, std::int32_t shared) {
  const std::int32_t either = a + b - shared;
  return either == 0 ? 1 : static_cast<double>(shared) / static_cast<double>(either);
}

/// Calls `take(i, j, similarity)` for all pairs; those of one i are taken by one thread, j
/// ascending.
template <typename Take>
void for_each_pair(const Fingerprints& rows, const Fingerprints& columns, const Take& take) {
  static const CountShared count = fastest();
  const auto blocks = static_cast<std::int64_t>((rows.size() + kBlock - 1) / kBlock);
  parallel_for(blocks, [&](std::int64_t block) {
    std::array<std::int32_t, kBlock> shared;
    const std::size_t first = static_cast<std::size_t>(block) * kBlock;
    const std::size_t last = std::min(first + kBlock, rows.size());
    for (std::size_t start = 0; start < columns.size(); start += kBlock) {
      const std::size_t length = std::min(kBlock, columns.size() - start);
      for (std::size_t i = first; i < last; ++i) {
        count(rows.bits.data() + i * rows.words, columns.bits.data() + start * rows.words,
              rows.words, length, shared.data());
        for (std::size_t j = 0; j < length; ++j)
          take(i, start + j, tanimoto(rows.set_bits[i], columns.set_bits[start + j], shared[j]));
      }
    }
  });
}

}  // namespace

Fingerprints fingerprints(const DescribedMolecules& molecules, std::size_t length) {
  Fingerprints result;
  result.words = length / 64;
  result.bits.resize(molecules.size() * result.words, 0);
  for (std::size_t i = 0; i < molecules.size(); ++i) {
    std::uint64_t* own = result.bits.data() + i * result.words;
    for (std::size_t w = 0; w < molecules[i]->bits.size(); ++w)
      own[w % result.words] |= molecules[i]->bits[w];
    std::int32_t set_bits = 0;
    for (std::size_t w = 0; w < result.words; ++w) set_bits += std::popcount(own[w]);
    result.set_bits.push_back(set_bits);
  }
  return result;
}

std::vector<double> nearest(const Fingerprints& of, const Fingerprints& among) {
  if (among.size() == 0) throw DataError("metric-empty", "there are no molecules to compare with");
  std::vector<double> largest(of.size(), 0);
  for_each_pair(of, among, [&](std::size_t i, std::size_t, double value) {
    largest[i] = std::max(largest[i], value);
  });
  return largest;
}

std::vector<double> nearest_other(const Fingerprints& set) {
  std::vector<double> largest(set.size(), 0);
  for_each_pair(set, set, [&](std::size_t i, std::size_t j, double value) {
    if (i != j) largest[i] = std::max(largest[i], value);
  });
  return largest;
}

std::vector<MeanSimilarity> mean_within(const Fingerprints& set) {
  std::vector<MeanSimilarity> result(set.size());
  for_each_pair(set, set, [&](std::size_t i, std::size_t, double value) {
    result[i].mean += value;
    result[i].mean_of_squares += value * value;
  });
  for (MeanSimilarity& item : result) {
    item.mean /= static_cast<double>(set.size());
    item.mean_of_squares /= static_cast<double>(set.size());
  }
  return result;
}

}  // namespace equigen::similarity
