// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace equigen {

/// Reads a whole file; one that starts with gzip's magic bytes is decompressed.
/// Throws DataError when it is missing, a folder, unreadable, a damaged gzip stream, or larger than
/// `limit` bytes after decompression.
std::string read_file(const std::filesystem::path& path,
                      std::uint64_t limit = std::uint64_t{4} << 30);

/// Calls `line(text, number)` for each line (without its end; numbers from 1) of a plain or gzip
/// file, in constant memory. A line may return false to stop. Throws DataError as read_file does.
void read_lines(const std::filesystem::path& path,
                const std::function<bool(std::string_view, std::int64_t)>& line);

/// Writes a file so that a reader sees all of the new content or all of the old: temporary name in
/// the same folder, fsync, rename. A name that ends in .gz is compressed. Makes missing folders.
/// Throws ResourceError (disk full, read-only, no permission); the old file is then untouched.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// Makes a folder and its parents. Throws ResourceError.
void make_folder(const std::filesystem::path& path);

/// Returns the SHA-256 of some bytes, or of a file's stored bytes, in lower-case hexadecimal.
std::string sha256(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& path);

/// The MD5 of a file's stored bytes: publishers of older files state no better checksum.
std::string md5_of_file(const std::filesystem::path& path);

/// Returns a path without a final ".gz".
std::filesystem::path without_gz(const std::filesystem::path& path);

/// Returns the extension in lower case, ignoring a final ".gz": "molecules.SMI.gz" gives ".smi".
std::string format_extension(const std::filesystem::path& path);

std::string gzip_compress(std::string_view bytes);

/// Returns $XDG_CACHE_HOME/equigen, else $HOME/.cache/equigen, else <temporary
/// folder>/equigen-cache.
std::filesystem::path cache_folder();

}  // namespace equigen
