# What `cmake --install` puts in place: program, libraries, headers, configs, experiments, CMake package.
install(TARGETS equigen equigen_program EXPORT equigenTargets)
if(EQUIGEN_BUILD_ENGINE)
  install(TARGETS equigen_engine EXPORT equigenTargets)
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/framework/equigen DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs ${PROJECT_SOURCE_DIR}/experiments
        DESTINATION ${CMAKE_INSTALL_DATADIR}/equigen)
