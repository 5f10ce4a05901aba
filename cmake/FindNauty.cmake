# Nauty::Nauty: canonical labels of graphs (libnauty2-dev on Debian 12, libnauty-dev later).
find_path(Nauty_INCLUDE_DIR NAMES nauty/nauty.h)
find_library(Nauty_LIBRARY NAMES nauty)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Nauty REQUIRED_VARS Nauty_INCLUDE_DIR Nauty_LIBRARY)
if(Nauty_FOUND AND NOT TARGET Nauty::Nauty)
  add_library(Nauty::Nauty UNKNOWN IMPORTED)
  set_target_properties(Nauty::Nauty PROPERTIES IMPORTED_LOCATION ${Nauty_LIBRARY}
                        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${Nauty_INCLUDE_DIR})
endif()
