# Gemmi::Gemmi: CIF files (gemmi-dev with tao-pegtl-dev; headers only, no configuration file on Debian 12).
find_path(Gemmi_INCLUDE_DIR NAMES gemmi/cif.hpp)
find_path(Gemmi_PEGTL_INCLUDE_DIR NAMES tao/pegtl.hpp)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Gemmi REQUIRED_VARS Gemmi_INCLUDE_DIR Gemmi_PEGTL_INCLUDE_DIR)
if(Gemmi_FOUND AND NOT TARGET Gemmi::Gemmi)
  add_library(Gemmi::Gemmi INTERFACE IMPORTED)
  set_target_properties(Gemmi::Gemmi PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES
                        "${Gemmi_INCLUDE_DIR};${Gemmi_PEGTL_INCLUDE_DIR}")
endif()
