// What a library that joins processes gives libselvage.so: messages between the ranks of one training.
// libselvage_mpi.so is one, over MPI.
#pragma once

#include <cstdint>

namespace selvage {

enum class RanksStatus : int32_t {
  done,
  late,    // a rank did not come in time; culprit() is the first of them
  failed,  // culprit() has said that it failed; message() is its sentence
  broken,  // what joins the ranks failed; message() says how
};

struct RanksLibrary {
  static constexpr int32_t kVersion = 2;
  int32_t version;

  // All of these are called by one thread.
  RanksStatus (*open)();  // joins the processes
  int (*rank)();
  int (*size)();
  const char* (*name)();  // of the library, with its version
  // Sends bytes to every other rank and receives bytes from each, each array in the order of the ranks; this rank's own
  // entries are left alone. Both sides must name the same number of bytes; 0 bytes are no message.
  RanksStatus (*exchange)(const void* const* send, const int64_t* send_bytes, void* const* receive,
                          const int64_t* receive_bytes, double seconds);
  RanksStatus (*heed)();               // failed if a rank has said that it failed, else done
  void (*fail)(const char* sentence);  // tells all others that this rank ends; they learn of it in their next exchange
  void (*part)(double seconds);        // after fail: waits until all others have called fail, too
  void (*close)();                     // leaves, after the last exchange
  int (*culprit)();
  const char* (*message)();
};

}  // namespace selvage
