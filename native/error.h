// The exception that leaves the library, with the kind of failure that its caller can act on.
#pragma once

#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>

namespace selvage {

// The numbers are those of current_error_kind() and of Java's NativeException.Kind.
enum class ErrorKind : int32_t {
  other,                 // a defect of this library, or of one that it uses
  bad_argument,          // shape, type, index or name
  unsupported,           // the device, or the library that it needs, cannot be used or has no such thing
  out_of_memory,         // of the host
  out_of_device_memory,  // of a GPU
  device_error,          // a GPU failed while it computed
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

inline ErrorKind kind_of(const std::exception& e) {
  if (const auto* error = dynamic_cast<const Error*>(&e)) return error->kind();
  if (dynamic_cast<const std::bad_alloc*>(&e) != nullptr) return ErrorKind::out_of_memory;
  return ErrorKind::other;
}

}  // namespace selvage
