// SPDX-License-Identifier: MIT
#include "crystal_generator/crystal_tensors.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"
#include "equigen/molecule/molecule.h"

namespace equigen::crystal_generator {
namespace {

constexpr int kLargestAtomicNumber = 118;

/// Vectors [3, 3] float64, turned into the standard orientation.
Lattice upright(const at::Tensor& vectors) {
  const auto row = vectors.accessor<double, 2>();
  Matrix3 matrix{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j)
      matrix[i][j] = row[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(j)];
  }
  return Lattice::from_parameters(Lattice(matrix).parameters());
}

bool is_finite(const Crystal& crystal) {
  const auto finite = [](const Vector3& v) { return std::isfinite(v[0] + v[1] + v[2]); };
  return std::ranges::all_of(crystal.lattice.vectors(), finite) &&
         std::ranges::all_of(crystal.fractional_coordinates, finite);
}

template <typename Numbers>
std::string symbols_of(const Numbers& atomic_numbers) {
  std::vector<std::string> symbols;
  for (const int atomic_number : atomic_numbers)
    symbols.emplace_back(element_symbol(atomic_number));
  return text::join(symbols, ", ");
}

int listed_element(const std::string& symbol, const std::string& list) {
  const int number = atomic_number_of_element(symbol);
  if (number > 0) return number;
  throw ConfigError("crystal-generator-vocabulary",
                    fmt::format("'{}' in model.vocabulary '{}' is no element", symbol, list),
                    "give data, first_100, or symbols and ranges of them such as 'O, Ti, Sr' or "
                    "'H-Bi, Ac-Pu'");
}

}  // namespace

ElementVocabulary::ElementVocabulary(std::vector<int> atomic_numbers)
    : atomic_numbers_(std::move(atomic_numbers)), places_(kLargestAtomicNumber + 1, -1) {
  for (std::size_t place = 0; place < atomic_numbers_.size(); ++place)
    places_.at(static_cast<std::size_t>(atomic_numbers_[place])) = static_cast<std::int64_t>(place);
}

std::int64_t ElementVocabulary::place_of(int atomic_number) const {
  if (atomic_number < 0 || atomic_number > kLargestAtomicNumber) return -1;
  return places_[static_cast<std::size_t>(atomic_number)];
}

int ElementVocabulary::atomic_number_at(std::int64_t place) const {
  return atomic_numbers_.at(static_cast<std::size_t>(place));
}

std::string ElementVocabulary::text() const {
  constexpr std::size_t kFew = 12;
  if (atomic_numbers_.size() > kFew)
    return fmt::format("vocabulary of {} elements", atomic_numbers_.size());
  return "vocabulary " + symbols_of(atomic_numbers_);
}

std::string ElementVocabulary::unknown_among(std::span<const std::uint8_t> atomic_numbers) const {
  std::set<int> unknown;
  for (const auto atomic_number : atomic_numbers) {
    if (place_of(atomic_number) < 0) unknown.insert(atomic_number);
  }
  if (unknown.empty()) return {};
  return fmt::format("{} {}", unknown.size() == 1 ? "element" : "elements", symbols_of(unknown));
}

std::vector<int> listed_elements(const std::string& list) {
  std::string separated = list;
  std::ranges::replace(separated, ',', ' ');
  std::set<int> numbers;
  for (const auto& piece : text::split(separated, ' ')) {
    if (piece.empty()) continue;
    const std::string range(piece);
    const auto dash = range.find('-');
    const int first = listed_element(range.substr(0, dash), list);
    const int last =
        dash == std::string::npos ? first : listed_element(range.substr(dash + 1), list);
    for (int number = first; number <= last; ++number) numbers.insert(number);
  }
  if (numbers.empty()) listed_element("", list);
  return {numbers.begin(), numbers.end()};
}

std::string misfit(const Sample& sample, const ElementVocabulary& vocabulary) {
  const auto* crystal = std::get_if<Crystal>(&sample.structure);
  if (crystal == nullptr) return fmt::format("a {} is not a crystal", structure_kind(sample));
  if (crystal->size() == 0) return "it has no atoms";
  const std::string unknown = vocabulary.unknown_among(crystal->atomic_numbers);
  if (!unknown.empty()) return fmt::format("{} outside the {}", unknown, vocabulary.text());
  if (!(crystal->lattice.volume() > 0)) return "its lattice has no volume";
  return {};
}

Batch to_tensors(std::span<const Sample> samples, const ElementVocabulary& vocabulary) {
  std::vector<std::int64_t> sizes;
  std::vector<float> coordinates;
  std::vector<float> lattice;
  std::vector<std::int64_t> elements;
  for (const Sample& sample : samples) {
    const std::string reason = misfit(sample, vocabulary);
    if (!reason.empty())
      throw DataError("crystal-misfit", "a crystal cannot be trained on: " + reason);
    const Crystal& crystal = crystal_in(sample);
    sizes.push_back(static_cast<std::int64_t>(crystal.size()));
    const LatticeParameters parameters = crystal.lattice.parameters();
    for (const double length : parameters.lengths) lattice.push_back(static_cast<float>(length));
    for (const double angle : parameters.angles) lattice.push_back(static_cast<float>(angle));
    for (const Vector3& site : crystal.fractional_coordinates) {
      for (const double coordinate : wrapped(site))
        coordinates.push_back(static_cast<float>(coordinate));
    }
    for (const auto atomic_number : crystal.atomic_numbers)
      elements.push_back(vocabulary.place_of(atomic_number));
  }
  return {{"sizes", torch::tensor(sizes, torch::kLong)},
          {"fractional_coordinates", torch::tensor(coordinates).view({-1, 3})},
          {"lattice", torch::tensor(lattice).view({-1, 6})},
          {"elements", torch::tensor(elements, torch::kLong)}};
}

std::vector<Sample> to_crystals(std::span<const std::int64_t> sizes,
                                const at::Tensor& fractional_coordinates, const at::Tensor& vectors,
                                const at::Tensor& elements, const ElementVocabulary& vocabulary) {
  const at::Tensor positions = fractional_coordinates.to(torch::kFloat64).cpu().contiguous();
  const at::Tensor lattices = vectors.to(torch::kFloat64).cpu().contiguous();
  const at::Tensor places = elements.cpu().contiguous();
  const auto position = positions.accessor<double, 2>();
  const auto place = places.accessor<std::int64_t, 1>();
  std::vector<Sample> samples;
  std::int64_t atom = 0;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    Crystal crystal;
    crystal.lattice = upright(lattices[static_cast<std::int64_t>(b)]);
    for (std::int64_t end = atom + sizes[b]; atom < end; ++atom) {
      crystal.fractional_coordinates.push_back(
          wrapped({position[atom][0], position[atom][1], position[atom][2]}));
      crystal.atomic_numbers.push_back(
          static_cast<std::uint8_t>(vocabulary.atomic_number_at(place[atom])));
    }
    samples.push_back({is_finite(crystal) ? std::move(crystal) : Crystal{}, {}});
  }
  return samples;
}

}  // namespace equigen::crystal_generator
