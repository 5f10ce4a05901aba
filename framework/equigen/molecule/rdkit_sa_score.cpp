// SPDX-License-Identifier: MIT
#include <GraphMol/Descriptors/MolDescriptors.h>
#include <GraphMol/MolOps.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/pickle.h"
#include "equigen/molecule/rdkit_descriptors.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr double kUnknownFragment = -4;

/// Scores of fragments by Morgan identifier, ascending.
using FragmentScores = std::vector<std::pair<std::uint32_t, float>>;

fs::path table_path() {
  const fs::path below = "Contrib/SA_Score/fpscores.pkl.gz";
  std::vector<fs::path> folders;
  if (const char* base = std::getenv("RDBASE")) folders.emplace_back(base);
  folders.insert(folders.end(), {"/usr/share/RDKit", "/usr/local/share/RDKit"});
  for (const fs::path& folder : folders)
    if (fs::is_regular_file(folder / below)) return folder / below;
  throw DataError("sa-table",
                  "the SA score needs RDKit's table of fragments "
                  "(Contrib/SA_Score/fpscores.pkl.gz), which was not found",
                  "install the package rdkit-data, or set RDBASE to the folder that holds Contrib");
}

/// The file is a list of lists: a score, then the identifiers of the fragments that have it.
FragmentScores read_table(const fs::path& path) {
  const auto fail = [&] {
    return DataError("sa-table", fmt::format("{}: not a table of fragment scores", path.string()));
  };
  const auto document = pickle::parse(read_file(path, std::uint64_t{200} << 20), path.string(),
                                      [](const std::string&) { return false; });
  using Kind = pickle::Node::Kind;
  FragmentScores scores;
  if (document.top().kind != Kind::list) throw fail();
  for (const pickle::NodeId id : document.top().items) {
    const pickle::Node& row = document.at(id);
    if (row.kind != Kind::list || row.items.empty()) throw fail();
    const pickle::Node& first = document.at(row.items.front());
    if (first.kind != Kind::real && first.kind != Kind::integer) throw fail();
    const double score = first.kind == Kind::real ? first.real : static_cast<double>(first.integer);
    for (std::size_t i = 1; i < row.items.size(); ++i) {
      const pickle::Node& fragment = document.at(row.items[i]);
      if (fragment.kind != Kind::integer) throw fail();
      scores.emplace_back(static_cast<std::uint32_t>(fragment.integer), static_cast<float>(score));
    }
  }
  if (scores.empty()) throw fail();
  std::stable_sort(scores.begin(), scores.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return scores;
}

/// The table, or why there is none; read once.
struct Table {
  FragmentScores scores;
  std::optional<DataError> problem;
};

const Table& table() {
  static const Table loaded = [] {
    Table result;
    try {
      result.scores = read_table(table_path());
    } catch (const DataError& error) {
      result.problem = error;
    }
    return result;
  }();
  return loaded;
}

double score_of(std::uint32_t fragment) {
  const auto& scores = table().scores;
  const auto found =
      std::lower_bound(scores.begin(), scores.end(), fragment,
                       [](const auto& item, std::uint32_t id) { return item.first < id; });
  return found != scores.end() && found->first == fragment ? found->second : kUnknownFragment;
}

double complexity_penalty(RDKit::ROMol& molecule) {
  const auto atoms = static_cast<double>(molecule.getNumAtoms());
  // The mark stays, as in the original, so that a second call gives the same.
  RDKit::MolOps::assignStereochemistry(molecule, false, true, true);
  int stereocentres = 0;
  for (const auto* atom : molecule.atoms())
    stereocentres += atom->hasProp(RDKit::common_properties::_CIPCode) ||
                     atom->hasProp(RDKit::common_properties::_ChiralityPossible);
  const auto& rings = molecule.getRingInfo()->atomRings();
  const bool macrocycle =
      std::any_of(rings.begin(), rings.end(), [](const auto& ring) { return ring.size() > 8; });
  return std::pow(atoms, 1.005) - atoms + std::log10(stereocentres + 1) +
         std::log10(RDKit::Descriptors::calcNumSpiroAtoms(molecule) + 1) +
         std::log10(RDKit::Descriptors::calcNumBridgeheadAtoms(molecule) + 1) +
         (macrocycle ? std::log10(2) : 0);
}

}  // namespace

std::string sa_table_problem() {
  return table().problem ? table().problem->message() : std::string();
}

namespace rdkit {

double sa_score(RDKit::ROMol& molecule, const MorganCounts& counts) {
  if (table().problem) throw *table().problem;
  double fragments = 0;
  int total = 0;
  for (const auto& [fragment, count] : counts) {
    fragments += score_of(fragment) * count;
    total += count;
  }
  double score = fragments / total - complexity_penalty(molecule);
  // Symmetric molecules have few different fragments and are easier to make.
  const auto atoms = static_cast<double>(molecule.getNumAtoms());
  const auto different = static_cast<double>(counts.size());
  if (atoms > different) score += 0.5 * std::log(atoms / different);

  // From the raw range -4..2.5 to 10..1, its hard end smoothed.
  double result = 11 - (score + 4 + 1) / 6.5 * 9;
  if (result > 8) result = 8 + std::log(result + 1 - 9);
  return std::clamp(result, 1.0, 10.0);
}

}  // namespace rdkit
}  // namespace equigen
