// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/process/row_noise.h"

namespace equigen {

/// The three fields of a crystal. Their data: fractional coordinates [n, 3]; lattice parameters
/// [B, 6], lengths in Å and angles in degrees; elements [n] int64, places in a vocabulary.
enum class CrystalField { coordinates, lattice, elements };

inline constexpr CrystalField kCrystalFields[] = {CrystalField::coordinates, CrystalField::lattice,
                                                  CrystalField::elements};

/// "coordinates", "lattice" or "elements".
std::string name_of(CrystalField field);

/// What a process is built for.
struct FieldSetting {
  CrystalField field = CrystalField::coordinates;
  std::int64_t steps = 1000;    ///< network calls of a generation
  std::vector<int> vocabulary;  ///< atomic numbers; of elements
  DataSummary data;             ///< of the training data
};

/// How wide a field is for the network.
struct FieldLayout {
  std::int64_t seen = 0;          ///< columns it sees
  std::int64_t conditioning = 0;  ///< columns more that say how certain the field is
  std::int64_t predicted = 0;     ///< columns it predicts
  bool is_matrix = true;          ///< of a lattice: three vectors; otherwise parameters
  bool starts_at_zero = false;    ///< the prior is zero: at step 1 the network sees nothing of it
};

/// Which crystal of the batch each row belongs to: its own for a lattice.
struct FieldRows {
  at::Tensor crystal;         ///< [R] int64
  std::int64_t crystals = 0;  ///< B
};

/// A field on its way between noise and data.
struct NoisyField {
  at::Tensor value;         ///< [R, ...]
  at::Tensor conditioning;  ///< [R, FieldLayout::conditioning]; undefined without
};

/// What a training step makes of clean data.
struct CorruptedField {
  NoisyField noisy;
  at::Tensor clean;  ///< as encode() gives it
  at::Tensor
      target;       ///< what the network should predict, where that is not the data; else undefined
  at::Tensor step;  ///< [R]
};

/// A stride of a sampler: from what the network saw at step `from` to what it sees at step `to`;
/// `to` is N + 1 after the last call. Steps in between are left out.
struct Stride {
  std::int64_t from = 1;
  std::int64_t to = 2;
};

enum class ProcessUse { training, sampling };

/// How one field of a crystal goes from noise to data: a Bayesian flow, a diffusion, a flow along
/// geodesics. Chosen in YAML, field by field; a model is fields x processes x network.
///
/// Time is counted in steps of the generation, 1 to `steps`: step i is the i-th call of the
/// network, which at step 1 sees the prior. In training, a process that takes real times may be
/// given steps in [1, steps + 1).
class FieldProcess {
 public:
  static constexpr std::string_view kind = "field_process";
  using Create = std::shared_ptr<FieldProcess>(const FieldSetting&);

  virtual ~FieldProcess();

  virtual FieldLayout layout() const = 0;
  /// Whether times between whole steps make sense.
  virtual bool takes_real_times() const { return false; }
  /// Empty, or why a crystal's field is outside what the process can describe.
  virtual std::string misfit(const Crystal& crystal) const;

  /// The name of the way it samples, where all processes of a model that have one must go the same
  /// way; empty: it goes with any.
  virtual std::string sampler() const { return {}; }
  /// Whether rows share random numbers that begin() draws.
  virtual bool shares_noise() const { return false; }
  /// Called before each training step and each sampling. `place` is for random numbers that rows
  /// share: a sample's is decided by the seed and the block of samples that its index is in.
  virtual void begin(ProcessUse use, const NoisePlace& place, at::Device device);

  /// Data to the process's own space, [R, ...].
  virtual at::Tensor encode(const at::Tensor& data) const = 0;
  /// What the network sees of a value: [R, seen]. Of coordinates: angles, 2 pi times the fractional
  /// coordinates.
  virtual at::Tensor seen(const at::Tensor& value) const;
  /// [B, 3, 3] the lattice in Å that a value stands for; of lattice processes.
  virtual at::Tensor cell(const at::Tensor& value) const;

  virtual NoisyField prior(const FieldRows& rows, RowNoise& noise) = 0;
  virtual CorruptedField corrupt(const at::Tensor& clean, const at::Tensor& step,
                                 const FieldRows& rows, RowNoise& noise) = 0;
  /// [R]: each row's part of the loss.
  virtual at::Tensor loss(const at::Tensor& output, const CorruptedField& corrupted,
                          const FieldRows& rows) const = 0;

  /// Whether each step calls the network a second time, before advance(), for correct().
  virtual bool corrects() const { return false; }
  virtual NoisyField correct(const NoisyField& field, const at::Tensor& output, std::int64_t step,
                             const FieldRows& rows, RowNoise& noise);
  /// One stride, given the network's output at its start; after the last, what result() takes.
  virtual NoisyField advance(const NoisyField& field, const at::Tensor& output,
                             const Stride& stride, const FieldRows& rows, RowNoise& noise) = 0;
  /// The data in the end: fractional coordinates in [0, 1), lattice vectors [B, 3, 3] in Å, or
  /// places in the vocabulary.
  virtual at::Tensor result(const NoisyField& field, RowNoise& noise) = 0;
};

/// Throws ConfigError unless the setting is of this field: "process NAME is for lattices".
void require_field(const FieldSetting& setting, CrystalField field, const std::string& process);

/// Entries of a table [N + 1] at each row's step [R], in the type of `like` and shaped to multiply
/// it.
at::Tensor at_step(const at::Tensor& table, const at::Tensor& step, const at::Tensor& like);

/// [B, 9] lattice vectors of lattice parameters [B, 6] in Å and degrees: c along z, a in the xz
/// plane, as Lattice::from_parameters(). Calculates in double precision.
at::Tensor lattice_vectors(const at::Tensor& parameters);
/// The reverse: [B, 6] of [B, 9] or [B, 3, 3].
at::Tensor lattice_parameters(const at::Tensor& vectors);

}  // namespace equigen
