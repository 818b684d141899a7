// Argument checks that name the op, the argument, what it needs and what it has.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "error.h"
#include "tensor.h"

namespace selvage {

inline std::string shape_text(std::initializer_list<int64_t> shape) {
  std::string text = "[";
  for (int64_t d : shape) text += (text.size() > 1 ? "," : "") + std::to_string(d);
  return text + "]";
}

[[noreturn]] inline void fail(const char* op, const std::string& what) {
  throw Error(ErrorKind::bad_argument, std::string(op) + ": " + what);
}

[[noreturn]] inline void unsupported(const char* op, const std::string& what) {
  throw Error(ErrorKind::unsupported, std::string(op) + ": " + what);
}

inline void check(bool holds, const char* op, const std::string& what) {
  if (!holds) fail(op, what);
}

struct Named {
  const char* name;
  const Tensor* tensor;
};

inline void check_not_null(const char* op, const char* name, const Tensor* t) {
  if (t == nullptr) fail(op, std::string(name) + " is null");
  if (&t->backend() != &backend()) {
    fail(op, std::string(name) + " " + t->shape_text() + " needs to be on " + backend().name + ", is on " +
                 t->backend().name);
  }
}

inline void check_rank(const char* op, const char* name, const Tensor* t, int rank) {
  check_not_null(op, name, t);
  if (t->rank() != rank) {
    fail(op, std::string(name) + " " + t->shape_text() + " needs rank " + std::to_string(rank) + ", has " +
                 std::to_string(t->rank()));
  }
}

inline void check_shape(const char* op, const char* name, const Tensor* t, std::initializer_list<int64_t> shape) {
  check_not_null(op, name, t);
  bool same = t->rank() == static_cast<int>(shape.size());
  int axis = 0;
  for (int64_t d : shape) same = same && t->dim(axis++) == d;
  if (!same) fail(op, std::string(name) + " needs " + shape_text(shape) + ", has " + t->shape_text());
}

inline void check_same(const char* op, const char* name, const Tensor* t, const Tensor* as) {
  check_not_null(op, name, t);
  check_not_null(op, "the tensor it must be like", as);
  if (!t->same_shape(*as)) fail(op, std::string(name) + " needs " + as->shape_text() + ", has " + t->shape_text());
}

inline void check_size(const char* op, const char* name, const Tensor* t, int64_t size) {
  check_not_null(op, name, t);
  if (t->size() != size) {
    fail(op, std::string(name) + " " + t->shape_text() + " needs " + std::to_string(size) + " elements, has " +
                 std::to_string(t->size()));
  }
}

inline void check_type(const char* op, const char* name, const Tensor* t, Type type) {
  if (t->type() != type) {
    fail(op,
         std::string(name) + " " + t->shape_text() + " needs type " + name_of(type) + ", has " + name_of(t->type()));
  }
}

// All of these are f32; null ones are left out.
inline void check_floats(const char* op, std::initializer_list<Named> tensors) {
  for (const Named& named : tensors) {
    if (named.tensor != nullptr) check_type(op, named.name, named.tensor, Type::f32);
  }
}

// The others have the type of the first; null ones are left out.
inline void check_one_type(const char* op, const Tensor* first, std::initializer_list<Named> others) {
  for (const Named& named : others) {
    if (named.tensor != nullptr) check_type(op, named.name, named.tensor, first->type());
  }
}

// A list of whole numbers, one a region: `things` from `lowest` on and below `limit`. Only the host's memory is looked
// at.
inline void check_list(const char* op, const char* name, const char* things, const Tensor* list, int64_t count,
                       int64_t lowest, int64_t limit) {
  check_shape(op, name, list, {count});
  check_floats(op, {{name, list}});
  if (&list->backend() != &cpu::kBackend) return;
  for (int64_t i = 0; i < count; ++i) {
    const float value = list->data()[i];
    const bool in_range = value >= static_cast<float>(lowest) && value < static_cast<float>(limit);
    if (in_range && value == std::floor(value)) continue;
    fail(op, std::string(name) + " needs " + things + " from " + std::to_string(lowest) + " on and below " +
                 std::to_string(limit) + ", has " + std::to_string(value));
  }
}

}  // namespace selvage
