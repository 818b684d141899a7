// Calls from libselvage.so into libselvage_cuda.so. Each has a C++ runtime of its own, so that the latter needs nothing
// of a machine; an exception of one is nothing to the other. Errors therefore cross as values: a function gives the
// message of what went wrong, or nullptr, and its result through its first argument.
#pragma once

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <typeinfo>

#include "backend.h"
#include "tensor.h"

namespace selvage {

template <typename Function>
struct AbiCallOf;
template <typename Result, typename... Arguments>
struct AbiCallOf<Result(Arguments...)> {
  using Call = const char* (*)(Result* result, Arguments...);  // void* and nullptr where there is no result
};
template <typename Function>
using AbiCall = typename AbiCallOf<Function>::Call;

// What libselvage_cuda.so exports under the name `selvage_cuda`. The version comes first, whatever follows it in
// another build.
struct CudaLibrary {
  uint64_t version;                // table_version() as the library was built
  AbiCall<void(int device)> open;  // to be called first; the table is complete from then on
  FunctionTable<AbiCall> table;
};

// A number that changes with the names of the table's functions, their arguments or a tensor's layout: libraries that
// have different ones must not call each other.
inline uint64_t table_version() {
#define SELVAGE_NAME(function) #function " "
#define SELVAGE_TYPE(function) , decltype(Backend::function)
  const char* const texts[] = {SELVAGE_FUNCTIONS(SELVAGE_NAME),
                               typeid(void (*)(Tensor SELVAGE_FUNCTIONS(SELVAGE_TYPE))).name()};
#undef SELVAGE_NAME
#undef SELVAGE_TYPE
  uint64_t hash = 0xcbf29ce484222325 ^ sizeof(Tensor);  // FNV-1a
  for (const char* text : texts) {
    for (; *text != '\0'; ++text) hash = (hash ^ static_cast<unsigned char>(*text)) * 0x100000001b3;
  }
  return hash;
}

// `function` as the other library may call it. The message lives until the next call.
template <auto function>
struct Exported;
template <typename Result, typename... Arguments, Result (*function)(Arguments...)>
struct Exported<function> {
  static const char* call([[maybe_unused]] Result* result, Arguments... arguments) {
    try {
      if constexpr (std::is_void_v<Result>) {
        function(arguments...);
      } else {
        *result = function(arguments...);
      }
      return nullptr;
    } catch (const std::exception& e) {
      static std::string message;
      message = e.what();
      return message.c_str();
    }
  }
};

template <auto function>
constexpr auto exported = &Exported<function>::call;

// Calls a function of the other library, and throws std::runtime_error with the message that it gives.
template <typename Result, typename... Arguments>
Result call_abi(const char* (*function)(Result*, Arguments...), Arguments... arguments) {
  const auto check = [](const char* message) {
    if (message != nullptr) throw std::runtime_error(message);
  };
  if constexpr (std::is_void_v<Result>) {
    check(function(nullptr, arguments...));
  } else {
    Result result{};
    check(function(&result, arguments...));
    return result;
  }
}

}  // namespace selvage
