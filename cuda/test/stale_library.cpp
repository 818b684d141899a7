// What libselvage_cuda.so and libselvage_checks.so of another build may be: a table of another version with nothing
// good behind it, and functions without a version that must not be called.
#include <cstdint>
#include <cstdlib>

#define STALE __attribute__((visibility("default")))

extern "C" {
STALE extern const uint64_t selvage_cuda[];
const uint64_t selvage_cuda[] = {1, 0xdead};

#ifdef STALE_VERSION
STALE extern const uint64_t selvage_checks_version;
const uint64_t selvage_checks_version = STALE_VERSION;
#endif
STALE int selvage_checks_open(const void*);
STALE const char* selvage_checks_name(int);
STALE const void* selvage_checks_run(int);
int selvage_checks_open(const void*) { std::abort(); }
const char* selvage_checks_name(int) { std::abort(); }
const void* selvage_checks_run(int) { std::abort(); }
}
