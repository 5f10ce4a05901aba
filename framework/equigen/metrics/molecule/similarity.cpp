// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/similarity.h"

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <span>

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

/// A run of fingerprints one behind the other.
struct Run {
  const std::uint64_t* bits;
  const std::int32_t* set_bits;
  std::size_t count;
};

EQUIGEN_ALWAYS_INLINE void compare(const std::uint64_t* own, std::int32_t own_set_bits,
                                   std::size_t words, const Run& others, double* similarities) {
  std::array<std::int32_t, kBlock> shared;
  for (std::size_t j = 0; j < others.count; ++j) {
    std::int64_t sum = 0;
    for (std::size_t w = 0; w < words; ++w)
      sum += std::popcount(own[w] & others.bits[j * words + w]);
    shared[j] = static_cast<std::int32_t>(sum);
  }
  for (std::size_t j = 0; j < others.count; ++j) {
    const std::int32_t either = own_set_bits + others.set_bits[j] - shared[j];
    // Two empty ones are equal.
    const std::int32_t empty = either == 0;
    similarities[j] = static_cast<double>(shared[j] + empty) / static_cast<double>(either + empty);
  }
}

using Compare = void (*)(const std::uint64_t*, std::int32_t, std::size_t, const Run&, double*);

void compare_plain(const std::uint64_t* own, std::int32_t own_set_bits, std::size_t words,
                   const Run& others, double* similarities) {
  compare(own, own_set_bits, words, others, similarities);
}

#if defined(__x86_64__) && defined(__GNUC__)
// The program is built for every x86-64; most have an instruction that counts bits.
__attribute__((target("popcnt"))) void compare_popcnt(const std::uint64_t* own,
                                                      std::int32_t own_set_bits, std::size_t words,
                                                      const Run& others, double* similarities) {
  compare(own, own_set_bits, words, others, similarities);
}

__attribute__((target("avx512f,avx512vl,avx512vpopcntdq"))) void compare_avx512(
    const std::uint64_t* own, std::int32_t own_set_bits, std::size_t words, const Run& others,
    double* similarities) {
  compare(own, own_set_bits, words, others, similarities);
}

Compare fastest() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512vl"))
    return compare_avx512;
  if (__builtin_cpu_supports("popcnt")) return compare_popcnt;
  return compare_plain;
}
#else
Compare fastest() {
  return compare_plain;
}
#endif

std::size_t block_count(const Fingerprints& set) {
  return (set.size() + kBlock - 1) / kBlock;
}

const std::uint64_t* bits_of(const Fingerprints& set, std::size_t i) {
  return set.bits.data() + i * set.words;
}

Run run_of(const Fingerprints& set, std::size_t first, std::size_t last) {
  return {bits_of(set, first), set.set_bits.data() + first, last > first ? last - first : 0};
}

/// Calls `take(i, first_j, similarities)` until every pair was there; those of one i are taken by
/// one thread, j ascending.
template <typename Take>
void for_each_run(const Fingerprints& rows, const Fingerprints& columns, const Take& take) {
  static const Compare compare_run = fastest();
  parallel_for(static_cast<std::int64_t>(block_count(rows)), [&](std::int64_t block) {
    std::array<double, kBlock> similarities;
    const std::size_t first = static_cast<std::size_t>(block) * kBlock;
    const std::size_t last = std::min(first + kBlock, rows.size());
    for (std::size_t start = 0; start < columns.size(); start += kBlock) {
      const Run run = run_of(columns, start, std::min(start + kBlock, columns.size()));
      for (std::size_t i = first; i < last; ++i) {
        compare_run(bits_of(rows, i), rows.set_bits[i], rows.words, run, similarities.data());
        take(i, start, std::span(similarities).first(run.count));
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
  for_each_run(of, among, [&](std::size_t i, std::size_t, std::span<const double> similarities) {
    largest[i] = std::max(largest[i], std::ranges::max(similarities));
  });
  return largest;
}

std::vector<double> nearest_other(const Fingerprints& set) {
  const Compare compare_run = fastest();
  std::vector<double> largest(set.size(), 0);
  std::mutex mutex;
  parallel_for(static_cast<std::int64_t>(block_count(set)), [&](std::int64_t block) {
    // Each pair once: it counts for both. The largest is the same whichever comes first.
    std::vector<double> found(set.size(), 0);
    std::array<double, kBlock> similarities;
    const std::size_t first = static_cast<std::size_t>(block) * kBlock;
    for (std::size_t start = first; start < set.size(); start += kBlock) {
      for (std::size_t i = first; i < std::min(first + kBlock, set.size()); ++i) {
        const std::size_t from = std::max(start, i + 1);
        const Run run = run_of(set, from, std::min(start + kBlock, set.size()));
        compare_run(bits_of(set, i), set.set_bits[i], set.words, run, similarities.data());
        for (std::size_t j = 0; j < run.count; ++j) {
          found[i] = std::max(found[i], similarities[j]);
          found[from + j] = std::max(found[from + j], similarities[j]);
        }
      }
    }
    const std::lock_guard lock(mutex);
    for (std::size_t i = first; i < set.size(); ++i) largest[i] = std::max(largest[i], found[i]);
  });
  return largest;
}

std::vector<MeanSimilarity> mean_within(const Fingerprints& set) {
  std::vector<MeanSimilarity> result(set.size());
  for_each_run(set, set, [&](std::size_t i, std::size_t, std::span<const double> similarities) {
    MeanSimilarity sums = result[i];
    for (const double value : similarities) {
      sums.mean += value;
      sums.mean_of_squares += value * value;
    }
    result[i] = sums;
  });
  for (MeanSimilarity& item : result) {
    item.mean /= static_cast<double>(set.size());
    item.mean_of_squares /= static_cast<double>(set.size());
  }
  return result;
}

}  // namespace equigen::similarity
