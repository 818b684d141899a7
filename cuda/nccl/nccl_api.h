// The part of NCCL 2's C interface that sums over GPUs use, so that no build needs NCCL. Names, numbers and parameters
// are those of its header; NcclInterfaceTest holds this file to the JavaCPP presets, which were made from it.
// Enumerations are ints, as in C.
#pragma once

#include <cstddef>

#include "device/memory.h"

using ncclComm_t = struct ncclComm*;

constexpr int ncclSuccess = 0;
constexpr int ncclInProgress = 7;
constexpr int ncclFloat32 = 7;
constexpr int NCCL_UNIQUE_ID_BYTES = 128;

struct ncclUniqueId {
  char internal[NCCL_UNIQUE_ID_BYTES];
};

extern "C" {
int ncclGetVersion(int* version);
const char* ncclGetErrorString(int result);
int ncclGetUniqueId(ncclUniqueId* id);
int ncclCommInitRank(ncclComm_t* comm, int ranks, ncclUniqueId id, int rank);
int ncclCommAbort(ncclComm_t comm);
int ncclCommGetAsyncError(ncclComm_t comm, int* error);
int ncclSend(const void* values, size_t count, int type, int peer, ncclComm_t comm, cudaStream_t stream);
int ncclRecv(void* values, size_t count, int type, int peer, ncclComm_t comm, cudaStream_t stream);
int ncclGroupStart();
int ncclGroupEnd();
}

// Every function that is looked up in libnccl.
#define SELVAGE_NCCL(FUNCTION) \
  FUNCTION(GetVersion)         \
  FUNCTION(GetErrorString)     \
  FUNCTION(GetUniqueId)        \
  FUNCTION(CommInitRank)       \
  FUNCTION(CommAbort) FUNCTION(CommGetAsyncError) FUNCTION(Send) FUNCTION(Recv) FUNCTION(GroupStart) FUNCTION(GroupEnd)
