# What `cmake --install` puts in place: program, libraries, headers, configs, experiments, and what
# find_package(equigen) reads. No installed file holds an absolute path: the tree may be moved.
include(CMakePackageConfigHelpers)

set(equigen_installed equigen equigen_program equigen_testing)
if(EQUIGEN_BUILD_ENGINE)
  list(APPEND equigen_installed equigen_engine equigen_engine_testing)
endif()
if(EQUIGEN_BUILD_DOWNLOAD)
  list(APPEND equigen_installed equigen_download)
endif()
set_target_properties(equigen_program PROPERTIES EXPORT_NAME program)
install(TARGETS ${equigen_installed} EXPORT equigen_targets)

# The headers that wrap a third-party library are no interface of ours.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/framework/equigen DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h" PATTERN "rdkit_*.h" EXCLUDE PATTERN "cli" EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs ${PROJECT_SOURCE_DIR}/experiments
        DESTINATION ${CMAKE_INSTALL_DATADIR}/equigen FILES_MATCHING PATTERN "*.yaml")

set(equigen_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/equigen)
install(EXPORT equigen_targets NAMESPACE equigen:: FILE equigenTargets.cmake
        DESTINATION ${equigen_package_folder})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/equigenConfig.cmake.in
  ${PROJECT_BINARY_DIR}/generated/equigenConfig.cmake INSTALL_DESTINATION ${equigen_package_folder}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/generated/equigenConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/generated/equigenConfig.cmake
              ${PROJECT_BINARY_DIR}/generated/equigenConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/EquigenTorch.cmake
              ${PROJECT_SOURCE_DIR}/cmake/EquigenPlugin.cmake
              ${PROJECT_SOURCE_DIR}/cmake/EquigenPluginTest.cmake
        DESTINATION ${equigen_package_folder})
# The header and the `main` that plugins' tests share with ours.
install(FILES ${PROJECT_SOURCE_DIR}/tests/catch.h ${PROJECT_SOURCE_DIR}/tests/catch_main.cpp
        DESTINATION ${equigen_package_folder}/catch)
