#include "on_device.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <type_traits>

#include "tensor.h"

namespace selvage::checks {
namespace {

const Backend* device = nullptr;

// ---- main memory ----------------------------------------------------------------------------------------------------

void* allocate(int64_t bytes) {
  if (bytes == 0) return nullptr;
  void* block = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void release(void* block, int64_t) { std::free(block); }
int64_t allocated_bytes() { return device->allocated_bytes(); }
void copy_bytes(void* to, const void* from, int64_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);
}
bool set_precision(Precision precision) { return device->set_precision(precision); }
const char* open_cudnn(const char* library) { return device->open_cudnn(library); }
bool set_convolutions(Convolutions chosen) { return device->set_convolutions(chosen); }
void begin_graph() { device->begin_graph(); }
void end_graph() { device->end_graph(); }
bool has_type(Type type) { return device->has_type(type); }

// ---- ops ------------------------------------------------------------------------------------------------------------

// The device's tensors of one call. A tensor that is given twice is one tensor there too.
class Copies {
 public:
  template <typename Argument>
  auto of(Argument argument) {
    if constexpr (std::is_convertible_v<Argument, const Tensor*>) {
      return argument == nullptr ? nullptr : copy(argument, !std::is_same_v<Argument, const Tensor*>);
    } else {
      return argument;
    }
  }
  void fetch() {
    for (const auto& [host, copy] : copies_) {
      if (copy.written)
        device->download(const_cast<Tensor*>(host)->data(), copy.tensor->as<char>(), copy.tensor->bytes());
    }
  }

 private:
  struct Copy {
    std::unique_ptr<Tensor> tensor;
    bool written = false;
  };

  Tensor* copy(const Tensor* host, bool written) {
    Copy& copy = copies_[host];
    if (copy.tensor == nullptr) {
      int64_t shape[Tensor::kMaxRank];
      for (int i = 0; i < host->rank(); ++i) shape[i] = host->dim(i);
      const Backend& before = select(*device);
      copy.tensor = std::make_unique<Tensor>(shape, host->rank(), host->type());
      select(before);
      device->upload(copy.tensor->data(), host->data(), host->bytes());
    }
    copy.written |= written;
    return copy.tensor.get();
  }

  std::map<const Tensor*, Copy> copies_;
};

template <auto op>
struct OnDevice;
template <typename Result, typename... Arguments, Result (*Backend::*op)(Arguments...)>
struct OnDevice<op> {
  static Result call(Arguments... arguments) {
    Copies copies;
    if constexpr (std::is_void_v<Result>) {
      (device->*op)(copies.of(arguments)...);
      copies.fetch();
    } else {
      const Result result = (device->*op)(copies.of(arguments)...);
      copies.fetch();
      return result;
    }
  }
};

#define SELVAGE_ENTRY(op) OnDevice<&Backend::op>::call,
#define SELVAGE_NONE(function) nullptr,  // nothing is summed over ranks here
Backend table = {"",
                 "",
                 allocate,
                 release,
                 allocated_bytes,
                 copy_bytes,
                 copy_bytes,
                 set_precision,
                 has_type,
                 open_cudnn,
                 set_convolutions,
                 begin_graph,
                 end_graph,
                 SELVAGE_OPS(SELVAGE_ENTRY) SELVAGE_EXCHANGE(SELVAGE_NONE)};
#undef SELVAGE_NONE
#undef SELVAGE_ENTRY

}  // namespace

const Backend& on_device(const Backend& which) {
  device = &which;
  table.name = which.name;
  table.hardware = which.hardware;
  return table;
}

}  // namespace selvage::checks
