# Options and flags that hold for the whole build.
include(GNUInstallDirs)

option(EQUIGEN_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(EQUIGEN_BUILD_BENCHMARKS "Build equigen_bench where Google Benchmark is installed"
       ${PROJECT_IS_TOP_LEVEL})
option(EQUIGEN_BUILD_ENGINE "Build what needs LibTorch: the engine and the model plugins" ON)
option(EQUIGEN_BUILD_DOWNLOAD "Build what needs libcurl: `equigen data fetch`" ON)
option(EQUIGEN_PCH "Precompile the headers that nearly every file includes" ON)
option(EQUIGEN_WERROR "Treat warnings in equigen's own code as errors" ${PROJECT_IS_TOP_LEVEL})
option(EQUIGEN_MIMALLOC "Let the program allocate with mimalloc (never with sanitizers)" ON)
option(EQUIGEN_FUZZ "Build libFuzzer programs of the readers (clang only, see tests/fuzz)" OFF)
set(EQUIGEN_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR};$ORIGIN;$ORIGIN/../..")
# A LibTorch outside the system folders is found again after installing.
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)

find_program(EQUIGEN_CCACHE ccache)
if(EQUIGEN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers are cached only with these settings.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${EQUIGEN_CCACHE})
endif()

find_program(EQUIGEN_LLD ld.lld)
if(EQUIGEN_LLD AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  add_link_options(-fuse-ld=lld)
endif()

# A LibTorch translation unit takes more than 1 GB to compile.
cmake_host_system_information(RESULT equigen_memory_mb QUERY TOTAL_PHYSICAL_MEMORY)
math(EXPR equigen_heavy_jobs "${equigen_memory_mb} / 1600")
if(equigen_heavy_jobs LESS 1)
  set(equigen_heavy_jobs 1)
endif()
set_property(GLOBAL PROPERTY JOB_POOLS libtorch_compile=${equigen_heavy_jobs})

add_library(equigen_flags INTERFACE)
target_compile_options(equigen_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wnon-virtual-dtor $<$<BOOL:${EQUIGEN_WERROR}>:-Werror>
  $<$<BOOL:${EQUIGEN_PCH}>:-fpch-preprocess>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(equigen_flags INTERFACE -Wno-unknown-warning-option)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
  # GCC 14 warns without cause of std::vector<bool> inside LibTorch 2's autograd::Function::apply().
  target_compile_options(equigen_flags INTERFACE -Wno-error=array-bounds)
endif()
if(EQUIGEN_SANITIZE)
  add_compile_options(-fsanitize=${EQUIGEN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${EQUIGEN_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC warns without cause of std::regex where a sanitizer adds its checks.
    target_compile_options(equigen_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(EQUIGEN_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "EQUIGEN_FUZZ needs clang: configure with the preset fuzz, or -DCMAKE_CXX_COMPILER=clang++")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
