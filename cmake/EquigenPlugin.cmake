# equigen_add_plugin(NAME SOURCES FILE... [LIBRARIES LIB...])
#
# Builds the plugin NAME as a module library in <build>/lib/equigen/plugins and writes its manifest beside it, by
# loading the fresh library once. Links equigen's engine; symbols stay hidden, and the library is never unloaded.
# The objects are also available as the target NAME_objects, for the plugin's own tests.
function(equigen_add_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${name}_objects OBJECT ${arg_SOURCES})
  set_target_properties(${name}_objects PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  target_compile_features(${name}_objects PUBLIC cxx_std_20)
  target_link_libraries(${name}_objects PUBLIC equigen::engine ${arg_LIBRARIES})
  target_include_directories(${name}_objects PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/..)
  if(TARGET equigen_flags)
    target_link_libraries(${name}_objects PRIVATE equigen_flags)
    set_target_properties(${name}_objects PROPERTIES JOB_POOL_COMPILE libtorch_compile)
    if(EQUIGEN_PCH)
      target_precompile_headers(${name}_objects REUSE_FROM equigen_precompiled)
    endif()
  endif()

  add_library(${name}_plugin MODULE)
  target_link_libraries(${name}_plugin PRIVATE ${name}_objects)
  target_link_options(${name}_plugin PRIVATE -Wl,-z,nodelete)
  set_target_properties(${name}_plugin PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/equigen/plugins)
  add_custom_command(TARGET ${name}_plugin POST_BUILD
    COMMAND $<TARGET_FILE:equigen::program> plugins write-manifest $<TARGET_FILE:${name}_plugin>
    COMMENT "Writing the manifest of plugin ${name}" VERBATIM)
  add_dependencies(${name}_plugin equigen::program)
  install(TARGETS ${name}_plugin LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/equigen/plugins)
  install(FILES ${CMAKE_BINARY_DIR}/lib/equigen/plugins/${name}.json
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/equigen/plugins)
endfunction()
