// SPDX-License-Identifier: MIT
#include "equigen/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

struct GzCloser {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzHandle = std::unique_ptr<gzFile_s, GzCloser>;

GzHandle open_for_reading(const fs::path& path) {
  std::error_code failure;
  const auto status = fs::status(path, failure);
  if (!fs::exists(status)) {
    throw DataError("file-missing", fmt::format("there is no file {}", path.string()));
  }
  if (fs::is_directory(status)) {
    throw DataError("file-is-folder", fmt::format("{} is a folder, not a file", path.string()));
  }
  errno = 0;
  GzHandle file(gzopen(path.c_str(), "rb"));
  if (!file) {
    throw DataError("file-unreadable",
                    fmt::format("cannot open {}: {}", path.string(), std::strerror(errno)));
  }
  gzbuffer(file.get(), 1U << 17);
  return file;
}

std::size_t read_some(gzFile file, const fs::path& path, std::span<char> buffer) {
  const int count = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()));
  int code = Z_OK;
  const char* message = gzerror(file, &code);
  if (count < 0 || code == Z_BUF_ERROR) {
    throw DataError("file-damaged",
                    fmt::format("cannot read {}: {}", path.string(),
                                code == Z_BUF_ERROR ? "the gzip stream ends too early" : message),
                    "the file is damaged or incomplete; get it again");
  }
  return static_cast<std::size_t>(count);
}

[[noreturn]] void fail_writing(const fs::path& path, int code) {
  throw ResourceError("file-write",
                      fmt::format("cannot write {}: {}", path.string(), std::strerror(code)),
                      code == ENOSPC ? "the disk is full; free some space and run again"
                                     : "check the folder's permissions, or choose another one");
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

void write_all(int descriptor, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_writing(path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_synced(const fs::path& temporary, std::string_view content, const fs::path& path) {
  const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) fail_writing(path, errno);
  write_all(file.get(), content, path);
  if (::fsync(file.get()) != 0) fail_writing(path, errno);
}

void sync_folder(const fs::path& folder) {
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
}

struct DigestDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

class Digest {
 public:
  explicit Digest(const EVP_MD* method) : context_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(context_.get(), method, nullptr);
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string hexadecimal() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &length);
    return fmt::format("{:02x}", fmt::join(std::span(digest).first(length), ""));
  }

 private:
  std::unique_ptr<EVP_MD_CTX, DigestDeleter> context_;
};

std::string digest_of_file(const fs::path& path, const EVP_MD* method) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    throw DataError("file-missing",
                    fmt::format("cannot open {}: {}", path.string(), std::strerror(errno)));
  }
  Digest digest(method);
  std::vector<char> buffer(1U << 20);
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0) {
      throw DataError("file-unreadable",
                      fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
    }
    if (count == 0) return digest.hexadecimal();
    digest.add({buffer.data(), static_cast<std::size_t>(count)});
  }
}

}  // namespace

std::string read_file(const fs::path& path, std::uint64_t limit) {
  const auto file = open_for_reading(path);
  std::string content;
  std::vector<char> buffer(1U << 16);
  while (const std::size_t count = read_some(file.get(), path, buffer)) {
    content.append(buffer.data(), count);
    if (content.size() > limit) {
      throw DataError("file-too-large",
                      fmt::format("{} holds more than {} bytes", path.string(), limit));
    }
  }
  return content;
}

void read_lines(const fs::path& path,
                const std::function<bool(std::string_view, std::int64_t)>& line) {
  const auto file = open_for_reading(path);
  std::vector<char> buffer(1U << 16);
  std::string pending;
  std::int64_t number = 0;
  const auto deliver = [&](std::string_view text) {
    if (text.ends_with('\r')) text.remove_suffix(1);
    return line(text, ++number);
  };
  while (const std::size_t count = read_some(file.get(), path, buffer)) {
    std::string_view chunk(buffer.data(), count);
    for (auto end = chunk.find('\n'); end != std::string_view::npos; end = chunk.find('\n')) {
      pending.append(chunk.substr(0, end));
      if (!deliver(pending)) return;
      pending.clear();
      chunk.remove_prefix(end + 1);
    }
    pending.append(chunk);
  }
  if (!pending.empty()) deliver(pending);
}

void write_file_atomically(const fs::path& path, std::string_view content) {
  const std::string compressed = path.extension() == ".gz" ? gzip_compress(content) : std::string{};
  const std::string_view bytes = path.extension() == ".gz" ? compressed : content;
  if (path.has_parent_path()) make_folder(path.parent_path());
  const fs::path temporary = path.string() + fmt::format(".{}.tmp", ::getpid());
  try {
    write_synced(temporary, bytes, path);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail_writing(path, errno);
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

void make_folder(const fs::path& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) {
    throw ResourceError(
        "folder-make",
        fmt::format("cannot make the folder {}: {}", path.string(), failure.message()),
        "check the permissions, or choose another folder");
  }
}

std::string sha256(std::string_view bytes) {
  Digest digest(EVP_sha256());
  digest.add(bytes);
  return digest.hexadecimal();
}

std::string sha256_of_file(const fs::path& path) {
  return digest_of_file(path, EVP_sha256());
}

std::string md5_of_file(const fs::path& path) {
  return digest_of_file(path, EVP_md5());
}

fs::path without_gz(const fs::path& path) {
  return text::lower(path.extension().string()) == ".gz" ? fs::path(path).replace_extension()
                                                         : path;
}

std::string format_extension(const fs::path& path) {
  return text::lower(without_gz(path).extension().string());
}

std::string gzip_compress(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzipFormat = 15 + 16;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipFormat, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw ResourceError("gzip", "cannot start gzip compression: out of memory");
  }
  std::string result(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

fs::path cache_folder() {
  if (const char* folder = std::getenv("XDG_CACHE_HOME"); folder && *folder) {
    return fs::path(folder) / "equigen";
  }
  if (const char* home = std::getenv("HOME"); home && *home) {
    return fs::path(home) / ".cache" / "equigen";
  }
  return fs::temp_directory_path() / "equigen-cache";
}

}  // namespace equigen
