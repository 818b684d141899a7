// What a test says to the simulated device by environment variables, read once. Faults that it plants:
//   SIMT_DRIVER=none      there is no driver; =12040: there is one that supports no CUDA newer than 12.4
//   SIMT_IMAGE=none       the library holds no code for the GPU
//   SIMT_GPUS=N           so many GPUs (1)
//   SIMT_CAPABILITY=NN    of compute capability N.N (90)
//   SIMT_MEMORY=BYTES     of so much memory (no limit)
//   SIMT_FAILS_AT=N       the Nth launch fails, and as on a device whose context is lost, every call after it
// And what it wants to know:
//   SIMT_COUNTS=FILE      at the process's end FILE says how many launches there were, how often the host waited for
//                         a stream, or may have: before it copies out of memory that is not pinned, and how many
//                         graphs were launched
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace simt {

struct Faults {
  int driver;  // the newest CUDA that it supports, 12040 for 12.4; 0: there is none
  bool no_image;
  int gpus, capability;
  int64_t memory, fails_at;
  const char* counts;  // nullptr for nowhere
  int64_t used = 0, launches = 0, waits = 0, graphs = 0;
  // Milliseconds that each launch takes longer, and has taken so far: only events know of them, the test does not wait.
  double slowness = 0, passed = 0;
  ~Faults() {
    if (counts != nullptr)
      std::ofstream(counts) << launches << " launches, " << waits << " waits, " << graphs << " graphs\n";
  }
  bool lost() const { return launches >= fails_at; }
};

inline Faults& faults() {
  const auto number = [](const char* name, int64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::atoll(text);
  };
  static Faults planted{static_cast<int>(number("SIMT_DRIVER", INT32_MAX)),
                        std::getenv("SIMT_IMAGE") != nullptr,
                        static_cast<int>(number("SIMT_GPUS", 1)),
                        static_cast<int>(number("SIMT_CAPABILITY", 90)),
                        number("SIMT_MEMORY", INT64_MAX),
                        number("SIMT_FAILS_AT", INT64_MAX),
                        std::getenv("SIMT_COUNTS")};
  return planted;
}

}  // namespace simt
