// SPDX-License-Identifier: MIT
#include "equigen/data/convert_samples.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/parallel.h"
#include "equigen/data/sample_stream.h"
#include "equigen/data/sample_table.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamedSkips = 20;

/// A file that gets its name when it is whole, and goes away when it never is.
class Unfinished {
 public:
  /// The format is told by the name's end, so what is put in stands in front.
  explicit Unfinished(const fs::path& target)
      : target_(target),
        path_(target.parent_path() /
              fmt::format(".{}.{}", ::getpid(), target.filename().string())) {}
  ~Unfinished() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const fs::path& path() const { return path_; }
  void finish() {
    std::error_code failure;
    fs::rename(path_, target_, failure);
    if (failure)
      throw ResourceError("file-write",
                          fmt::format("cannot write {}: {}", target_.string(), failure.message()));
  }

 private:
  fs::path target_;
  fs::path path_;
};

/// Counts what the samples have and the target's format does not.
class Losses {
 public:
  Losses(const fs::path& source, const fs::path& target, const SampleFileOptions& options)
      : from_(sample_format(source)),
        to_(sample_format(target)),
        from_table_(is_sample_table(source)),
        to_table_(is_sample_table(target)),
        keep_hydrogens_(options.keep_hydrogens),
        holds_texts_(holds_texts(target)) {}

  void look_at(const Sample& sample, const SampleTexts& texts) {
    if (!texts.empty()) ++texts_;
    if (!sample.properties.empty()) ++properties_;
    if (std::holds_alternative<Crystal>(sample.structure)) ++crystals_;
    const auto* molecule = std::get_if<Molecule>(&sample.structure);
    if (molecule == nullptr) return;
    if (!molecule->positions.empty()) ++positions_;
    if (!molecule->bonds.empty()) ++bonded_;
    if (may_have_stereochemistry(molecule->smiles)) ++stereo_;
    const bool lists_hydrogen =
        molecule->atoms.size() > 1 &&
        std::ranges::any_of(molecule->atoms, [](const Atom& a) { return a.atomic_number == 1; });
    if (lists_hydrogen) ++hydrogens_;
  }

  std::vector<std::string> sentences() const {
    std::vector<std::string> lost;
    const auto add = [&](std::int64_t count, const char* sentence) {
      if (count > 0) lost.push_back(fmt::format(fmt::runtime(sentence), count));
    };
    if (to_ == ".smi" || to_table_) {
      add(positions_, "the 3-D positions of {} molecules are not kept by SMILES");
      add(hydrogens_, "explicit hydrogens of {} molecules become implicit in SMILES");
    }
    if (to_ == ".xyz" || to_ == ".extxyz")
      add(bonded_, "the bonds of {} molecules are not kept by .xyz: they are perceived when read");
    if (to_ == ".sdf")
      add(stereo_, "stereochemistry or isotopes of {} molecules are not kept by .sdf as written");
    if (to_ == ".g6") add(properties_, "the properties of {} graphs are not kept by .g6");
    if (to_ == ".edges" || to_ == ".edgelist")
      add(properties_, "the properties of {} graphs are not kept by lists of edges");
    if (to_ == ".poscar") add(properties_, "the properties of {} crystals are not kept by POSCAR");
    if ((to_ == ".cif" || to_table_) && from_ != ".cif" && !from_table_)
      add(crystals_, "the orientation of {} lattices in space is not kept by CIF");
    const bool folds = from_ == ".sdf" && !keep_hydrogens_;
    if (folds)
      lost.emplace_back(
          "explicit hydrogens of the .sdf were folded into their neighbours; they stay atoms with "
          "--keep-hydrogens");
    if (!holds_texts_ && texts_ > 0)
      lost.push_back(fmt::format("what {} rows have beside numbers and a name is not kept by {}",
                                 texts_, to_ == ".poscar" ? "POSCAR" : to_));
    return lost;
  }

 private:
  std::string from_;
  std::string to_;
  bool from_table_;
  bool to_table_;
  bool keep_hydrogens_;
  bool holds_texts_;
  std::int64_t positions_ = 0;
  std::int64_t bonded_ = 0;
  std::int64_t hydrogens_ = 0;
  std::int64_t stereo_ = 0;
  std::int64_t properties_ = 0;
  std::int64_t crystals_ = 0;
  std::int64_t texts_ = 0;
};

/// What files of this format may hold.
std::vector<std::string> structures_in(const fs::path& source) {
  const auto format = sample_format(source);
  if (format == ".g6" || format == ".graph6" || format == ".edges" || format == ".edgelist")
    return {"graph"};
  if (format == ".cif" || format == ".poscar" || format == ".zip" || format == ".tar")
    return {"crystal"};
  if (format == ".jsonl") return {"graph", "crystal", "molecule"};
  if (format == ".txt") return {"graph", "molecule"};
  const bool may_be_crystals =
      format == ".csv" || format == ".tsv" || format == ".xyz" || format == ".extxyz";
  return may_be_crystals ? std::vector<std::string>{"crystal", "molecule"}
                         : std::vector<std::string>{"molecule"};
}

/// Of a source that may hold several kinds, the first row decides later.
void require_writable_target(const fs::path& source, const fs::path& target) {
  const auto structures = structures_in(source);
  for (std::size_t k = 0; k + 1 < structures.size(); ++k) {
    try {
      require_writable_format(target, structures[k]);
      return;
    } catch (const ConfigError&) {
      // Another kind may fit.
    }
  }
  require_writable_format(target, structures.back());
}

