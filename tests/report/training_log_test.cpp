// SPDX-License-Identifier: MIT
#include "equigen/report/training_log.h"

#include <cmath>

#include "catch.h"
#include "equigen/base/error.h"

using namespace equigen::report;

TEST_CASE("a training log is read by quantity") {
  const TrainingLog log = parse_training_log(
      R"({"step": 10, "epoch": 0.5, "time": 1.5, "train/loss": 2.5, "note": "text"}
{"step": 20, "epoch": 1, "time": 3, "train/loss": null, "validation/loss": 2}
)");
  REQUIRE(log.series.size() == 2);
  CHECK(log.find("train/loss")->steps == std::vector<double>{10, 20});
  CHECK(std::isnan(log.find("train/loss")->values[1]));
  CHECK(log.find("validation/loss")->values == std::vector<double>{2});
  CHECK(log.find("nothing") == nullptr);
  CHECK(log.last_step == 20);
  CHECK(log.last_epoch == 1);
  CHECK(log.seconds == 3);
  CHECK(log.bad_line_count == 0);
}

TEST_CASE("a log that was cut or is empty is read as far as it goes") {
  CHECK(parse_training_log("").empty());
  const TrainingLog log = parse_training_log(
      "{\"step\": 1, \"train/loss\": 1}\n\nnot json\n[1]\n{\"loss\": 3}\n{\"step\": 1e300}\n"
      "{\"step\": 2, \"train/lo");
  CHECK(log.bad_line_count == 5);
  CHECK(log.find("train/loss")->values == std::vector<double>{1});
}

TEST_CASE("steps that a resumed run did again replace the earlier ones") {
  const TrainingLog log = parse_training_log(
      "{\"step\": 10, \"a\": 1}\n{\"step\": 20, \"a\": 2}\n{\"step\": 30, \"a\": 3}\n"
      "{\"step\": 20, \"a\": 5}\n");
  CHECK(log.find("a")->steps == std::vector<double>{10, 20});
  CHECK(log.find("a")->values == std::vector<double>{1, 5});
}

TEST_CASE("a missing log is an error that names it") {
  CHECK_THROWS_AS(read_training_log("/nowhere/metrics.jsonl"), equigen::DataError);
}
