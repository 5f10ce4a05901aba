// SPDX-License-Identifier: MIT
#pragma once

/// Our own names in CIF, of what stands beside a crystal.
namespace equigen::cif_names {

inline constexpr const char* kPropertyName = "_equigen_property_name";
inline constexpr const char* kPropertyValue = "_equigen_property_value";
inline constexpr const char* kTextName = "_equigen_text_name";
inline constexpr const char* kTextValue = "_equigen_text_value";

}  // namespace equigen::cif_names
