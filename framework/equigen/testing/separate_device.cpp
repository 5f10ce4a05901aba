// SPDX-License-Identifier: MIT
#include "equigen/testing/separate_device.h"

#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <torch/library.h>
#include <torch/types.h>

#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "equigen/tensor/torch_version.h"

namespace equigen::testing {
namespace {

constexpr at::DeviceType kType = torch_version::kSpareDevice;

/// Addresses that cannot be read or written, each with the memory that is really behind it.
class SeparateMemory {
 public:
  static SeparateMemory& instance() {
    static SeparateMemory memory;
    return memory;
  }

  void* allocate(std::size_t size) {
    const std::lock_guard lock(mutex_);
    const std::size_t pages = (size + kPage - 1) / kPage * kPage;
    if (next_ + pages > kReserved) throw std::bad_alloc();
    char* address = begin_ + next_;
    // Never the same again: what is used after its release is found out, too.
    next_ += pages;
    behind_[address] = std::make_unique<char[]>(size);
    return address;
  }

  void release(void* address) {
    const std::lock_guard lock(mutex_);
    behind_.erase(static_cast<char*>(address));
  }

  char* behind(const void* address) const {
    const std::lock_guard lock(mutex_);
    const auto found = behind_.find(static_cast<const char*>(address));
    return found == behind_.end() ? nullptr : found->second.get();
  }

 private:
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t kReserved = std::size_t{1} << 40;

  SeparateMemory()
      : begin_(static_cast<char*>(::mmap(nullptr, kReserved, PROT_NONE,
                                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))) {
    if (begin_ == MAP_FAILED) throw std::bad_alloc();
  }

  char* begin_;
  std::size_t next_ = 0;
  mutable std::mutex mutex_;
  std::map<const char*, std::unique_ptr<char[]>> behind_;
};

void release(void* address) {
  SeparateMemory::instance().release(address);
}

class SeparateAllocator final : public torch_version::Allocator {
 public:
  c10::DeleterFnPtr raw_deleter() const override { return &release; }

 protected:
  c10::DataPtr allocated(std::size_t size) const override {
    void* address = size == 0 ? nullptr : SeparateMemory::instance().allocate(size);
    return {address, address, &release, c10::Device(kType, 0)};
  }
  void copied(void* to, const void* from, std::size_t size) const override {
    const SeparateMemory& memory = SeparateMemory::instance();
    if (size > 0) std::memcpy(memory.behind(to), memory.behind(from), size);
  }
};

/// The only device of its type, always the current one.
struct SeparateDeviceGuard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return kType; }
  c10::Device exchangeDevice(c10::Device) const override { return {kType, 0}; }
  c10::Device getDevice() const override { return {kType, 0}; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, {kType, 0});
  }
  c10::Stream exchangeStream(c10::Stream) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, {kType, 0});
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
};

bool is_separate(const at::Tensor& tensor) {
  return tensor.defined() && tensor.device().type() == kType;
}

/// The same memory as the CPU sees it.
at::Tensor seen_by_cpu(const at::Tensor& tensor) {
  const auto options = tensor.options().device(at::kCPU);
  if (tensor.numel() == 0) return torch::empty_strided(tensor.sizes(), tensor.strides(), options);
  char* begin = SeparateMemory::instance().behind(tensor.storage().data());
  TORCH_CHECK(begin != nullptr, "a tensor of released memory");
  return torch::from_blob(begin + tensor.storage_offset() * tensor.itemsize(), tensor.sizes(),
                          tensor.strides(), options);
}

at::Tensor empty_strided(at::IntArrayRef sizes, at::IntArrayRef strides, at::ScalarType type) {
  const std::size_t bytes =
      at::detail::computeStorageNbytes(sizes, strides, c10::elementSize(type));
  const c10::Storage storage(c10::Storage::use_byte_size_t(), bytes, c10::GetAllocator(kType),
                             /*resizable=*/true);
  at::Tensor tensor = at::detail::make_tensor<c10::TensorImpl>(
      c10::Storage(storage), c10::DispatchKeySet(torch_version::kSpareDispatchKey),
      c10::scalarTypeToTypeMeta(type));
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(sizes, strides);
  return tensor;
}

