// SPDX-License-Identifier: MIT
#include "wheel.h"

namespace {

void register_wheel(equigen::RegistryBuilder& registry) {
  registry.add<equigen::testing::Part, Wheel>("wrong_torch", "goes round");
}

EquigenPluginDescription describe() {
  EquigenPluginDescription description{};
  description.struct_size = sizeof(EquigenPluginDescription);
  description.abi_major = equigen::kAbiMajor;
  description.abi_minor = equigen::kAbiMinor;
  description.equigen_version = EQUIGEN_VERSION;
  description.torch_version = "";
  description.compiler = EQUIGEN_COMPILER;
  description.standard_library = EQUIGEN_STANDARD_LIBRARY;
  description.name = "wrong_torch";
  description.version = "1.0.0";
  description.summary = "built for something else";
  description.register_components = register_wheel;
  description.torch_version = "9.7.1";
  return description;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const EquigenPluginDescription*
equigen_plugin_description() {
  static const EquigenPluginDescription description = describe();
  return &description;
}
