// Faults that a test plants in the simulated device by environment variables, read once:
//   SIMT_DRIVER=none      there is no driver
//   SIMT_GPUS=N           so many GPUs (1)
//   SIMT_CAPABILITY=NN    of compute capability N.N (90)
//   SIMT_MEMORY=BYTES     of so much memory (no limit)
//   SIMT_FAILS_AT=N       the Nth launch fails, and as on a device whose context is lost, every call after it
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace simt {

struct Faults {
  bool no_driver;
  int gpus, capability;
  int64_t memory, fails_at;
  int64_t used = 0, launches = 0;
  bool lost() const { return launches >= fails_at; }
};

inline Faults& faults() {
  const auto number = [](const char* name, int64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::atoll(text);
  };
  static Faults planted{std::getenv("SIMT_DRIVER") != nullptr, static_cast<int>(number("SIMT_GPUS", 1)),
                        static_cast<int>(number("SIMT_CAPABILITY", 90)), number("SIMT_MEMORY", INT64_MAX),
                        number("SIMT_FAILS_AT", INT64_MAX)};
  return planted;
}

}  // namespace simt