/// A copy on the device.
at::Tensor moved(const at::Tensor& result) {
  at::Tensor copy = empty_strided(result.sizes(), result.strides(), result.scalar_type());
  if (copy.numel() > 0) seen_by_cpu(copy).copy_(result);
  return copy;
}

at::Tensor empty_memory_format(at::IntArrayRef sizes, c10::optional<at::ScalarType> type,
                               c10::optional<at::Layout>, c10::optional<at::Device>,
                               c10::optional<bool>, c10::optional<at::MemoryFormat>) {
  std::vector<std::int64_t> strides(sizes.size(), 1);
  for (std::size_t k = sizes.size(); k-- > 1;)
    strides[k - 1] = strides[k] * std::max<std::int64_t>(sizes[k], 1);
  return empty_strided(sizes, strides, c10::dtype_or_default(type));
}

at::Tensor empty_strided_operation(at::IntArrayRef sizes, at::IntArrayRef strides,
                                   c10::optional<at::ScalarType> type, c10::optional<at::Layout>,
                                   c10::optional<at::Device>, c10::optional<bool>) {
  return empty_strided(sizes, strides, c10::dtype_or_default(type));
}

at::Tensor on_cpu(const at::Tensor& tensor) {
  return is_separate(tensor) ? seen_by_cpu(tensor) : tensor;
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool) {
  on_cpu(to).copy_(on_cpu(from));
  return to;
}

at::Tensor as_strided(const at::Tensor& tensor, at::IntArrayRef sizes, at::IntArrayRef strides,
                      c10::optional<std::int64_t> offset) {
  return at::native::as_strided_tensorimpl(tensor, sizes, strides, offset);
}

at::Tensor view(const at::Tensor& tensor, at::IntArrayRef sizes) {
  return at::native::view(tensor, sizes);
}

at::Tensor reshape_alias(const at::Tensor& tensor, at::IntArrayRef sizes, at::IntArrayRef strides) {
  return at::native::_reshape_alias(tensor, sizes, strides);
}

/// Scalars go with any device, and a list of places may lie on the CPU, as on a GPU.
void refuse_foreign(const at::Tensor& tensor, const std::string& operation) {
  if (tensor.defined() && !is_separate(tensor) && tensor.dim() > 0)
    throw std::runtime_error(
        fmt::format("{} was given tensors of the CPU and of another device", operation));
}

/// Runs any operation by the CPU's kernel.
class CpuCall {
 public:
  CpuCall(const c10::OperatorHandle& operation, torch::jit::Stack& stack)
      : operation_(operation),
        name_(c10::toString(operation.operator_name())),
        stack_(stack),
        arguments_(stack.end() - static_cast<std::ptrdiff_t>(operation.schema().arguments().size()),
                   stack.end()) {}

