// Calls from libselvage.so into libselvage_cuda.so. Each of the two has a C++ runtime of its own, so that the CUDA
// library needs no libstdc++ of the machine. An exception must therefore not pass from one to the other: a function
// returns an AbiError, or nullptr if all went well, and writes its result through its first argument.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <type_traits>
#include <typeinfo>

#include "backend.h"
#include "error.h"
#include "tensor.h"

namespace selvage {

struct AbiError {
  ErrorKind kind;
  const char* message;
};

template <typename Function>
struct AbiCallOf;
template <typename Result, typename... Arguments>
struct AbiCallOf<Result(Arguments...)> {
  using Call = const AbiError* (*)(Result* result, Arguments...);  // void* and nullptr where there is no result
};
template <typename Function>
using AbiCall = typename AbiCallOf<Function>::Call;

// What libselvage_cuda.so exports under the name `selvage_cuda`. The version is the first member in every build.
struct CudaLibrary {
  uint64_t version;                // table_version() when the library was built
  AbiCall<void(int device)> open;  // to be called first; it completes the table
  FunctionTable<AbiCall> table;
};

// A number that changes with the names of the table's functions, their arguments, the form of a call and a tensor's
// layout. Two libraries with different numbers must not call each other.
inline uint64_t table_version() {
#define SELVAGE_NAME(function) #function " "
#define SELVAGE_TYPE(function) , decltype(FunctionTable<AbiCall>::function)
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

template <auto function>
struct Exported;
template <typename Result, typename... Arguments, Result (*function)(Arguments...)>
struct Exported<function> {
  static const AbiError* call([[maybe_unused]] Result* result, Arguments... arguments) {
    try {
      if constexpr (std::is_void_v<Result>) {
        function(arguments...);
      } else {
        *result = function(arguments...);
      }
      return nullptr;
    } catch (const std::exception& e) {
      static std::string message;
      static AbiError error;
      message = e.what();
      error = {kind_of(e), message.c_str()};
      return &error;
    }
  }
};

// `function` in the form in which the other library calls it. An error that it returns lives until the next call.
template <auto function>
constexpr auto exported = &Exported<function>::call;

// Calls a function of the other library, and throws the error that it returns as an Error.
template <typename Result, typename... Arguments>
Result call_abi(const AbiError* (*function)(Result*, Arguments...), Arguments... arguments) {
  const auto check = [](const AbiError* error) {
    if (error != nullptr) throw Error(error->kind, error->message);
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
