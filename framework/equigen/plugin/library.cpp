// SPDX-License-Identifier: MIT
#include "equigen/plugin/library.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/plugin/plugin.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEntryName = "equigen_plugin_description";

struct Free {
  void operator()(char* memory) const { std::free(memory); }
};

std::string demangled(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, Free> name(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status));
  return status == 0 && name ? std::string(name.get()) : symbol;
}

/// What the first bytes of a library say of it.
struct ElfHeader {
  bool is_elf = false;
  bool is_whole = false;
  std::pair<int, int> machine;  ///< e_machine, and the class: 1 for 32 bits, 2 for 64
};

ElfHeader elf_header(std::ifstream& file) {
  constexpr std::string_view kMagic =
      "\x7f"
      "ELF";
  std::array<char, 20> bytes{};
  file.read(bytes.data(), bytes.size());
  ElfHeader header;
  header.is_elf = file.gcount() >= 4 && std::string_view(bytes.data(), 4) == kMagic;
  header.is_whole = header.is_elf && file.gcount() == static_cast<std::streamsize>(bytes.size());
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const bool big_endian = byte(5) == 2;
  header.machine = {big_endian ? byte(18) * 256 + byte(19) : byte(19) * 256 + byte(18), byte(4)};
  return header;
}

/// Where the last byte is that the library's own tables name: a file that ends before was cut off,
/// and reading its missing pages would end the process with a bus error. 0 for files of another
/// layout than this process has, which the architecture check refuses.
std::uint64_t stated_size(std::ifstream& file) {
  ElfW(Ehdr) header{};
  file.clear();
  file.seekg(0);
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return 0;
  if (header.e_phentsize != sizeof(ElfW(Phdr))) return 0;
  std::uint64_t end = header.e_shoff + std::uint64_t{header.e_shnum} * header.e_shentsize;
  end = std::max<std::uint64_t>(
      end, header.e_phoff + std::uint64_t{header.e_phnum} * header.e_phentsize);
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  for (int i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment{};
    if (!file.read(reinterpret_cast<char*>(&segment), sizeof segment)) break;
    if (segment.p_type == PT_LOAD)
      end = std::max<std::uint64_t>(end, segment.p_offset + segment.p_filesz);
  }
  return end;
}

void check_is_whole(std::ifstream& file, const fs::path& library) {
  std::error_code failure;
  const std::uintmax_t size = fs::file_size(library, failure);
  const std::uint64_t stated = stated_size(file);
  if (failure || size >= stated) return;
  throw PluginError("plugin-truncated",
                    fmt::format("plugin {} is cut off: it has {} of its {} bytes", library.string(),
                                size, stated),
                    "copy it again, or build it again");
}

std::string machine_name(std::pair<int, int> machine) {
  const std::string bits = machine.second == 1 ? "32-bit " : "";
  switch (machine.first) {
    case EM_386:
      return "x86 (32-bit)";
    case EM_X86_64:
      return bits + "x86-64";
    case EM_ARM:
      return "ARM (32-bit)";
    case EM_AARCH64:
      return bits + "ARM64";
    case EM_RISCV:
      return bits + "RISC-V";
    case EM_PPC64:
      return bits + "PowerPC64";
    default:
      return fmt::format("another processor (ELF machine {})", machine.first);
  }
}

void check_is_library(const fs::path& library) {
  std::error_code failure;
  if (!fs::exists(library, failure)) {
    throw PluginError("plugin-missing", fmt::format("there is no plugin file {}", library.string()),
                      "check the path; `equigen list` shows the plugins that were found");
  }
  std::ifstream file(library, std::ios::binary);
  if (!fs::is_regular_file(library, failure) || !file.is_open()) {
    throw PluginError("plugin-unreadable",
                      fmt::format("plugin {} is not a readable file", library.string()),
                      "check its permissions");
  }
  const ElfHeader header = elf_header(file);
  if (!header.is_elf) {
    throw PluginError("plugin-not-library",
                      fmt::format("{} is not a shared library", library.string()),
                      "a plugin is a .so file that equigen_add_plugin() built");
  }
  std::ifstream own("/proc/self/exe", std::ios::binary);
  const ElfHeader own_header = elf_header(own);
  if (header.is_whole && own_header.is_whole && header.machine != own_header.machine) {
    throw PluginError("plugin-architecture",
                      fmt::format("plugin {} is for {}, this equigen runs on {}", library.string(),
                                  machine_name(header.machine), machine_name(own_header.machine)),
                      "build it on this machine");
  }
  check_is_whole(file, library);
}

