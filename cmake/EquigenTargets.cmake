# The two libraries and the helpers with which each folder adds itself to them.
#
#   equigen         base library, without LibTorch: configuration, plugins, structures, metrics, reports
#   equigen_engine  what needs LibTorch: tensors, networks, processes, models, training

add_library(equigen SHARED ${PROJECT_SOURCE_DIR}/framework/equigen/base/error.cpp)
add_library(equigen::equigen ALIAS equigen)
set_target_properties(equigen PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_compile_features(equigen PUBLIC cxx_std_20)
target_include_directories(equigen PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/framework>
  $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(equigen
  PUBLIC fmt::fmt nlohmann_json::nlohmann_json Threads::Threads
  PRIVATE equigen_flags spdlog::spdlog yaml-cpp::yaml-cpp ZLIB::ZLIB OpenSSL::Crypto Boost::headers
          Eigen3::Eigen TBB::tbb RDKit::RDKit Nauty::Nauty LibZip::LibZip Spglib::Spglib Gemmi::Gemmi
          ${CMAKE_DL_LIBS})
target_compile_definitions(equigen PRIVATE SPDLOG_FMT_EXTERNAL)
equigen_reuse_precompiled(equigen base)

if(EQUIGEN_BUILD_ENGINE)
  add_library(equigen_engine SHARED ${PROJECT_SOURCE_DIR}/framework/equigen/tensor/batch.cpp)
  add_library(equigen::engine ALIAS equigen_engine)
  set_target_properties(equigen_engine PROPERTIES VERSION ${PROJECT_VERSION} EXPORT_NAME engine
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} JOB_POOL_COMPILE libtorch_compile)
  target_link_libraries(equigen_engine
    PUBLIC equigen $<BUILD_INTERFACE:equigen_torch> $<INSTALL_INTERFACE:equigen::torch>
    PRIVATE equigen_flags protobuf::libprotobuf Boost::headers ZLIB::ZLIB)
  equigen_reuse_precompiled(equigen_engine engine)
endif()

# equigen_module_sources(base|engine FILE...): adds the files of one module to its library.
function(equigen_module_sources layer)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  if(layer STREQUAL "base")
    target_sources(equigen PRIVATE ${files})
  elseif(layer STREQUAL "engine")
    if(EQUIGEN_BUILD_ENGINE)
      target_sources(equigen_engine PRIVATE ${files})
    endif()
  else()
    message(FATAL_ERROR "equigen_module_sources: the layer is base or engine, not ${layer}")
  endif()
endfunction()

# equigen_add_test(NAME base|engine [SLOW] SOURCES FILE... [LIBRARIES LIB...]): one Catch2 program, its cases seen by
# ctest. A program with cases tagged [slow] says SLOW; they get the label slow, so that `ctest -LE slow` leaves them out.
function(equigen_add_test name layer)
  cmake_parse_arguments(arg "SLOW" "" "SOURCES;LIBRARIES" ${ARGN})
  if(layer STREQUAL "engine" AND NOT EQUIGEN_BUILD_ENGINE)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE equigen equigen_catch_main equigen_flags ${arg_LIBRARIES})
  if(layer STREQUAL "engine")
    target_link_libraries(${name} PRIVATE equigen_engine)
    set_target_properties(${name} PROPERTIES JOB_POOL_COMPILE libtorch_compile)
  endif()
  equigen_reuse_precompiled_test(${name} ${layer})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  equigen_discover_tests(${name} ${arg_SLOW})
endfunction()

# The contract tests of components, which plugins' own tests link; LibTorch-free, and with LibTorch.
add_library(equigen_testing STATIC)
add_library(equigen::testing ALIAS equigen_testing)
set_target_properties(equigen_testing PROPERTIES EXPORT_NAME testing)
target_link_libraries(equigen_testing PUBLIC equigen PRIVATE $<BUILD_INTERFACE:equigen_flags>)
equigen_reuse_precompiled(equigen_testing base)
if(EQUIGEN_BUILD_ENGINE)
  add_library(equigen_engine_testing STATIC)
  add_library(equigen::engine_testing ALIAS equigen_engine_testing)
  set_target_properties(equigen_engine_testing PROPERTIES EXPORT_NAME engine_testing
    JOB_POOL_COMPILE libtorch_compile)
  target_link_libraries(equigen_engine_testing PUBLIC equigen_testing equigen_engine
    PRIVATE $<BUILD_INTERFACE:equigen_flags>)
  equigen_reuse_precompiled(equigen_engine_testing engine)
endif()
