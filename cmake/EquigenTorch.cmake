# LibTorch as equigen links it; used by equigen's own build and by its package configuration.
# Torch_FOUND says whether LibTorch is there.
find_package(Protobuf QUIET)
find_package(Torch QUIET)

# equigen_add_torch(NAME [IMPORTED]): the library that stands for LibTorch.
macro(equigen_add_torch name)
  if(NOT TARGET ${name})
    add_library(${name} INTERFACE ${ARGN})
    target_link_libraries(${name} INTERFACE torch)
    # LibTorch's target asks for an older standard than ours and for warnings in its own headers.
    target_include_directories(${name} SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
    set_target_properties(torch PROPERTIES INTERFACE_COMPILE_FEATURES "")
  endif()
endmacro()
