# What `cmake --install` puts in place: program, libraries, headers, configs, experiments.
install(TARGETS equigen equigen_program)
if(EQUIGEN_BUILD_ENGINE)
  install(TARGETS equigen_engine)
endif()
# The headers that wrap a third-party library are no interface of ours.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/framework/equigen DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h" PATTERN "rdkit_*.h" EXCLUDE PATTERN "cli" EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs ${PROJECT_SOURCE_DIR}/experiments
        DESTINATION ${CMAKE_INSTALL_DATADIR}/equigen FILES_MATCHING PATTERN "*.yaml")
