// SPDX-License-Identifier: MIT
#include "equigen/config/validate.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/config/compose.h"

using namespace equigen::config;

namespace {

struct Ema {
  double decay = 0.999;
  bool warm_up = true;
  static void declare(Declaration<Ema>& keys) {
    keys.field("decay", &Ema::decay, "decay a step").range(0, 1).below(1);
    keys.field("warm_up", &Ema::warm_up, "whether it starts softly");
  }
};

struct Optimizer {
  std::string type = "adam";
  double lr = 1e-3;
  static void declare(Declaration<Optimizer>& keys) {
    keys.field("type", &Optimizer::type, "which").choices({"adam", "adamw", "sgd"});
    keys.field("lr", &Optimizer::lr, "step size").above(0);
  }
};

struct Trainer {
  std::int64_t max_steps = 100;
  int threads = 1;
  Ema ema;
  Optimizer optimizer;
  std::vector<std::int64_t> milestones;
  static void declare(Declaration<Trainer>& keys) {
    keys.field("max_steps", &Trainer::max_steps, "steps").at_least(1);
    keys.field("threads", &Trainer::threads, "threads").at_least(0);
    keys.field("ema", &Trainer::ema, "moving average");
    keys.field("optimizer", &Trainer::optimizer, "optimizer");
    keys.field("milestones", &Trainer::milestones, "steps of note").at_least(0);
  }
};

struct Run {
  std::string name = "run";
  std::uint64_t seed = 1;
  ComponentChoice model;
  std::vector<ComponentChoice> metrics;
  Trainer trainer;
  static void declare(Declaration<Run>& keys) {
    keys.field("name", &Run::name, "its name");
    keys.field("seed", &Run::seed, "all randomness");
    keys.field("model", &Run::model, "the model").kind("model").required();
    keys.field("metrics", &Run::metrics, "figures").kind("metric");
    keys.field("trainer", &Run::trainer, "the training");
  }
};

struct Egnn {
  std::int64_t hidden_dim = 64;
  std::int64_t num_layers = 4;
  double cutoff = 5;
  std::string activation = "silu";
  static void declare(Declaration<Egnn>& keys) {
    keys.field("hidden_dim", &Egnn::hidden_dim, "channels").at_least(1);
    keys.field("num_layers", &Egnn::num_layers, "depth").at_least(1);
    keys.field("cutoff", &Egnn::cutoff, "radius").above(0).unit("angstrom");
    keys.field("activation", &Egnn::activation, "non-linearity");
  }
};

const ComponentSchemas kComponents{
    [](const std::string& kind, const std::string& name) {
      return kind == "model" && name == "egnn" ? &schema_of<Egnn>() : nullptr;
    },
    [](const std::string& kind) {
      return kind == "model" ? std::vector<std::string>{"egnn"} : std::vector<std::string>{};
    }};

std::string problems_of(const std::string& text, std::vector<std::string> overrides = {}) {
  Problems problems;
  Value tree = parse_yaml(text, "experiments/qm9.yaml", problems);
  tree = apply_overrides(tree, overrides, problems);
  validate(tree, schema_of<Run>(), kComponents, "the run", problems);
  return problems.empty() ? "" : problems.render();
}

}  // namespace

