# Catch2 v2 (Debian 12) or v3 (later) behind one library with `main` and one header, tests/catch.h.
find_package(Catch2 QUIET)
add_library(equigen_catch_main STATIC ${CMAKE_CURRENT_LIST_DIR}/../tests/catch_main.cpp)
target_include_directories(equigen_catch_main PUBLIC ${CMAKE_CURRENT_LIST_DIR}/../tests)
target_compile_definitions(equigen_catch_main PUBLIC EQUIGEN_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}"
  EQUIGEN_PROGRAM="${PROJECT_BINARY_DIR}/bin/equigen")
if(Catch2_FOUND)
  target_link_libraries(equigen_catch_main PUBLIC Catch2::Catch2)
  if(Catch2_VERSION VERSION_GREATER_EQUAL 3)
    target_compile_definitions(equigen_catch_main PUBLIC EQUIGEN_CATCH_V3)
  endif()
  include(Catch)
else()
  message(FATAL_ERROR "Catch2 was not found: install catch2, or configure with -DEQUIGEN_BUILD_TESTS=OFF")
endif()

# Adds every test case of a program to ctest. With `slow` true, the cases with the tag [slow] get the label slow.
function(equigen_discover_tests target slow)
  catch_discover_tests(${target} TEST_SPEC "~[slow]~[.]" WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(slow)
    catch_discover_tests(${target} TEST_SPEC "[slow]" WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      PROPERTIES LABELS slow)
  endif()
endfunction()
