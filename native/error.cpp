#include "error.h"

#include <exception>

#include "selvage.h"

namespace selvage {

int current_error_kind() {
  ErrorKind kind = ErrorKind::other;
  try {
    if (const std::exception_ptr current = std::current_exception()) std::rethrow_exception(current);
  } catch (const std::exception& e) {
    kind = kind_of(e);
  } catch (...) {
  }
  return static_cast<int>(kind);
}

}  // namespace selvage
