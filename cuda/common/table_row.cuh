// Tables that one launch works through: each row has as many places as it needs, one after the other.
#pragma once

#include "common/kernel.cuh"

namespace selvage::cuda {

// The row that has the place: the last of `count` of which first_of says that it begins there or before.
template <typename Row, typename First>
__device__ __forceinline__ const Row& row_of_place(const Row* rows, int count, unsigned place, const First& first_of) {
  int low = 0, high = count - 1;
  while (low < high) {
    const int middle = (low + high + 1) / 2;
    if (first_of(rows[middle]) <= place) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return rows[low];
}

}  // namespace selvage::cuda
