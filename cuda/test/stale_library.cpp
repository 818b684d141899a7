// What libselvage_cuda.so of another build may be: a table of another version, and nothing good behind it.
#include <cstdint>

extern "C" __attribute__((visibility("default"))) const uint64_t selvage_cuda[];
const uint64_t selvage_cuda[] = {1, 0xdead};
