# Voro::Voro: Voronoi cells (voro++-dev).
find_path(Voro_INCLUDE_DIR NAMES voro++/voro++.hh)
find_library(Voro_LIBRARY NAMES voro++)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Voro REQUIRED_VARS Voro_INCLUDE_DIR Voro_LIBRARY)
if(Voro_FOUND AND NOT TARGET Voro::Voro)
  add_library(Voro::Voro UNKNOWN IMPORTED)
  set_target_properties(Voro::Voro PROPERTIES IMPORTED_LOCATION ${Voro_LIBRARY}
                        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${Voro_INCLUDE_DIR})
endif()
