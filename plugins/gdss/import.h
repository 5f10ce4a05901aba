// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/config/schema.h"
#include "equigen/model/importer.h"

namespace equigen::gdss {

/// Published weights of GDSS: the authors' .pth files (a dict with `model_config`, `x_state_dict`,
/// `adj_state_dict`, `ema_x`, `ema_adj`), and safetensors files with tensors `x.*`, `adj.*`,
/// `ema_x.*`, `ema_adj.*` and the training configuration as metadata `config`.
class GdssImporter final : public Importer {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };
  explicit GdssImporter(const Config& config);

  bool recognises(const ImportedFile& file) const override;
  ImportedModel convert(const ImportedFile& file) const override;
};

}  // namespace equigen::gdss
