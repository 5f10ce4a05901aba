# equigen_add_plugin(NAME [WITHOUT_LIBTORCH] SOURCES FILE... [LIBRARIES LIB...] [CONFIGS FOLDER])
#
# Builds the plugin NAME as a module library and writes its manifest beside it, by loading the fresh library once.
# Links equigen's engine, or with WITHOUT_LIBTORCH (data sets, metrics) only the base library; symbols stay hidden, and
# the library is never unloaded. The objects are also available as the target NAME_objects, for the plugin's own tests; in
# equigen's own tree without plugin.cpp, which registers.
# FOLDER holds pieces of configuration, <group>/<name>.yaml, that are installed beside equigen's.
#
# In equigen's own tree the library lies in <build>/lib/equigen/plugins, where the program finds it; in a project of its
# own in <build>/plugins: name that folder with --plugin or under `plugins:`. Headers are looked for in src/.
function(equigen_add_plugin name)
  cmake_parse_arguments(arg "WITHOUT_LIBTORCH" "CONFIGS" "SOURCES;LIBRARIES" ${ARGN})
  set(engine equigen::engine)
  if(arg_WITHOUT_LIBTORCH)
    set(engine equigen::equigen)
  elseif(NOT TARGET equigen::engine OR (DEFINED equigen_engine_FOUND AND NOT equigen_engine_FOUND))
    message(FATAL_ERROR "plugin ${name} needs equigen's engine: ${equigen_engine_reason}")
  endif()
  # Only equigen's own tree has this target.
  set(is_in_tree OFF)
  set(folder ${CMAKE_BINARY_DIR}/plugins)
  set(headers ${CMAKE_CURRENT_SOURCE_DIR}/src)
  if(TARGET equigen_flags)
    set(is_in_tree ON)
    set(folder ${CMAKE_BINARY_DIR}/lib/equigen/plugins)
    set(headers ${CMAKE_CURRENT_SOURCE_DIR}/..)
    set(equigen_PLUGIN_FOLDER ${CMAKE_INSTALL_LIBDIR}/equigen/plugins)
    set(equigen_CONFIG_FOLDER ${CMAKE_INSTALL_DATADIR}/equigen/configs)
  endif()

  # In the tree a test may link the objects of several plugins, so that the entry of each stays out of them.
  set(entry "")
  if(is_in_tree)
    set(entry ${arg_SOURCES})
    list(FILTER entry INCLUDE REGEX "(^|/)plugin\\.cpp$")
    list(FILTER arg_SOURCES EXCLUDE REGEX "(^|/)plugin\\.cpp$")
  endif()
  add_library(${name}_objects OBJECT ${arg_SOURCES})
  target_compile_features(${name}_objects PUBLIC cxx_std_20)
  target_link_libraries(${name}_objects PUBLIC ${engine} ${arg_LIBRARIES})
  target_include_directories(${name}_objects PUBLIC ${headers})
  add_library(${name}_plugin MODULE ${entry})
  foreach(target ${name}_objects ${name}_plugin)
    set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
      POSITION_INDEPENDENT_CODE ON)
    if(arg_WITHOUT_LIBTORCH)
      target_compile_definitions(${target} PRIVATE EQUIGEN_PLUGIN_WITHOUT_LIBTORCH)
    endif()
    if(is_in_tree)
      target_link_libraries(${target} PRIVATE equigen_flags)
      if(NOT arg_WITHOUT_LIBTORCH)
        set_target_properties(${target} PROPERTIES JOB_POOL_COMPILE libtorch_compile)
        equigen_reuse_precompiled(${target} engine)
      endif()
    endif()
  endforeach()
  target_link_libraries(${name}_plugin PRIVATE ${name}_objects)
  target_link_options(${name}_plugin PRIVATE -Wl,-z,nodelete)
  # Installed beside equigen's own plugins, it finds the engine two folders up.
  set_target_properties(${name}_plugin PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${folder} INSTALL_RPATH "$ORIGIN/../..")
  add_custom_command(TARGET ${name}_plugin POST_BUILD
    COMMAND $<TARGET_FILE:equigen::program> plugins write-manifest $<TARGET_FILE:${name}_plugin>
    COMMENT "Writing the manifest of plugin ${name}" VERBATIM)
  add_dependencies(${name}_plugin equigen::program)
  install(TARGETS ${name}_plugin LIBRARY DESTINATION ${equigen_PLUGIN_FOLDER})
  install(FILES ${folder}/${name}.json DESTINATION ${equigen_PLUGIN_FOLDER})
  if(arg_CONFIGS)
    install(DIRECTORY ${arg_CONFIGS}/ DESTINATION ${equigen_CONFIG_FOLDER} FILES_MATCHING PATTERN "*.yaml")
  endif()
endfunction()
