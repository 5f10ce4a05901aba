// SPDX-License-Identifier: MIT
#include "crystal_stability/interatomic_potential.h"

#include <fmt/format.h>
#include <torch/autograd.h>
#include <torch/script.h>

#include <cmath>
#include <new>
#include <sstream>
#include <string>
#include <unordered_map>

#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/neighbours.h"

namespace equigen::crystal_stability {
namespace {

using Dictionary = c10::Dict<std::string, torch::Tensor>;

DataError unusable(const std::string& message) {
  return DataError(
      "crystal-stability-potential", message,
      "see the README of the plugin crystal_stability for the two forms of TorchScript "
      "potentials that it understands");
}

/// What NequIP stores beside the module when it deploys it.
struct NequipMetadata {
  double cutoff = 0;                            // Å
  std::unordered_map<int, std::int64_t> types;  // by atomic number
};

torch::Tensor rows_of(const std::vector<Vector3>& vectors) {
  torch::Tensor rows =
      torch::empty({static_cast<std::int64_t>(vectors.size()), 3}, torch::kFloat64);
  auto values = rows.accessor<double, 2>();
  for (std::size_t i = 0; i < vectors.size(); ++i)
    for (std::size_t k = 0; k < 3; ++k)
      values[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(k)] = vectors[i][k];
  return rows;
}

std::vector<Vector3> vectors_of(const torch::Tensor& tensor) {
  const torch::Tensor rows = tensor.detach().to(torch::kCPU, torch::kFloat64).contiguous();
  std::vector<Vector3> vectors(static_cast<std::size_t>(rows.size(0)));
  const auto values = rows.accessor<double, 2>();
  for (std::size_t i = 0; i < vectors.size(); ++i)
    for (std::size_t k = 0; k < 3; ++k)
      vectors[i][k] = values[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(k)];
  return vectors;
}

Matrix3 matrix_of(const torch::Tensor& tensor) {
  const auto rows = vectors_of(tensor.reshape({3, 3}));
  return {rows[0], rows[1], rows[2]};
}

torch::Tensor cell_of(const Crystal& crystal) {
  const Matrix3& vectors = crystal.lattice.vectors();
  return rows_of({vectors[0], vectors[1], vectors[2]});
}

torch::Tensor positions_of(const Crystal& crystal) {
  std::vector<Vector3> positions;
  for (const Vector3& at : crystal.fractional_coordinates)
    positions.push_back(crystal.lattice.to_cartesian(at));
  return rows_of(positions);
}

/// Of the module's parameters; double where it has none.
torch::Dtype precision_of(const torch::jit::Module& module) {
  for (const torch::Tensor& parameter : module.parameters())
    if (parameter.is_floating_point()) return parameter.scalar_type();
  return torch::kFloat64;
}

void require_finite(const EnergyAndForces& found) {
  bool is_finite = std::isfinite(found.energy);
  for (const Vector3& force : found.forces) is_finite = is_finite && std::isfinite(norm(force));
  for (const Vector3& row : found.stress) is_finite = is_finite && std::isfinite(norm(row));
  if (!is_finite)
    throw NumericalError("crystal-stability-potential",
                         "the potential's energy, forces or stress are not finite");
}

/// Energy of a strained crystal: its derivatives by positions and strain are what is asked for.
EnergyAndForces differentiated(torch::jit::Module& module, const Crystal& crystal,
                               torch::Dtype precision) {
  std::vector<std::int64_t> numbers(crystal.atomic_numbers.begin(), crystal.atomic_numbers.end());
  const torch::Tensor strain = torch::zeros({3, 3}, precision).requires_grad_();
  const torch::Tensor deformation =
      torch::eye(3, precision) + 0.5 * (strain + strain.transpose(0, 1));
  const torch::Tensor positions = positions_of(crystal).to(precision).requires_grad_();
  const torch::Tensor cell = torch::mm(cell_of(crystal).to(precision), deformation);
  const c10::IValue answer = module.forward(
      {torch::tensor(numbers, torch::kInt64), torch::mm(positions, deformation), cell});
  if (!answer.isTensor() || answer.toTensor().numel() != 1)
    throw unusable("the potential's forward() did not return one number, the energy");
  const torch::Tensor energy = answer.toTensor().reshape({});
  if (!energy.requires_grad())
    throw unusable("the potential's energy cannot be differentiated by the positions");
  const auto gradients = torch::autograd::grad({energy}, {positions, strain}, {}, /*retain=*/false,
                                               /*create_graph=*/false, /*allow_unused=*/true);
  const auto or_zero = [](const torch::Tensor& gradient, const torch::Tensor& like) {
    return gradient.defined() ? gradient : torch::zeros_like(like);
  };
  return {.energy = energy.item<double>(),
          .forces = vectors_of(-or_zero(gradients[0], positions)),
          .stress = matrix_of(or_zero(gradients[1], strain) / crystal.lattice.volume())};
}

Dictionary nequip_input(const Crystal& crystal, const NequipMetadata& metadata,
                        torch::Dtype precision) {
  std::vector<std::int64_t> types;
  for (const int number : crystal.atomic_numbers) {
    const auto type = metadata.types.find(number);
    if (type == metadata.types.end())
      throw DataError("crystal-stability-element",
                      fmt::format("the potential does not know {}", element(number).symbol));
    types.push_back(type->second);
  }
  NeighbourSearch search;
  search.cutoff = metadata.cutoff;
  std::vector<std::int64_t> from, to;
  std::vector<Vector3> shifts;
  for (const PeriodicNeighbour& edge : periodic_neighbours(crystal, search)) {
    from.push_back(edge.from);
    to.push_back(edge.to);
    shifts.push_back({static_cast<double>(edge.cell[0]), static_cast<double>(edge.cell[1]),
                      static_cast<double>(edge.cell[2])});
  }
  Dictionary input;
  input.insert("pos", positions_of(crystal).to(precision));
  input.insert("cell", cell_of(crystal).to(precision));
  input.insert("edge_index", torch::stack({torch::tensor(from, torch::kInt64),
                                           torch::tensor(to, torch::kInt64)}));
  input.insert("edge_cell_shift", rows_of(shifts).to(precision));
  input.insert("atom_types", torch::tensor(types, torch::kInt64));
  return input;
}

EnergyAndForces deployed(torch::jit::Module& module, const Crystal& crystal,
                         const NequipMetadata& metadata, torch::Dtype precision) {
  const c10::IValue answer = module.forward({nequip_input(crystal, metadata, precision)});
  if (!answer.isGenericDict()) throw unusable("the deployed potential did not return a dictionary");
  const auto output = c10::impl::toTypedDict<std::string, torch::Tensor>(answer.toGenericDict());
  const auto part = [&](const std::string& name) {
    const auto found = output.find(name);
    return found == output.end() ? torch::Tensor() : found->value();
  };
  const torch::Tensor energy = part("total_energy");
  const torch::Tensor forces = part("forces");
  if (!energy.defined() || !forces.defined())
    throw unusable("the deployed potential returns no total_energy or no forces");
  EnergyAndForces found{.energy = energy.sum().item<double>(), .forces = vectors_of(forces)};
  if (const torch::Tensor stress = part("stress"); stress.defined())
    found.stress = matrix_of(stress);
  else if (const torch::Tensor virial = part("virial"); virial.defined())
    found.stress = matrix_of(-virial / crystal.lattice.volume());
  else
    throw unusable(
        "the deployed potential returns neither stress nor virial: deploy it with a "
        "StressForceOutput");
  return found;
}

NequipMetadata metadata_from(const std::string& cutoff, const std::string& type_names,
                             const std::filesystem::path& path) {
  NequipMetadata metadata;
  metadata.cutoff = std::strtod(cutoff.c_str(), nullptr);
  if (!(metadata.cutoff > 0))
    throw unusable(fmt::format("{}: its metadata r_max is '{}'", path.string(), cutoff));
  std::istringstream names(type_names);
  std::string name;
  for (std::int64_t type = 0; names >> name; ++type) {
    const int number = atomic_number_of_element(name);
    if (number == 0)
      throw unusable(fmt::format("{}: its atom type '{}' is no element", path.string(), name));
    metadata.types.emplace(number, type);
  }
  return metadata;
}

}  // namespace

struct InteratomicPotential::Implementation {
  mutable torch::jit::Module module;
  NequipMetadata metadata;
  torch::Dtype precision = torch::kFloat64;

