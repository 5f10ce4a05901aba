// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "equigen/plugin/registry.h"
#include "equigen/version.h"  // generated: EQUIGEN_VERSION, kAbiMajor, kAbiMinor

/// What a plugin's library exports: one C function that returns this description. The host reads
/// it, and refuses a library that does not match, before it calls any C++ of the plugin. The first
/// three fields never move.
extern "C" struct EquigenPluginDescription {
  std::uint32_t struct_size;
  std::uint32_t abi_major;
  std::uint32_t abi_minor;
  const char* equigen_version;
  const char* torch_version;     ///< "1.13.1"; empty for a plugin without LibTorch
  const char* compiler;          ///< "GNU 12"
  const char* standard_library;  ///< "libstdc++ cxx11 abi 1"
  const char* name;
  const char* version;
  const char* summary;
  void (*register_components)(equigen::RegistryBuilder&);
};

#ifdef EQUIGEN_PLUGIN_WITHOUT_LIBTORCH
#define EQUIGEN_PLUGIN_TORCH_VERSION ""
#else
#define EQUIGEN_PLUGIN_TORCH_VERSION EQUIGEN_TORCH_VERSION
#endif

/// Defines the exported function of a plugin:
/// EQUIGEN_PLUGIN("gdss", "0.1.0", "one line", register_gdss)
#define EQUIGEN_PLUGIN(plugin_name, plugin_version, plugin_summary, register_function)  \
  extern "C" __attribute__((visibility("default"))) const EquigenPluginDescription*     \
  equigen_plugin_description() {                                                        \
    static const EquigenPluginDescription description{sizeof(EquigenPluginDescription), \
                                                      equigen::kAbiMajor,               \
                                                      equigen::kAbiMinor,               \
                                                      EQUIGEN_VERSION,                  \
                                                      EQUIGEN_PLUGIN_TORCH_VERSION,     \
                                                      EQUIGEN_COMPILER,                 \
                                                      EQUIGEN_STANDARD_LIBRARY,         \
                                                      plugin_name,                      \
                                                      plugin_version,                   \
                                                      plugin_summary,                   \
                                                      register_function};               \
    return &description;                                                                \
  }
