// SPDX-License-Identifier: MIT
#include "equigen/base/gzip_members.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "equigen/base/error.h"

namespace equigen {
namespace {

constexpr int kGzipFormat = 15 + 16;
constexpr std::string_view kMagic = "\x1F\x8B";

struct InflateEnd {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

}  // namespace

void for_each_gzip_member(std::string_view bytes,
                          const std::function<void(std::string_view, std::size_t)>& member) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipFormat) != Z_OK) {
    throw ResourceError("gzip", "cannot start gzip decompression: out of memory");
  }
  const std::unique_ptr<z_stream, InflateEnd> end(&stream);
  std::vector<char> buffer(1U << 16);
  std::string text;
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto rest = bytes.substr(used);
    const auto given =
        static_cast<uInt>(std::min<std::size_t>(rest.size(), std::numeric_limits<uInt>::max()));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
    stream.avail_in = given;
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END) return;
    used += given - stream.avail_in;
    text.append(buffer.data(), buffer.size() - stream.avail_out);
    if (code == Z_STREAM_END) {
      member(text, used);
      text.clear();
      inflateReset(&stream);
    }
  }
}

Unpacked unpacked(std::string bytes, std::size_t limit) {
  if (!bytes.starts_with(kMagic)) return {std::move(bytes), {}};
  z_stream stream{};
  if (inflateInit2(&stream, kGzipFormat) != Z_OK)
    throw ResourceError("gzip", "cannot start gzip decompression: out of memory");
  const std::unique_ptr<z_stream, InflateEnd> end(&stream);
  Unpacked result;
  std::vector<char> buffer(1U << 16);
  std::size_t used = 0;
  while (result.problem.empty()) {
    const auto given = static_cast<uInt>(
        std::min<std::size_t>(bytes.size() - used, std::numeric_limits<uInt>::max()));
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data() + used);
    stream.avail_in = given;
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    used += given - stream.avail_in;
    result.text.append(buffer.data(), buffer.size() - stream.avail_out);
    if (result.text.size() > limit) {
      result.text.resize(limit);
      result.problem = "it unpacks to too many bytes";
    } else if (code == Z_STREAM_END) {
      // Padding behind the last member is no member.
      if (!std::string_view(bytes).substr(used).starts_with(kMagic)) break;
      inflateReset(&stream);
    } else if (code == Z_BUF_ERROR) {
      result.problem = "the gzip stream ends too early";
    } else if (code != Z_OK) {
      result.problem = "the gzip stream is damaged";
    }
  }
  return result;
}

}  // namespace equigen