  void run() {
    const std::size_t first = stack_.size() - arguments_.size();
    for (std::size_t k = 0; k < arguments_.size(); ++k) stack_[first + k] = replaced(arguments_[k]);
    const torch::jit::Stack seen(stack_.begin() + static_cast<std::ptrdiff_t>(first), stack_.end());
    operation_.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), &stack_);
    for (std::size_t k = 0; k < arguments_.size(); ++k) follow_resizing(arguments_[k], seen[k]);
    const auto& results = operation_.schema().returns();
    for (std::size_t k = 0; k < results.size(); ++k) {
      c10::IValue& value = stack_[stack_.size() - results.size() + k];
      value = returned(results[k], value);
    }
  }

 private:
  at::Tensor argument(const at::Tensor& tensor) const {
    const bool may_be_mixed = name_ == "aten::_index_put_impl_" || name_ == "aten::index_put_";
    if (!may_be_mixed) refuse_foreign(tensor, name_);
    return on_cpu(tensor);
  }

  c10::IValue replaced(const c10::IValue& value) const {
    if (value.isTensor()) return value.toTensor().defined() ? argument(value.toTensor()) : value;
    if (value.isTensorList()) {
      c10::List<at::Tensor> list;
      for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(argument(tensor));
      return list;
    }
    if (value.isOptionalTensorList()) {
      c10::List<c10::optional<at::Tensor>> list;
      for (const c10::optional<at::Tensor> item : value.toOptionalTensorList())
        list.push_back(item.has_value() && item->defined() ? c10::make_optional(on_cpu(*item))
                                                           : item);
      return list;
    }
    if (value.isDevice() && value.toDevice().type() == kType) return c10::Device(at::kCPU);
    return value;
  }

  /// Operations with a target may give it another shape, and so another memory.
  static void follow_resizing(const c10::IValue& argument, const c10::IValue& seen) {
    if (!argument.isTensor() || !is_separate(argument.toTensor())) return;
    const at::Tensor& result = seen.toTensor();
    if (result.sizes() == argument.toTensor().sizes()) return;
    const at::Tensor copy = moved(result);
    at::TensorImpl* target = argument.toTensor().unsafeGetTensorImpl();
    target->set_storage_keep_dtype(copy.storage());
    target->set_sizes_and_strides(copy.sizes(), copy.strides());
  }

  c10::IValue returned(const c10::Argument& result, const c10::IValue& value) const {
    if (const c10::AliasInfo* alias = result.alias_info()) {
      TORCH_CHECK(alias->isWrite(), name_, " is a view that the separate device does not know");
      return original(*alias);
    }
    if (value.isTensor()) return value.toTensor().defined() ? moved(value.toTensor()) : value;
    if (value.isTensorList()) {
      c10::List<at::Tensor> list;
      for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(moved(tensor));
      return list;
    }
    return value;
  }

  /// What an operation in place, or one with a target, returns is its argument.
  const c10::IValue& original(const c10::AliasInfo& alias) const {
    const auto& declared = operation_.schema().arguments();
    for (std::size_t k = 0; k < declared.size(); ++k) {
      const c10::AliasInfo* own = declared[k].alias_info();
      if (own != nullptr && own->beforeSets() == alias.beforeSets()) return arguments_[k];
    }
    throw std::runtime_error(name_ + " returns what it was not given");
  }

  const c10::OperatorHandle& operation_;
  std::string name_;
  torch::jit::Stack& stack_;
  std::vector<c10::IValue> arguments_;
};

void run_on_cpu(const c10::OperatorHandle& operation, torch::jit::Stack* stack) {
  CpuCall(operation, *stack).run();
}

/// What stands in for the device in LibTorch's tables, for the rest of the process.
struct Registration {
  SeparateAllocator allocator;
  SeparateDeviceGuard guard;
  torch::Library fallback{torch::Library::IMPL, "_", torch_version::kSpareDispatchKey, __FILE__,
                          __LINE__};
  torch::Library operations{torch::Library::IMPL, "aten", torch_version::kSpareDispatchKey,
                            __FILE__, __LINE__};

  Registration() {
    c10::SetAllocator(kType, &allocator);
    c10::impl::device_guard_impl_registry[static_cast<std::size_t>(kType)].store(&guard);
    fallback.fallback(torch::CppFunction::makeFromBoxedFunction<&run_on_cpu>());
    operations.impl("empty.memory_format", TORCH_FN(empty_memory_format));
    operations.impl("empty_strided", TORCH_FN(empty_strided_operation));
    operations.impl("_copy_from", TORCH_FN(copy_from));
    operations.impl("as_strided", TORCH_FN(as_strided));
    operations.impl("view", TORCH_FN(view));
    operations.impl("_reshape_alias", TORCH_FN(reshape_alias));
  }
};

// When the program starts: LibTorch counts devices at its first backward pass. Never taken away, as
// it keeps pointers to them.
[[maybe_unused]] const Registration* const kRegistration = new Registration;

}  // namespace

at::Device separate_device() {
  return {kType, 0};
}

}  // namespace equigen::testing