TEST_CASE("validate: the wanted look of errors") {
  const std::string text =
      "name: x\nmodel:\n  type: egnn\n  hiden_dim: 256\n  cutoff: '5'\n"
      "trainer:\n  optimizer: {type: adamm}\n  max_steps: 1e6\nlr: 0.1\n";
  CHECK(problems_of(text, {"seed=3", "trainer.ema.decay=1.5", "trainer.emma=1"}) ==
        R"(error: unknown key 'hiden_dim' in model egnn                        [config-unknown-key]
  --> experiments/qm9.yaml:4:3
    4 |   hiden_dim: 256
      |   ^^^^^^^^^ did you mean 'hidden_dim'?
   = model egnn accepts: hidden_dim, num_layers, cutoff, activation   (equigen describe egnn)
error: wrong type for 'model.cutoff': got '5'                       [config-type]
  --> experiments/qm9.yaml:5:11
    5 |   cutoff: '5'
      |           ^^^ in quotes it is text: write 5
   = expected a number above 0 (angstrom), default 5
error: unknown value 'adamm' for 'trainer.optimizer.type'           [config-choice]
  --> experiments/qm9.yaml:7:21
    7 |   optimizer: {type: adamm}
      |                     ^^^^^ did you mean 'adam'?
   = expected one of: adam, adamw, sgd, default adam
error: wrong type for 'trainer.max_steps': got '1e6'                [config-type]
  --> experiments/qm9.yaml:8:14
    8 |   max_steps: 1e6
      |              ^^^ write 1000000
   = expected an integer at least 1, default 100
error: unknown key 'lr' in the run                                  [config-unknown-key]
  --> experiments/qm9.yaml:9:1
    9 | lr: 0.1
      | ^^ 'lr' exists under 'trainer.optimizer'
   = the run accepts: name, seed, model, metrics, trainer
error: value out of range for 'trainer.ema.decay'                   [config-range]
  --> command line, argument 2: trainer.ema.decay=1.5
   = expected a number in [0, 1), default 0.999
error: unknown key 'emma' in 'trainer'                              [config-unknown-key]
  --> command line, argument 3: trainer.emma=1
   = did you mean 'ema'?
   = 'trainer' accepts: max_steps, threads, ema, optimizer, milestones
7 errors in the configuration; nothing was run.)");
}

TEST_CASE("validate: each kind of wrong value says what is expected") {
  const auto expects = [](const std::string& line, const std::string& part) {
    CHECK_THAT(problems_of("model: egnn\n" + line + "\n"), ContainsSubstring(part));
  };
  expects("trainer: {ema: {warm_up: yes}}", "write true");
  expects("trainer: {ema: {warm_up: Off}}", "write false");
  expects("trainer: {ema: {warm_up: 'true'}}", "expected true or false, default true");
  expects("trainer: {max_steps: 0}", "expected an integer at least 1, default 100");
  expects("trainer: {max_steps: 1_000}", "write 1000");
  expects("trainer: {max_steps: many}", "got 'many'");
  expects("trainer: {max_steps: 99999999999999999999}", "wrong type for 'trainer.max_steps'");
  expects("trainer: {max_steps: }", "'trainer.max_steps' has no value");
  expects("trainer: {threads: 3000000000}", "value out of range for 'trainer.threads'");
  expects("trainer: {ema: {decay: .nan}}", "value out of range for 'trainer.ema.decay'");
  expects("trainer: {milestones: 3}", "write a list: [...]");
  expects("trainer: {milestones: [3, -1]}", "value out of range for 'trainer.milestones.1'");
  expects("trainer: [1]", "wrong type for 'trainer': got a list");
  expects("trainer: fast", "wrong type for 'trainer': got 'fast'");
  expects("seed: -1", "value out of range for 'seed'");
  expects("name: [a]", "wrong type for 'name': got a list");
  expects("metrics: [validity]", "no plugin that was found provides a metric");
}

TEST_CASE("validate: components must be known, named and complete") {
  CHECK_THAT(problems_of("name: x\n"), ContainsSubstring("missing key 'model' in the run"));
  CHECK_THAT(problems_of("model:\n"), ContainsSubstring("'model' has no value"));
  CHECK_THAT(problems_of("model: {hidden_dim: 3}\n"),
             ContainsSubstring("'model' does not say which model it is"));
  CHECK_THAT(problems_of("model: egn\n"), ContainsSubstring("unknown model 'egn'") &&
                                              ContainsSubstring("did you mean 'egnn'?") &&
                                              ContainsSubstring("known models: egnn"));
  CHECK_THAT(problems_of("- a\n"), ContainsSubstring("the run must be a map of keys"));
  CHECK(problems_of("model: egnn\ntrainer:\nmetrics:\n").empty());
}

