// SPDX-License-Identifier: MIT
#include "equigen/base/tar_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"

namespace equigen {
namespace {

constexpr std::size_t kBlock = 512;

// POSIX.1-1988, ustar: where fields of a header begin, and how long they are.
struct Field {
  std::size_t at, length;
};
constexpr Field kName{0, 100}, kSize{124, 12}, kChecksum{148, 8}, kType{156, 1}, kMagic{257, 5},
    kPrefix{345, 155};

std::string_view bytes_of(std::string_view header, Field field) {
  return header.substr(field.at, field.length);
}

/// Up to the first zero byte.
std::string_view text_of(std::string_view header, Field field) {
  const auto bytes = bytes_of(header, field);
  return bytes.substr(0, bytes.find('\0'));
}

/// Octal digits, or, for what is too large for them, big-endian bytes behind a set highest bit.
std::optional<std::uint64_t> number_in(std::string_view bytes) {
  std::uint64_t value = 0;
  const bool is_binary = !bytes.empty() && (static_cast<unsigned char>(bytes.front()) & 0x80) != 0;
  if (is_binary) {
    for (const char byte : bytes.substr(1)) {
      if (value >> 56 != 0) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(byte);
    }
    return value;
  }
  const auto digits = text::trim(bytes.substr(0, bytes.find('\0')));
  for (const char digit : digits) {
    if (digit < '0' || digit > '7') return std::nullopt;
    value = value << 3 | static_cast<std::uint64_t>(digit - '0');
  }
  return value;
}

/// The sum of a header's bytes, its own field counted as blanks.
std::uint64_t checksum_of(std::string_view header) {
  std::uint64_t sum = kChecksum.length * ' ';
  for (std::size_t i = 0; i < header.size(); ++i)
    if (i < kChecksum.at || i >= kChecksum.at + kChecksum.length)
      sum += static_cast<unsigned char>(header[i]);
  return sum;
}

/// The value of a key in a pax header: lines "LENGTH KEY=VALUE".
std::optional<std::string> pax_value(std::string_view records, std::string_view key) {
  std::optional<std::string> found;
  while (!records.empty()) {
    const auto blank = records.find(' ');
    const auto length = text::to_integer(records.substr(0, blank));
    if (blank == std::string_view::npos || !length ||
        *length <= std::ssize(records.substr(0, blank)))
      break;
    const auto record = records.substr(0, static_cast<std::size_t>(*length));
    const auto pair = record.substr(blank + 1);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == key) {
      found = std::string(pair.substr(equals + 1));
      if (found->ends_with('\n')) found->pop_back();
    }
    records.remove_prefix(record.size());
  }
  return found;
}

/// Walks through the entries of an archive.
class TarReader {
 public:
  TarReader(std::string_view bytes, std::string source)
      : bytes_(bytes), source_(std::move(source)) {}

  struct Entry {
    std::string name;
    char type = '0';
    std::string_view content;

    [[nodiscard]] bool is_file() const { return type == '0' || type == '\0' || type == '7'; }
  };

  /// The next entry that is no extension of the one behind it.
  std::optional<Entry> next() {
    std::optional<std::string> name, size;
    while (at_ + kBlock <= bytes_.size()) {
      const auto header = bytes_.substr(at_, kBlock);
      if (std::ranges::all_of(header, [](char byte) { return byte == '\0'; })) return std::nullopt;
      check(header);
      at_ += kBlock;
      const char type = bytes_of(header, kType).front();
      const bool is_extension = type == 'x' || type == 'g' || type == 'L' || type == 'K';
      Entry entry{name.value_or(name_of(header)), type,
                  take(size_of(header, is_extension ? std::nullopt : size))};
      if (type == 'L') name = std::string(entry.content.substr(0, entry.content.find('\0')));
      if (type == 'x') {
        if (auto path = pax_value(entry.content, "path")) name = std::move(path);
        size = pax_value(entry.content, "size");
      }
      if (!is_extension) return entry;
    }
    if (at_ == 0 || at_ < bytes_.size()) refuse("it is cut off, or no tar archive");
    return std::nullopt;  // some programs leave out the empty blocks at the end
  }

 private:
  [[noreturn]] void refuse(std::string_view reason) const {
    throw DataError("tar-damaged", fmt::format("{} cannot be read: {}", source_, reason),
                    "get it again, or unpack it");
  }

  void check(std::string_view header) const {
    const auto stated = number_in(bytes_of(header, kChecksum));
    if (!stated || *stated != checksum_of(header))
      refuse(at_ == 0 ? "it is no tar archive" : "a header is damaged");
  }

  static std::string name_of(std::string_view header) {
    const std::string name(text_of(header, kName));
    const std::string prefix(text_of(header, kPrefix));
    const bool has_prefix = bytes_of(header, kMagic) == "ustar" && !prefix.empty() &&
                            header[kMagic.at + kMagic.length] == '\0';
    return has_prefix ? prefix + "/" + name : name;
  }

  std::uint64_t size_of(std::string_view header, const std::optional<std::string>& stated) const {
    if (stated) {
      const auto size = text::to_integer(*stated);
      if (!size || *size < 0) refuse("a size is no number");
      return static_cast<std::uint64_t>(*size);
    }
    const auto size = number_in(bytes_of(header, kSize));
    if (!size) refuse("a size is no number");
    return *size;
  }

  /// Content fills whole blocks.
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - at_) refuse("it is cut off");
    const auto content = bytes_.substr(at_, size);
    at_ = std::min(bytes_.size(), at_ + (size + kBlock - 1) / kBlock * kBlock);
    return content;
  }

  std::string_view bytes_;
  std::string source_;
  std::size_t at_ = 0;
};

}  // namespace

void for_each_tar_entry(const std::filesystem::path& path,
                        const std::function<bool(std::string_view)>& wanted,
                        const std::function<void(std::string_view, std::string)>& entry,
                        const std::function<void(std::string_view, std::string)>& skip,
                        std::uint64_t limit) {
  const std::string bytes = read_file(path);
  TarReader reader(bytes, path.string());
  while (const auto found = reader.next()) {
    if (!found->is_file() || found->name.ends_with('/') || !wanted(found->name)) continue;
    if (found->content.size() > limit)
      skip(found->name, fmt::format("larger than {} MB", limit >> 20));
    else
      entry(found->name, std::string(found->content));
  }
}

}  // namespace equigen
