// SPDX-License-Identifier: MIT
#include "equigen/crystal/symmetry/symmetry_operation.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen {
namespace {

constexpr double kGrid = 24;  // translations of all space groups are multiples of 1/24
constexpr double kNearGrid = 0.0005;
constexpr std::size_t kLongest = 200;

class OperationParser {
 public:
  explicit OperationParser(std::string_view text) : whole_(text) {
    for (const char c : text.substr(0, kLongest + 1))
      if (c != ' ' && c != '\t') text_ += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }

  SymmetryOperation parse() {
    if (whole_.size() > kLongest) refuse();
    const auto parts = text::split(text_, ',');
    if (parts.size() != 3) refuse();
    SymmetryOperation operation;
    for (std::size_t row = 0; row < 3; ++row) {
      operation.rotation[row] = {0, 0, 0};
      operation.translation[row] = 0;
      parse_row(parts[row], operation.rotation[row], operation.translation[row]);
    }
    return operation;
  }

 private:
  [[noreturn]] void refuse() const {
    throw DataError("symmetry-operation",
                    fmt::format("'{}' is no symmetry operation", whole_.substr(0, 60)));
  }

  void parse_row(std::string_view row, std::array<int, 3>& rotation, double& translation) const {
    if (row.empty()) refuse();
    while (!row.empty()) {
      double sign = 1;
      if (row[0] == '+' || row[0] == '-') {
        sign = row[0] == '-' ? -1 : 1;
        row.remove_prefix(1);
      }
      const auto end = std::min(row.find_first_of("+-"), row.size());
      add_term(row.substr(0, end), sign, rotation, translation);
      row.remove_prefix(end);
    }
    const double steps = std::round(translation * kGrid);
    if (std::abs(translation - steps / kGrid) < kNearGrid) translation = steps / kGrid;
  }

  /// "x", "2x", "2*x", "1/2" or "0.25".
  void add_term(std::string_view term, double sign, std::array<int, 3>& rotation,
                double& translation) const {
    const auto axis = term.find_first_of("xyz");
    if (axis == std::string_view::npos) {
      translation += sign * number(term);
      return;
    }
    if (axis + 1 != term.size()) refuse();
    std::string_view factor = term.substr(0, axis);
    if (factor.ends_with('*')) factor.remove_suffix(1);
    const double value = factor.empty() ? 1.0 : number(factor);
    if (value != std::round(value) || value > 9) refuse();
    rotation[static_cast<std::size_t>(term[axis] - 'x')] += static_cast<int>(sign * value);
  }

  double number(std::string_view text) const {
    const auto slash = text.find('/');
    const auto top = text::to_real(text.substr(0, slash));
    const auto bottom = slash == std::string_view::npos ? std::optional<double>(1.0)
                                                        : text::to_real(text.substr(slash + 1));
    if (!top || !bottom || *bottom == 0) refuse();
    const double value = *top / *bottom;
    if (!std::isfinite(value) || std::abs(value) > 100) refuse();
    return value;
  }

  std::string_view whole_;
  std::string text_;
};

std::string fraction_text(double value) {
  const double steps = std::round(value * kGrid);
  if (std::abs(value * kGrid - steps) > 1e-9) return fmt::format("{:.6g}", value);
  const auto top = static_cast<std::int64_t>(steps);
  const auto divisor = std::gcd(top, static_cast<std::int64_t>(kGrid));
  const auto bottom = static_cast<std::int64_t>(kGrid) / divisor;
  return bottom == 1 ? fmt::format("{}", top / divisor)
                     : fmt::format("{}/{}", top / divisor, bottom);
}

}  // namespace

Vector3 SymmetryOperation::operator()(const Vector3& x) const {
  Vector3 image = translation;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      image[row] += rotation[row][column] * x[column];
  return image;
}

SymmetryOperation operator*(const SymmetryOperation& first, const SymmetryOperation& second) {
  SymmetryOperation product;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column) {
      product.rotation[row][column] = 0;
      for (std::size_t k = 0; k < 3; ++k)
        product.rotation[row][column] += first.rotation[row][k] * second.rotation[k][column];
    }
  product.translation = first(second.translation);
  return product;
}

SymmetryOperation parse_symmetry_operation(std::string_view text) {
  return OperationParser(text).parse();
}

std::string to_text(const SymmetryOperation& operation) {
  std::string text;
  for (std::size_t row = 0; row < 3; ++row) {
    std::string part;
    for (std::size_t column = 0; column < 3; ++column) {
      const int factor = operation.rotation[row][column];
      if (factor == 0) continue;
      if (factor < 0)
        part += '-';
      else if (!part.empty())
        part += '+';
      if (std::abs(factor) != 1) part += std::to_string(std::abs(factor));
      part += static_cast<char>('x' + column);
    }
    const double shift = operation.translation[row];
    if (part.empty() || shift != 0) {
      const std::string amount = fraction_text(shift);
      if (!part.empty() && !amount.starts_with('-')) part += '+';
      part += amount;
    }
    if (row > 0) text += ',';
    text += part;
  }
  return text;
}

}  // namespace equigen