TEST_CASE(
    "validate: beside a piece that is not there, wrong keys are named and missing ones are not") {
  Problems problems;
  problems.add({.identifier = "config-missing-file", .message = "gone", .lacks_keys = true});
  const Value tree = parse_yaml("trainer: {max_steps: -1e9, emma: 1}\n", "file.yaml", problems);
  validate(tree, schema_of<Run>(), kComponents, "the run", problems);
  const std::string text = problems.render();
  CHECK_THAT(text, ContainsSubstring("unknown key 'emma'"));
  CHECK_THAT(text, !ContainsSubstring("missing key"));
}

TEST_CASE("validate: a component is suggested by what its description speaks of") {
  const ComponentSchemas described{[](const std::string&, const std::string& name) {
                                     static const Schema schema = [] {
                                       Schema made;
                                       made.doc = "weight, logP and QED";
                                       return made;
                                     }();
                                     return name == "properties" ? &schema : nullptr;
                                   },
                                   [](const std::string&) {
                                     return std::vector<std::string>{"properties", "filters"};
                                   }};
  Problems problems;
  const Value tree = parse_yaml("model: qed\n", "file.yaml", problems);
  validate(tree, schema_of<Run>(), described, "the run", problems);
  CHECK_THAT(problems.render(), ContainsSubstring("perhaps properties?"));
}

TEST_CASE("validate: options of a component that another has replaced count no more") {
  CHECK(problems_of("model: {type: other, depth: 3}\n", {"model.type=egnn"}).empty());
  CHECK_THAT(problems_of("model: egnn\n", {"model.depth=3", "model.type=egnn"}),
             ContainsSubstring("unknown key 'depth'"));
}

TEST_CASE("validate: an accepted tree is complete, in the order of its schema, with origins") {
  Problems problems;
  const Value tree = parse_yaml("trainer: {max_steps: 5}\nmodel: egnn\n", "file.yaml", problems);
  const Value complete = validate(tree, schema_of<Run>(), kComponents, "the run", problems);
  REQUIRE(problems.empty());
  CHECK(complete.entries()[0].key == "name");
  CHECK(complete.at_path("model.hidden_dim")->origin().source == "default");
  CHECK(complete.at_path("trainer.max_steps")->origin().where() == "file.yaml:1:22");
  CHECK_THAT(complete.to_yaml(true), ContainsSubstring("max_steps: 5  # file.yaml:1:22"));
  const Run run = read<Run>(complete);
  CHECK(run.trainer.max_steps == 5);
  CHECK(run.model.type == "egnn");
  CHECK(run.model.options.find("num_layers")->text() == "4");
  Problems again;
  CHECK(validate(complete, schema_of<Run>(), kComponents, "the run", again).to_json() ==
        complete.to_json());
  CHECK(again.empty());
}

TEST_CASE("validate: a file that is no YAML gets its syntax error and nothing else") {
  const std::string text = problems_of("name: [x\ntrainer: 3\n");
  CHECK_THAT(text, ContainsSubstring("[config-syntax]") &&
                       ContainsSubstring("1 error in the configuration"));
}

TEST_CASE("validate: long lines are cut around the mistake") {
  const std::string text =
      "model: egnn\ntrainer: {milestones: [" + std::string(300, '1') + ", x]}\n";
  const std::string rendered = problems_of(text);
  CHECK_THAT(rendered, ContainsSubstring("got 'x'"));
  std::size_t longest = 0;
  for (std::size_t start = 0; start < rendered.size();) {
    const auto end = std::min(rendered.find('\n', start), rendered.size());
    longest = std::max(longest, end - start);
    start = end + 1;
  }
  CHECK(longest < 130);
}

TEST_CASE("validate: all mistakes are thrown as one configuration error") {
  Problems problems;
  const Value tree = parse_yaml("nam: x\n", "file.yaml", problems);
  try {
    checked<Run>(tree, kComponents, "the run");
    FAIL("nothing was thrown");
  } catch (const equigen::ConfigError& failure) {
    CHECK(failure.identifier() == kProblemsIdentifier);
    CHECK_THAT(failure.what(), ContainsSubstring("2 errors in the configuration"));
  }
}
