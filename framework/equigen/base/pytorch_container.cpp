// SPDX-License-Identifier: MIT
#include "equigen/base/pytorch_container.h"

#include <fmt/format.h>
#include <zip.h>

#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/file.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestPickle = std::uint64_t{64} << 20;
/// torch.save() stores without compression; a repacked archive of real weights shrinks little.
constexpr std::uint64_t kLargestExpansion = 100;
constexpr std::uint64_t kLargestLegacyFile = std::uint64_t{64} << 30;
/// 0x1950a86a20f9469cfc6c, the first pickle of the older format.
constexpr std::string_view kLegacyMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);
constexpr std::int64_t kLegacyProtocol = 1001;

[[noreturn]] void fail(const std::string& source, const std::string& message) {
  throw DataError("pytorch-file", fmt::format("{}: {}", source, message),
                  "the file is damaged or incomplete, or was not written by torch.save()");
}

/// Functions that only build plain values; what they would do is done by the reader itself.
bool is_harmless(const std::string& function) {
  static const std::set<std::string> names = {
      "collections.OrderedDict",
      "collections.defaultdict",
      "torch._utils._rebuild_tensor",
      "torch._utils._rebuild_tensor_v2",
      "torch._utils._rebuild_parameter",
      "torch._utils._rebuild_parameter_with_state",
      "torch.Size",
      "torch.device",
      "torch.serialization._get_layout",
      "numpy.core.multiarray.scalar",
      "numpy._core.multiarray.scalar",
      "numpy.core.multiarray._reconstruct",
      "numpy._core.multiarray._reconstruct",
      "numpy.dtype",
      "_codecs.encode",
      "copyreg._reconstructor",
      "copy_reg._reconstructor",
      "builtins.set",
      "builtins.frozenset",
      "builtins.list",
      "builtins.dict",
      "builtins.tuple",
      "__builtin__.set",
      "__builtin__.frozenset",
      "__builtin__.list",
      "__builtin__.dict",
      "argparse.Namespace",
      "pathlib.Path",
      "pathlib.PosixPath",
      "pathlib.PurePosixPath",
      "datetime.datetime",
      "datetime.date",
      "datetime.timedelta",
  };
  return names.contains(function);
}

struct ZipCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip_t, ZipCloser>;

class ZipReader {
 public:
  explicit ZipReader(const fs::path& path)
      : source_(path.string()), file_size_(fs::file_size(path)) {
    int code = 0;
    archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (!archive_) fail(source_, "the zip archive cannot be read");
    const auto count = zip_get_num_entries(archive_.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
      if (name != nullptr) entries_[name] = static_cast<zip_uint64_t>(i);
    }
  }

  PytorchContainer read() {
    const std::string folder = find_folder();
    if (entries_.contains(folder + "constants.pkl")) {
      throw DataError("pytorch-torchscript",
                      fmt::format("{} is a TorchScript programme, not a checkpoint", source_),
                      "save the module's state_dict() with torch.save() instead");
    }
    if (entries_.contains(folder + "byteorder") &&
        read_entry(folder + "byteorder", 16) != "little") {
      fail(source_, "it was written on a big-endian machine, which is not supported");
    }
    PytorchContainer container;
    container.document =
        pickle::parse(read_entry(folder + "data.pkl", kLargestPickle), source_, is_harmless);
    const std::string prefix = folder + "data/";
    for (const auto& [name, index] : entries_) {
      if (!name.starts_with(prefix)) continue;
      container.storages[name.substr(prefix.size())] =
          read_entry(name, file_size_ * kLargestExpansion);
    }
    return container;
  }

 private:
  std::string find_folder() const {
    for (const auto& [name, index] : entries_) {
      if (name == "data.pkl") return "";
      if (name.ends_with("/data.pkl")) return name.substr(0, name.size() - 8);
    }
    fail(source_, "the zip archive has no data.pkl");
  }

  std::string read_entry(const std::string& name, std::uint64_t limit) {
    zip_stat_t info;
    zip_stat_init(&info);
    const auto index = entries_.at(name);
    if (zip_stat_index(archive_.get(), index, 0, &info) != 0) fail(source_, "damaged archive");
    total_ += info.size;
    if (info.size > limit || total_ > file_size_ * kLargestExpansion + kLargestPickle) {
      fail(source_, fmt::format("entry {} is larger than it can be", name));
    }
    const std::unique_ptr<zip_file_t, ZipCloser> entry(zip_fopen_index(archive_.get(), index, 0));
    std::string content(info.size, '\0');
    // libzip checks the entry's CRC when its end is read.
    const auto count = entry ? zip_fread(entry.get(), content.data(), content.size()) : -1;
    char beyond = 0;
    if (count != static_cast<zip_int64_t>(info.size) || zip_fread(entry.get(), &beyond, 1) != 0) {
      fail(source_, fmt::format("entry {} is damaged", name));
    }
    return content;
  }

