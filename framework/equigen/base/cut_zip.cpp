// SPDX-License-Identifier: MIT
#include "equigen/base/cut_zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace equigen {
namespace {

// A local file header, APPNOTE.TXT 4.3.7.
constexpr std::string_view kHeader("PK\3\4", 4);
constexpr std::size_t kHeaderSize = 30;
constexpr std::uint64_t kEncrypted = 1, kSizesBehind = 8;
constexpr std::uint64_t kStored = 0, kDeflated = 8;
constexpr std::uint64_t kIn64Bits = 0xFFFFFFFF;
constexpr std::uint64_t kLargestRatio = 1032;  // of deflate

struct InflateEnder {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

/// Exactly `size` bytes, or nothing.
std::optional<std::string> inflated(std::string_view packed, std::uint64_t size) {
  if (size > (packed.size() + 1) * kLargestRatio) return std::nullopt;
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return std::nullopt;
  const std::unique_ptr<z_stream, InflateEnder> ender(&stream);
  std::string source(packed), content(size + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = static_cast<uInt>(content.size());
  if (inflate(&stream, Z_FINISH) != Z_STREAM_END || stream.total_out != size) return std::nullopt;
  content.resize(size);
  return content;
}

struct Header {
  std::uint64_t flags, method, checksum, packed_size, size;
  std::string_view name;
  std::size_t data;  ///< where the content begins

  explicit Header(std::string_view bytes)
      : flags(number_at(bytes, 6, 2)),
        method(number_at(bytes, 8, 2)),
        checksum(number_at(bytes, 14, 4)),
        packed_size(number_at(bytes, 18, 4)),
        size(number_at(bytes, 22, 4)),
        name(bytes.substr(kHeaderSize, number_at(bytes, 26, 2))),
        data(kHeaderSize + number_at(bytes, 26, 2) + number_at(bytes, 28, 2)) {}

  [[nodiscard]] bool tells_sizes() const {
    return (flags & kSizesBehind) == 0 && packed_size != kIn64Bits && size != kIn64Bits;
  }
};

/// The content, or nothing where it is damaged or stored in a way that is not known.
std::optional<std::string> content_of(const Header& header, std::string_view packed) {
  if ((header.flags & kEncrypted) != 0) return std::nullopt;
  std::optional<std::string> content;
  if (header.method == kDeflated) content = inflated(packed, header.size);
  if (header.method == kStored && packed.size() == header.size) content = std::string(packed);
  if (!content) return std::nullopt;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(content->data()), static_cast<uInt>(content->size()));
  return sum == header.checksum ? content : std::nullopt;
}

}  // namespace

bool for_each_entry_of_cut_zip(std::string_view bytes,
                               const std::function<bool(std::string_view)>& wanted,
                               const std::function<void(std::string_view, std::string)>& entry,
                               const std::function<void(std::string_view, std::string)>& skip,
                               std::uint64_t limit) {
  if (!bytes.starts_with(kHeader) || bytes.size() < kHeaderSize) return false;
  while (bytes.size() >= kHeaderSize && bytes.starts_with(kHeader)) {
    const Header header(bytes);
    if (!header.tells_sizes() || header.data > bytes.size() ||
        header.packed_size > bytes.size() - header.data)
      break;
    const auto packed = bytes.substr(header.data, header.packed_size);
    if (!header.name.ends_with('/') && wanted(header.name)) {
      if (header.size > limit)
        skip(header.name, fmt::format("larger than {} MB", limit >> 20));
      else if (auto content = content_of(header, packed))
        entry(header.name, std::move(*content));
      else
        skip(header.name, "its bytes are damaged");
    }
    bytes.remove_prefix(header.data + header.packed_size);
  }
  skip("", "the archive is cut off here; what follows is lost");
  return true;
}

}  // namespace equigen
