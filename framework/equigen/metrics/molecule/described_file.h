// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/molecule/descriptors.h"

/// Descriptors of a set of molecules on disk: of references that are compared with again and again.
namespace equigen {

using DescribedMolecules = std::vector<std::shared_ptr<const MoleculeDescriptors>>;

/// All fields as compact bytes, closed by their SHA-256.
std::string encode_described(const DescribedMolecules& molecules);

/// Reads what encode_described() wrote; nothing when a byte is missing or altered.
std::optional<DescribedMolecules> decode_described(std::string_view bytes);

/// The descriptors of molecules that are known by their SMILES, in their order: from the folder, or
/// made and put there. A file stands for these SMILES, these parts, this release of RDKit. A
/// damaged one is made anew with a warning; a folder that cannot be written costs a warning, too.
DescribedMolecules kept_described(const std::filesystem::path& folder,
                                  std::span<const std::string> smiles, MoleculeParts parts,
                                  const std::function<DescribedMolecules()>& make);

}  // namespace equigen