  std::string source_;
  std::uint64_t file_size_;
  std::uint64_t total_ = 0;
  Archive archive_;
  std::map<std::string, zip_uint64_t> entries_;
};

/// The older format: magic number, protocol version, system information, the pickle, the list of
/// storage keys, then each storage's count of items and bytes.
class LegacyReader {
 public:
  LegacyReader(std::string_view bytes, std::string source)
      : bytes_(bytes), source_(std::move(source)) {}

  PytorchContainer read() {
    next_pickle();
    const auto version = next_pickle();
    if (version.top().integer != kLegacyProtocol) fail(source_, "unknown version of the format");
    const auto system = next_pickle();
    for (const auto& [key, value] : system.top().pairs) {
      if (system.at(key).text == "little_endian" && system.at(value).integer == 0) {
        fail(source_, "it was written on a big-endian machine, which is not supported");
      }
    }
    PytorchContainer container;
    container.document = next_pickle();
    const auto item_sizes = sizes_of_storages(container.document);
    const auto keys = next_pickle();
    for (const auto id : keys.top().items) {
      const std::string& key = keys.at(id).text;
      const auto size = item_sizes.find(key);
      if (size == item_sizes.end()) fail(source_, fmt::format("storage {} belongs nowhere", key));
      container.storages[key] = next_storage(size->second);
    }
    return container;
  }

 private:
  pickle::Document next_pickle() {
    auto document =
        pickle::parse(bytes_.substr(0, std::min<std::size_t>(bytes_.size(), kLargestPickle)),
                      source_, is_harmless);
    bytes_.remove_prefix(document.size);
    return document;
  }

  std::map<std::string, std::int64_t> sizes_of_storages(const pickle::Document& document) const {
    std::map<std::string, std::int64_t> sizes;
    for (const auto& node : document.nodes) {
      if (node.kind != pickle::Node::Kind::persistent) continue;
      const auto& identifier = document.at(*node.arguments);
      if (identifier.items.size() < 5) continue;
      sizes[document.at(identifier.items[2]).text] =
          storage_item_size(document.at(identifier.items[1]).text);
    }
    return sizes;
  }

  std::string next_storage(std::int64_t item_size) {
    std::uint64_t count = 0;
    if (bytes_.size() < sizeof count) fail(source_, "it ends before the last tensor");
    std::memcpy(&count, bytes_.data(), sizeof count);
    bytes_.remove_prefix(sizeof count);
    if (item_size == 0) fail(source_, "it holds tensors of an unknown type");
    if (count > bytes_.size() / static_cast<std::uint64_t>(item_size)) {
      fail(source_, "it ends before the last tensor");
    }
    const auto size = count * static_cast<std::uint64_t>(item_size);
    std::string content(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return content;
  }

  std::string_view bytes_;
  std::string source_;
};

std::string first_bytes(const fs::path& path) {
  std::array<char, 4> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), start.size());
  return {start.data(), static_cast<std::size_t>(file.gcount())};
}

bool is_legacy(std::string_view bytes) {
  // PROTO 2, LONG1 of ten bytes, STOP.
  constexpr std::size_t kStart = 4;
  return bytes.size() > kStart + kLegacyMagic.size() && bytes[0] == '\x80' &&
         bytes.substr(kStart, kLegacyMagic.size()) == kLegacyMagic;
}

}  // namespace

std::int64_t storage_item_size(const std::string& storage_class) {
  static const std::map<std::string, std::int64_t> sizes = {
      {"torch.DoubleStorage", 8}, {"torch.FloatStorage", 4},    {"torch.HalfStorage", 2},
      {"torch.LongStorage", 8},   {"torch.IntStorage", 4},      {"torch.ShortStorage", 2},
      {"torch.CharStorage", 1},   {"torch.BFloat16Storage", 2}, {"torch.ByteStorage", 1},
      {"torch.BoolStorage", 1},
  };
  // Storages on a GPU were saved as torch.cuda.FloatStorage by old versions.
  std::string name = storage_class;
  if (name.starts_with("torch.cuda.")) name.replace(0, 11, "torch.");
  const auto found = sizes.find(name);
  return found == sizes.end() ? 0 : found->second;
}

PytorchContainer read_pytorch_container(const fs::path& path) {
  if (first_bytes(path) == "PK\x03\x04") return ZipReader(path).read();
  const std::string bytes = read_file(path, kLargestLegacyFile);
  if (is_legacy(bytes)) return LegacyReader(bytes, path.string()).read();
  if (bytes.starts_with("version https://git-lfs")) {
    throw DataError("file-lfs-pointer",
                    fmt::format("{} is a Git LFS pointer, not the file itself", path.string()),
                    "run `git lfs pull` where you got it, or download the file itself");
  }
  fail(path.string(), "it is no file of torch.save(), neither the zip nor the older format");
}

}  // namespace equigen
