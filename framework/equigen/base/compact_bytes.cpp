// SPDX-License-Identifier: MIT
#include "equigen/base/compact_bytes.h"

#include <bit>

#include "equigen/base/file.h"

namespace equigen {
namespace {

constexpr std::size_t kDigestLength = 64;

}  // namespace

void CompactWriter::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
  bytes_ += static_cast<char>(value);
}

void CompactWriter::signed_number(std::int64_t value) {
  number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

void CompactWriter::real(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(bits >> shift);
}

void CompactWriter::text(std::string_view value) {
  number(value.size());
  bytes_ += value;
}

std::uint64_t CompactReader::number() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1).front());
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  throw Damaged();
}

std::size_t CompactReader::count() {
  const auto value = number();
  if (value > bytes_.size()) throw Damaged();
  return value;
}

std::int64_t CompactReader::signed_number() {
  const auto value = number();
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

double CompactReader::real() {
  std::uint64_t bits = 0;
  const auto part = take(8);
  for (std::size_t i = 8; i > 0; --i) bits = bits << 8 | static_cast<unsigned char>(part[i - 1]);
  return std::bit_cast<double>(bits);
}

std::string_view CompactReader::take(std::size_t size) {
  if (size > bytes_.size()) throw Damaged();
  const auto part = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return part;
}

std::string sealed(std::string bytes) {
  bytes += sha256(bytes);
  return bytes;
}

std::optional<std::string_view> opened(std::string_view bytes, std::string_view heading) {
  if (bytes.size() < heading.size() + kDigestLength || !bytes.starts_with(heading)) return {};
  const auto body = bytes.substr(0, bytes.size() - kDigestLength);
  if (sha256(body) != bytes.substr(body.size())) return {};
  return body.substr(heading.size());
}

}  // namespace equigen
