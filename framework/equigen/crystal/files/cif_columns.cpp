// SPDX-License-Identifier: MIT
#include "equigen/crystal/files/cif_columns.h"

#include <gemmi/cif.hpp>
#include <gemmi/numb.hpp>
#include <stdexcept>

#include "equigen/base/error.h"

namespace equigen {
namespace {

namespace cif = gemmi::cif;

void add_loop(const cif::Loop& loop, CifColumns& result) {
  const std::size_t width = loop.tags.size();
  for (std::size_t k = 0; k < width; ++k) {
    const auto added = result.columns.try_emplace(gemmi::to_lower(loop.tags[k]));
    if (!added.second) continue;
    for (std::size_t i = k; i < loop.values.size(); i += width)
      added.first->second.push_back(loop.values[i]);
  }
}

CifColumns columns_of(const cif::Block& block) {
  CifColumns result;
  result.block_name = block.name;
  for (const cif::Item& item : block.items) {
    if (item.type == cif::ItemType::Pair)
      result.columns.try_emplace(gemmi::to_lower(item.pair[0]), CifValues{item.pair[1]});
    else if (item.type == cif::ItemType::Loop)
      add_loop(item.loop, result);
  }
  return result;
}

}  // namespace

CifColumns parse_cif_columns(std::string_view text) {
  cif::Document document;
  try {
    tao::pegtl::memory_input<> input(text.data(), text.size(), "block");
    cif::parse_input(document, input);
  } catch (const std::exception& problem) {
    throw DataError("cif-invalid", std::string("not a CIF: ") + problem.what());
  }
  if (document.blocks.empty()) throw DataError("cif-invalid", "not a CIF: there is no data block");
  return columns_of(document.blocks.front());
}

std::string cif_string(const std::string& value) {
  return cif::as_string(value);
}

double cif_number(const std::string& value, double otherwise) {
  return cif::as_number(value, otherwise);
}

}  // namespace equigen
