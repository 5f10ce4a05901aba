// SPDX-License-Identifier: MIT
#pragma once

/// Our own names in CIF, of what stands beside a crystal.
namespace equigen::cif_names {

/// Of a block without atoms: a sample with a name that could not be made into a crystal.
inline constexpr const char* kWithoutAtoms = "_equigen_without_atoms";
inline constexpr const char* kPropertyName = "_equigen_property_name";
inline constexpr const char* kPropertyValue = "_equigen_property_value";
inline constexpr const char* kTextName = "_equigen_text_name";
inline constexpr const char* kTextValue = "_equigen_text_value";

}  // namespace equigen::cif_names
