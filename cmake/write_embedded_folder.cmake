# Writes the files of the list FILES, paths below FOLDER, as a C++ source OUTPUT that defines
# std::span<const EmbeddedFile> equigen::embedded::SYMBOL().
set(arrays "")
set(rows "")
set(number 0)
string(REPLACE "|" ";" FILES "${FILES}")
foreach(file IN LISTS FILES)
  file(READ ${FOLDER}/${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "const unsigned char file_${number}[] = {${bytes}0};\n")
  string(APPEND rows "    EmbeddedFile{\"${file}\", {reinterpret_cast<const char*>(file_${number}), sizeof(file_${number}) - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include <array>
#include <span>

#include \"equigen/base/embedded_file.h\"

namespace equigen::embedded {
namespace {

${arrays}
const std::array<EmbeddedFile, ${number}> files{
${rows}};

}  // namespace

std::span<const EmbeddedFile> ${SYMBOL}();
std::span<const EmbeddedFile> ${SYMBOL}() {
  return files;
}

}  // namespace equigen::embedded
")
