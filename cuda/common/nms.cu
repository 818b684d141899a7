// rank: each key's place is the number of keys below it. Grid (ceil(size / 256), lists), 256 keys at a time through
// shared memory. Work: size^2 comparisons a list, 36 million for 6,000, some 15 us on 24 SMs; no passes, no limit of
// shared memory on size, nothing to tune. Keys are unique, so that the result is one permutation.
//
// nms_overlaps: bit j of word [i, j / 64] says that box i suppresses box j > i. Grid (columns of 64, rows of 64,
// lists), 64 threads, one a row; the column's boxes in shared memory. Blocks below the diagonal and beyond the count
// return at once. Work: size^2 / 2 overlaps a list in double, 18 million of 12 operations for 6,000: 0.3 ms where
// double runs at 1/64 of float's rate, far less elsewhere. Bytes: size^2 / 8 written, 4.5 MB.
//
// nms_scan: one block of 512 a list walks the 64-box columns in order. One thread settles the boxes of a column among
// themselves, by the words on the diagonal; then 16 warps or the rows of the kept ones into the words of what is
// suppressed, in shared memory (size / 8 bytes), rows in parallel and coalesced along the row. It ends at `limit` kept
// ones. 94 columns of some 2 us for 6,000. The result never visits the host.
//
// Deterministic: integer operations, and atomics only for or.
#include "common/nms.cuh"

namespace selvage::cuda {
namespace {

constexpr int kColumn = 64, kScanThreads = 512;

__global__ void nms_rank(int32_t* order, const uint64_t* keys, const int32_t* counts, int64_t size) {
  SHARED(uint64_t[kThreads], others);
  const int64_t list = blockIdx.y, count = counts[list];
  if (static_cast<int64_t>(blockIdx.x) * kThreads >= count) return;
  const int64_t mine = global_thread();
  keys += list * size;
  const uint64_t key = mine < count ? keys[mine] : 0;
  int place = 0;
  for (int64_t first = 0; first < count; first += kThreads) {
    const int there = static_cast<int>(count - first < kThreads ? count - first : kThreads);
    if (static_cast<int>(threadIdx.x) < there) others[threadIdx.x] = keys[first + threadIdx.x];
    __syncthreads();
    for (int i = 0; i < there; ++i) place += others[i] < key;
    __syncthreads();
  }
  if (mine < count) order[list * size + place] = static_cast<int32_t>(key & 0xffffffffu);
}

__global__ void nms_overlaps(unsigned long long* words, const Box* boxes, const int32_t* labels, const int32_t* counts,
                             int64_t size, int64_t columns, double threshold) {
  SHARED(Box[kColumn], column);
  SHARED(int32_t[kColumn], label);
  const int64_t list = blockIdx.z, count = counts[list];
  const int64_t first = static_cast<int64_t>(blockIdx.x) * kColumn;
  const int64_t mine = static_cast<int64_t>(blockIdx.y) * kColumn + threadIdx.x;
  if (blockIdx.x < blockIdx.y || first >= count) return;
  boxes += list * size;
  if (first + threadIdx.x < count) {
    column[threadIdx.x] = boxes[first + threadIdx.x];
    if (labels != nullptr) label[threadIdx.x] = labels[list * size + first + threadIdx.x];
  }
  __syncthreads();
  if (mine >= count) return;
  const Box box = boxes[mine];
  const int32_t own = labels == nullptr ? 0 : labels[list * size + mine];
  unsigned long long word = 0;
  for (int j = 0; j < kColumn && first + j < count; ++j) {
    if (first + j <= mine || (labels != nullptr && label[j] != own)) continue;
    if (overlaps_more(box, column[j], threshold)) word |= 1ull << j;
  }
  words[(list * size + mine) * columns + blockIdx.x] = word;
}

__global__ void nms_scan(int32_t* kept, const unsigned long long* words, const int32_t* counts, int64_t size,
                         int64_t columns, int64_t limit) {
  DYNAMIC_SHARED(unsigned long long, suppressed);
  SHARED(unsigned long long[kColumn], diagonal);
  SHARED(unsigned long long, chosen);
  const int64_t list = blockIdx.x, count = counts[list], used = (count + kColumn - 1) / kColumn;
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  words += list * size * columns;
  kept += list * limit;
  for (int64_t c = threadIdx.x; c < used; c += kScanThreads) suppressed[c] = 0;
  for (int64_t i = threadIdx.x; i < limit; i += kScanThreads) kept[i] = -1;
  int64_t total = 0;
  for (int64_t c = 0; c < used && total < limit; ++c) {
    const int64_t first = c * kColumn;
    if (threadIdx.x < kColumn && first + threadIdx.x < count) {
      diagonal[threadIdx.x] = words[(first + threadIdx.x) * columns + c];
    }
    __syncthreads();  // also orders suppressed
    if (threadIdx.x == 0) {
      const int64_t there = count - first < kColumn ? count - first : kColumn;
      unsigned long long open = ~suppressed[c] & (there == kColumn ? ~0ull : (1ull << there) - 1), taken = 0;
      for (int64_t room = limit - total; open != 0 && room > 0; --room) {
        const int i = __ffsll(static_cast<long long>(open)) - 1;
        taken |= 1ull << i;
        open &= ~(diagonal[i] | 1ull << i);
      }
      chosen = taken;
    }
    __syncthreads();
    const unsigned long long taken = chosen;
    if (threadIdx.x < kColumn && (taken >> threadIdx.x & 1) != 0) {
      kept[total + __popcll(taken & ((1ull << threadIdx.x) - 1))] = static_cast<int32_t>(first + threadIdx.x);
    }
    for (int i = warp; i < kColumn; i += kScanThreads / 32) {
      if ((taken >> i & 1) == 0) continue;
      for (int64_t later = c + 1 + lane; later < used; later += 32) {
        const unsigned long long word = words[(first + i) * columns + later];
        if (word != 0) atomicOr(&suppressed[later], word);
      }
    }
    total += __popcll(taken);
    __syncthreads();
  }
}

}  // namespace

void rank(int32_t* order, const uint64_t* keys, const int32_t* counts, int64_t size, int64_t lists) {
  const dim3 grid(static_cast<unsigned>((size + kThreads - 1) / kThreads), static_cast<unsigned>(lists));
  LAUNCH(nms_rank, grid, kThreads, 0, order, keys, counts, size);
}

void suppress(int32_t* kept, const Box* boxes, const int32_t* labels, const int32_t* counts, int64_t size,
              int64_t lists, int64_t limit, double threshold) {
  const int64_t columns = (size + kColumn - 1) / kColumn;
  Workspace<unsigned long long> words(lists * size * columns);
  const dim3 grid(static_cast<unsigned>(columns), static_cast<unsigned>(columns), static_cast<unsigned>(lists));
  LAUNCH(nms_overlaps, grid, kColumn, 0, words.data(), boxes, labels, counts, size, columns, threshold);
  LAUNCH(nms_scan, static_cast<unsigned>(lists), kScanThreads,
         columns * static_cast<int64_t>(sizeof(unsigned long long)), kept, words.data(), counts, size, columns, limit);
}

}  // namespace selvage::cuda
