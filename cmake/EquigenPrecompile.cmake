# Headers that nearly every file includes, compiled once a build: for each layer one set for the libraries and one, with
# Catch2's, for the tests. A target of its own carries each: whoever uses it may define more, never less, and must
# compile with the same flags. Only headers of the standard library and of other projects stand here: those of equigen
# would rebuild everything when they change.

set(EQUIGEN_PRECOMPILED_BASE <algorithm> <array> <chrono> <cmath> <cstdint> <filesystem> <fstream> <functional> <limits>
  <map> <memory> <numeric> <optional> <set> <span> <string> <string_view> <utility> <vector>
  <fmt/format.h> <nlohmann/json.hpp>)
# Not <torch/torch.h>: its optimisers, data loaders and containers are instantiated anew in every file, 3 s each.
set(EQUIGEN_PRECOMPILED_ENGINE <torch/types.h> <torch/nn/module.h> <torch/nn/modules/linear.h>
  <torch/nn/modules/container/modulelist.h> ${EQUIGEN_PRECOMPILED_BASE})

function(equigen_add_precompiled name)
  cmake_parse_arguments(arg "" "" "HEADERS;LIBRARIES" ${ARGN})
  if(NOT EQUIGEN_PCH)
    return()
  endif()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/precompiled.cpp CONTENT "")
  add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/generated/precompiled.cpp)
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} equigen_flags)
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

# equigen_reuse_precompiled(TARGET base|engine): for libraries, plugins, programs and benchmarks.
function(equigen_reuse_precompiled target layer)
  if(EQUIGEN_PCH)
    target_precompile_headers(${target} REUSE_FROM equigen_precompiled_${layer})
    # The precompiled header is the library's (-fPIC, not a program's -fPIE).
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
endfunction()

equigen_add_precompiled(equigen_precompiled_base
  HEADERS ${EQUIGEN_PRECOMPILED_BASE} LIBRARIES fmt::fmt nlohmann_json::nlohmann_json)
if(EQUIGEN_BUILD_ENGINE)
  equigen_add_precompiled(equigen_precompiled_engine
    HEADERS ${EQUIGEN_PRECOMPILED_ENGINE} LIBRARIES fmt::fmt nlohmann_json::nlohmann_json equigen_torch)
endif()

# What compiles tests: they wait for the libraries, so that optimising their own code would only cost time.
add_library(equigen_test_flags INTERFACE)
target_compile_options(equigen_test_flags INTERFACE $<$<CONFIG:Release>:-O1>)

# The same for tests, once their Catch2 is known.
function(equigen_add_precompiled_tests)
  set(catch "${PROJECT_SOURCE_DIR}/tests/catch.h")
  set(libraries fmt::fmt nlohmann_json::nlohmann_json equigen_catch_main equigen_test_flags)
  equigen_add_precompiled(equigen_precompiled_base_test
    HEADERS ${EQUIGEN_PRECOMPILED_BASE} ${catch} LIBRARIES ${libraries})
  if(EQUIGEN_BUILD_ENGINE)
    equigen_add_precompiled(equigen_precompiled_engine_test
      HEADERS ${EQUIGEN_PRECOMPILED_ENGINE} ${catch} LIBRARIES ${libraries} equigen_torch)
  endif()
endfunction()

function(equigen_reuse_precompiled_test target layer)
  target_link_libraries(${target} PRIVATE equigen_test_flags)
  equigen_reuse_precompiled(${target} ${layer}_test)
endfunction()