/// Turns the loader's text into what is wrong and what to do.
[[noreturn]] void fail_opening(const fs::path& library, const std::string& reason) {
  constexpr std::string_view kSymbol = "undefined symbol: ";
  if (const auto found = reason.find(kSymbol); found != std::string::npos) {
    std::string symbol = reason.substr(found + kSymbol.size());
    symbol = symbol.substr(0, symbol.find_first_of(" ,\n"));
    throw PluginError(
        "plugin-missing-symbol",
        fmt::format("plugin {} needs {}, which no library provides", library.string(),
                    demangled(symbol)),
        "it was built against another equigen or LibTorch, or a source file was left out of its "
        "equigen_add_plugin() call; build it again");
  }
  constexpr std::string_view kMissing = ": cannot open shared object file";
  if (const auto found = reason.find(kMissing); found != std::string::npos) {
    throw PluginError("plugin-missing-library",
                      fmt::format("plugin {} needs the library {}, which was not found",
                                  library.string(), reason.substr(0, found)),
                      "install that library, or name its folder in LD_LIBRARY_PATH");
  }
  throw PluginError("plugin-not-loadable",
                    fmt::format("plugin {} cannot be loaded: {}", library.string(), reason),
                    "build it again with this equigen");
}

const EquigenPluginDescription& description_in(void* handle, const fs::path& library) {
  using Entry = const EquigenPluginDescription* (*)();
  const auto entry = reinterpret_cast<Entry>(::dlsym(handle, kEntryName));
  const EquigenPluginDescription* description = entry == nullptr ? nullptr : entry();
  if (description == nullptr) {
    throw PluginError(
        "plugin-not-a-plugin",
        fmt::format("{} is a shared library, but not an equigen plugin: it has no function {}",
                    library.string(), kEntryName),
        "a plugin has one EQUIGEN_PLUGIN(...) line in its plugin.cpp");
  }
  return *description;
}

[[noreturn]] void fail_incompatible(const fs::path& library, const std::string& reason) {
  throw PluginError("plugin-incompatible",
                    fmt::format("plugin {} cannot be used", library.string()), reason);
}

/// Reads the fields behind the first three only once those say that they are there.
PluginManifest checked_manifest(const EquigenPluginDescription& description,
                                const fs::path& library) {
  PluginManifest manifest;
  manifest.build.abi_major = description.abi_major;
  manifest.build.abi_minor = description.abi_minor;
  manifest.build.equigen_version = "of another version";
  const bool is_readable = description.abi_major == kAbiMajor &&
                           description.struct_size >= sizeof(EquigenPluginDescription);
  if (is_readable) {
    manifest.build.equigen_version = description.equigen_version;
    manifest.build.torch_version = description.torch_version;
    manifest.build.compiler = description.compiler;
    manifest.build.standard_library = description.standard_library;
  }
  if (const std::string reason = incompatibility(manifest.build); !reason.empty())
    fail_incompatible(library, reason);
  if (!is_readable) {
    fail_incompatible(library,
                      "its description is shorter than its ABI says: the library is damaged; build "
                      "the plugin again");
  }
  if (manifest.build.compiler != EQUIGEN_COMPILER) {
    log::warning(fmt::format("plugin {} was built with {}, equigen with {}", library.string(),
                             manifest.build.compiler, EQUIGEN_COMPILER));
  }
  manifest.name = description.name;
  manifest.version = description.version;
  manifest.summary = description.summary;
  return manifest;
}

std::vector<Registry::Entry> registered_by(const EquigenPluginDescription& description,
                                           const fs::path& library) {
  const auto fail = [&](const std::string& what) {
    throw PluginError("plugin-registration",
                      fmt::format("plugin {} failed while it registered its components: {}",
                                  library.string(), what),
                      "nothing of it was registered; this is a mistake in the plugin");
  };
  RegistryBuilder builder(description.name, library.string());
  try {
    description.register_components(builder);
  } catch (const std::exception& failure) {
    fail(failure.what());
  } catch (...) {
    fail("it threw something that is not an exception class");
  }
  return builder.take();
}

}  // namespace

PluginManifest open_plugin(const fs::path& library, Registry& registry) {
  check_is_library(library);
  // Never closed: objects of the plugin's classes may live until the process ends.
  void* handle = ::dlopen(fs::absolute(library).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) fail_opening(library, ::dlerror());
  const EquigenPluginDescription& description = description_in(handle, library);
  PluginManifest manifest = checked_manifest(description, library);
  std::vector<Registry::Entry> entries = registered_by(description, library);
  for (const auto& entry : entries) manifest.components.push_back(entry.info);
  registry.commit(std::move(entries));
  return manifest;
}

}  // namespace equigen