  [[nodiscard]] bool is_nequip() const { return !metadata.types.empty(); }
};

InteratomicPotential::InteratomicPotential(const std::filesystem::path& path)
    : implementation_(std::make_unique<Implementation>()) {
  if (!std::filesystem::is_regular_file(path))
    throw unusable(fmt::format("there is no potential {}", path.string()));
  torch::jit::ExtraFilesMap extra{{"r_max", ""}, {"type_names", ""}};
  try {
    implementation_->module = torch::jit::load(path.string(), torch::kCPU, extra);
  } catch (const c10::Error& error) {
    throw unusable(fmt::format("{} is no TorchScript module: {}", path.string(),
                               error.what_without_backtrace()));
  }
  implementation_->module.eval();
  implementation_->precision = precision_of(implementation_->module);
  if (!extra["type_names"].empty())
    implementation_->metadata = metadata_from(extra["r_max"], extra["type_names"], path);
}

InteratomicPotential::~InteratomicPotential() = default;
InteratomicPotential::InteratomicPotential(InteratomicPotential&&) noexcept = default;

EnergyAndForces InteratomicPotential::evaluate(const Crystal& crystal) const {
  const Implementation& own = *implementation_;
  try {
    const EnergyAndForces found = own.is_nequip()
                                      ? deployed(own.module, crystal, own.metadata, own.precision)
                                      : differentiated(own.module, crystal, own.precision);
    if (found.forces.size() != crystal.size())
      throw unusable(fmt::format("the potential returned {} forces on {} atoms",
                                 found.forces.size(), crystal.size()));
    require_finite(found);
    return found;
  } catch (const c10::Error& error) {
    throw unusable(fmt::format("the potential failed: {}", error.what_without_backtrace()));
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {  // what goes wrong inside of a module has no one type
    throw unusable(fmt::format("the potential failed: {}", error.what()));
  }
}

}  // namespace equigen::crystal_stability
