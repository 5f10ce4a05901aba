# Spglib::Spglib: space groups of crystals (libsymspg-dev).
find_path(Spglib_INCLUDE_DIR NAMES spglib.h)
find_library(Spglib_LIBRARY NAMES symspg)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Spglib REQUIRED_VARS Spglib_INCLUDE_DIR Spglib_LIBRARY)
if(Spglib_FOUND AND NOT TARGET Spglib::Spglib)
  add_library(Spglib::Spglib UNKNOWN IMPORTED)
  set_target_properties(Spglib::Spglib PROPERTIES IMPORTED_LOCATION ${Spglib_LIBRARY}
                        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${Spglib_INCLUDE_DIR})
endif()
