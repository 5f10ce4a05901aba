# equigen_embed_files(TARGET NAME FILE...): compiles files into a library, so that the program needs no data folder.
#
# For each FILE a function `std::string_view equigen::embedded::<name>()` is defined, <name> being the file's name with
# every character outside [a-zA-Z0-9] turned to an underscore. The generated source is made again when the file changes.
function(equigen_embed_files target)
  foreach(file IN LISTS ARGN)
    get_filename_component(path ${file} ABSOLUTE)
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "[^a-zA-Z0-9]" "_" symbol ${name})
    set(source ${PROJECT_BINARY_DIR}/generated/embedded/${symbol}.cpp)
    add_custom_command(OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} -D INPUT=${path} -D OUTPUT=${source} -D SYMBOL=${symbol}
              -P ${PROJECT_SOURCE_DIR}/cmake/write_embedded_file.cmake
      DEPENDS ${path} ${PROJECT_SOURCE_DIR}/cmake/write_embedded_file.cmake
      COMMENT "Embedding ${name}" VERBATIM)
    # A target of another folder does not see the rule that makes the file, so an object library of this folder does it.
    add_library(embedded_${symbol} OBJECT ${source})
    target_compile_features(embedded_${symbol} PRIVATE cxx_std_20)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:embedded_${symbol}>)
  endforeach()
endfunction()

# equigen_embed_folder(TARGET NAME FOLDER FILE...): compiles the files, paths below FOLDER, into a program or library as
# `std::span<const EmbeddedFile> equigen::embedded::NAME()` (base/embedded_file.h).
function(equigen_embed_folder target name folder)
  set(source ${PROJECT_BINARY_DIR}/generated/embedded/${name}.cpp)
  list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE paths)
  list(JOIN ARGN "|" files)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D FILES=${files} -D OUTPUT=${source} -D SYMBOL=${name}
            -P ${PROJECT_SOURCE_DIR}/cmake/write_embedded_folder.cmake
    DEPENDS ${paths} ${PROJECT_SOURCE_DIR}/cmake/write_embedded_folder.cmake
    COMMENT "Embedding ${name}" VERBATIM)
  add_library(embedded_${name} OBJECT ${source})
  target_compile_features(embedded_${name} PRIVATE cxx_std_20)
  target_include_directories(embedded_${name} PRIVATE ${PROJECT_SOURCE_DIR}/framework)
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:embedded_${name}>)
endfunction()
