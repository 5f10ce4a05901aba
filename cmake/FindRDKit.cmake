# RDKit::RDKit. Debian 12's package has no CMake configuration; newer ones have rdkit-config.cmake.
find_package(rdkit CONFIG QUIET)
find_path(RDKit_INCLUDE_DIR NAMES GraphMol/GraphMol.h PATH_SUFFIXES rdkit)
set(equigen_rdkit_components
  MolDraw2D FileParsers SmilesParse Depictor ChemTransforms SubstructMatch Descriptors Fingerprints
  GraphMol DataStructs RDGeometryLib RDGeneral MolTransforms DistGeomHelpers DistGeometry
  ForceFieldHelpers ForceField)
set(RDKit_LIBRARIES "")
foreach(component IN LISTS equigen_rdkit_components)
  find_library(RDKit_${component}_LIBRARY NAMES RDKit${component})
  mark_as_advanced(RDKit_${component}_LIBRARY)
  list(APPEND RDKit_LIBRARIES ${RDKit_${component}_LIBRARY})
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RDKit REQUIRED_VARS RDKit_INCLUDE_DIR RDKit_GraphMol_LIBRARY)
if(RDKit_FOUND AND NOT TARGET RDKit::RDKit)
  add_library(RDKit::RDKit INTERFACE IMPORTED)
  target_include_directories(RDKit::RDKit SYSTEM INTERFACE ${RDKit_INCLUDE_DIR})
  target_link_libraries(RDKit::RDKit INTERFACE ${RDKit_LIBRARIES})
endif()
