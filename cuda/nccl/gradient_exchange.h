// Sums over the ranks of a training, each on a GPU of its own.
//
// Sums run on a stream of their own, beside the backward pass: it waits for what the compute stream was given before a
// sum is begun, and the compute stream waits for the sums where take_sums() is called.
#pragma once

#include <cstdint>

#include "nccl/nccl_api.h"

namespace selvage::cuda {

// All ranks call it, with one id. Returns when all have.
void connect_ranks(const ncclUniqueId& id, int rank, int ranks);

// Begins to replace the values by their sum over the ranks, added as a binary tree of neighbours:
// ((0+1)+(2+3))+(4+5). Called by all ranks in one order. Nothing may use the values before take_sums().
void begin_sum(float* values, int64_t count);

// All sums have been begun: what the compute stream is given from now on runs after them.
void take_sums();

// After take_sums: whether they are there, and the compute stream has come to them. Throws CudaError where NCCL has
// failed.
bool sums_are_there();

cudaStream_t sums_stream();  // for tests

// How long the sums between the last two calls of take_sums took, from the first message to the last, and for how long
// of that the compute stream has had nothing else to do.
struct ExchangeTimes {
  double seconds, shown_seconds;
};
ExchangeTimes exchange_times();

// Gives up sums that cannot end. Does nothing without ranks; no other function may be called afterwards.
void abort_ranks();

}  // namespace selvage::cuda