void check_paths(const fs::path& source, const fs::path& target) {
  std::error_code ignored;
  if (fs::equivalent(source, target, ignored))
    throw ConfigError("convert-same", fmt::format("{} is source and target", source.string()),
                      "name another file");
  if (fs::is_directory(target, ignored))
    throw ConfigError("convert-target", fmt::format("{} is a folder", target.string()),
                      "name the file to write, its ending tells the format");
}

class Converter {
 public:
  Converter(const fs::path& source, const fs::path& target, const SampleFileOptions& options,
            const SampleWriteOptions& write)
      : source_(source),
        target_(target),
        write_(write),
        unfinished_(target),
        losses_(source, target, options) {}

  Conversion run(const SampleFileOptions& options, const StopRequested& stop) {
    progress_.update(0);
    SampleFileOptions with_texts = options;
    with_texts.keep_texts = true;
    if (is_sample_table(target_)) write_.columns = all_names(with_texts, stop);
    stream_sample_file(source_, with_texts, [&](SampleFile piece) {
      if (result_.stopped) return;
      take(std::move(piece));
      progress_.update(result_.rows);
      result_.stopped = stop && stop();
    });
    if (result_.stopped) return result_;
    if (writer_ == nullptr || result_.written == 0) refuse_empty();
    writer_->flush();
    writer_.reset();
    unfinished_.finish();
    result_.losses = losses_.sentences();
    return result_;
  }

 private:
  /// A table's heading stands before its rows, so these are read twice.
  std::vector<std::string> all_names(const SampleFileOptions& options, const StopRequested& stop) {
    constexpr std::size_t kMostColumns = 1000;
    std::vector<std::string> names;
    std::set<std::string> known;
    stream_sample_file(source_, options, [&](const SampleFile& piece) {
      result_.stopped = result_.stopped || (stop && stop());
      for (std::size_t k = 0; k < piece.samples.size() && !result_.stopped; ++k)
        for (std::string& name : names_beside(piece.samples[k], texts_of(piece, k)))
          if (known.insert(name).second) names.push_back(std::move(name));
      if (names.size() > kMostColumns)
        throw ConfigError(
            "sample-format",
            fmt::format("{} would need more than {} columns", target_.string(), kMostColumns),
            "write .jsonl, whose lines may differ");
    });
    return names;
  }

  void take(SampleFile piece) {
    const std::int64_t before = result_.rows;
    result_.rows += piece.row_count;
    result_.skipped_count += piece.skipped_count;
    for (auto& row : piece.skipped) name_skip(std::move(row));
    write(piece);
    if (writer_ != nullptr && before != result_.rows) writer_->flush();
  }

  /// Formats without texts have no lists of them.
  static const SampleTexts& texts_of(const SampleFile& piece, std::size_t place) {
    static const SampleTexts none;
    return piece.texts.empty() ? none : piece.texts.at(place);
  }

  /// A sample as it is written, or why it cannot be.
  struct Record {
    std::string text;
    std::string problem;
  };

  std::vector<Record> encoded(const SampleFile& piece) const {
    std::vector<Record> records(piece.samples.size());
    parallel_for(std::ssize(piece.samples), [&](std::int64_t i) {
      const auto place = static_cast<std::size_t>(i);
      Record& record = records[place];
      try {
        record.text = writer_->encoded(piece.samples[place], texts_of(piece, place));
      } catch (const DataError& problem) {
        record.problem = problem.message();
      }
    });
    return records;
  }

  void write(const SampleFile& piece) {
    if (piece.samples.empty()) return;
    if (writer_ == nullptr) {
      require_writable_format(target_, structure_kind(piece.samples.front()));
      writer_ = open_sample_writer(unfinished_.path(), false, write_);
    }
    const std::vector<Record> records = encoded(piece);
    for (std::size_t k = 0; k < records.size(); ++k) {
      if (!records[k].problem.empty()) {
        ++result_.skipped_count;
        name_skip({fmt::format("{}, row {}", source_.string(), piece.rows[k]),
                   "cannot be written: " + records[k].problem});
        continue;
      }
      writer_->add(records[k].text);
      ++result_.written;
      losses_.look_at(piece.samples[k], texts_of(piece, k));
    }
  }

  void name_skip(SkippedRow row) {
    if (result_.skipped.size() < kNamedSkips) result_.skipped.push_back(std::move(row));
  }

  [[noreturn]] void refuse_empty() const {
    std::string reasons;
    for (const auto& row : result_.skipped)
      reasons += fmt::format("\n  {}: {}", row.source, row.reason);
    throw DataError("data-empty",
                    fmt::format("{} holds no usable samples{}", source_.string(), reasons));
  }

  const fs::path& source_;
  const fs::path& target_;
  SampleWriteOptions write_;
  Unfinished unfinished_;
  Losses losses_;
  std::unique_ptr<SampleWriter> writer_;
  Conversion result_;
  Progress progress_{"converting", -1, "rows"};
};

}  // namespace

Conversion convert_samples(const fs::path& source, const fs::path& target,
                           const SampleFileOptions& options, const StopRequested& stop,
                           const SampleWriteOptions& write) {
  check_paths(source, target);
  require_writable_target(source, target);
  return Converter(source, target, options, write).run(options, stop);
}

}  // namespace equigen
