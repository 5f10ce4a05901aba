// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The catalogue of public data sets: where their files are, what they must hash to, and where they
/// go so that configs/data/<name>.yaml finds them.
namespace equigen {

/// One file of a public data set.
struct PublicFile {
  std::string path;                  ///< below the data folder: "qm9/qm9.smi.gz"
  std::vector<std::string> urls;     ///< mirrors, tried in this order
  std::optional<std::int64_t> size;  ///< bytes of the download, where known
  std::string sha256;                ///< of the download; empty: not known
  std::string md5;                   ///< of the download, as older publishers state it; or empty
  std::vector<std::string> steps;    ///< what makes the stored text of it, see apply_text_step()
  std::string text_sha256;           ///< of the stored text, uncompressed; empty: not known
  std::string checked;               ///< where address and checksum were read

  /// SHA-256 of the stored text as far as the catalogue tells: its own, or the download's where
  /// nothing is changed. Empty: not known.
  const std::string& expected_text_sha256() const;
};

struct PublicDataset {
  std::string name;
  std::vector<std::string> aliases;
  std::string structure;  ///< "graph", "molecule" or "crystal"
  std::string description;
  std::string licence;
  std::string citation;
  std::string source;
  std::vector<PublicFile> files;
};

/// Reads a catalogue. `source` names it in messages. Throws DataError: not JSON, a missing key, a
/// path that leaves the data folder, an address that is neither http nor https, an unknown step.
std::vector<PublicDataset> parse_public_datasets(std::string_view json, const std::string& source);

/// The catalogue that equigen brings along.
const std::vector<PublicDataset>& public_datasets();

/// The data set of this name or alias, or nullptr.
const PublicDataset* find_public_dataset(std::span<const PublicDataset> catalogue,
                                         std::string_view name);

/// Makes a stored text of a download. Steps: `drop_first_line`; `json_rows` (a JSON list of row
/// numbers, or an object with one such list, becomes one number a line). Throws DataError when the
/// text is not of that form.
std::string apply_text_step(const std::string& step, std::string text);

}  // namespace equigen
