// In place of races.cpp.
#include "races.h"

namespace simt {

bool races_are_checked() { return false; }
void races_watch(const void*, size_t) {}
void races_forget() {}
void races_begin_block() {}
void races_barrier() {}
void races_read(const Thread&, const void*, size_t) {}
void races_write(const Thread&, const void*, size_t) {}
void races_copy_begins(const Thread&, const void*, size_t) {}
void races_filled(const void*, size_t) {}
void memory_read(const void*, size_t) {}
void memory_write(const void*, size_t) {}

}  // namespace simt
