// The CPU's side of cuda/hopper/async.cuh, part 2: copies of boxes of a tensor into shared memory by TMA (PTX manual,
// "cp.async.bulk.tensor"; sections on tiled mode, im2col mode and swizzling).
//
// What lies outside the tensor arrives as zeros, and counts as bytes all the same. In one thread order a copy runs when
// it is issued, in the others as late as possible, the newest first or in no order: a wait that is missing shows.
#pragma once

#include <cstdint>

#include "driver.h"

namespace simt {

void copies_begin_block();
void copies_end_block();
bool finish_a_copy();       // runs one that is in flight, if there is one
int64_t copies_finished();  // since the process began

// Where TMA and wgmma put what would lie at that address without the swizzle: 16-byte pieces change places within 32,
// 64 or 128 bytes, by the number of the 128 bytes.
inline uint32_t swizzled(uint32_t address, int span) {
  return address ^ ((address >> 7 & (static_cast<uint32_t>(span) / 16 - 1)) << 4);
}

}  // namespace simt

#define __grid_constant__

namespace selvage::cuda {

// The box that begins at these coordinates, the innermost first, of a tiled map of three dimensions.
void copy_box(uint32_t to, const CUtensorMap& map, int c0, int c1, int c2, uint32_t barrier);
// Pixels of an im2col map of [n,h,w,c], from (w,h) of image n on through the bounding box, each (right,down) from
// there.
void copy_pixels(uint32_t to, const CUtensorMap& map, int c, int w, int h, int n, int right, int down,
                 uint32_t barrier);

}  // namespace selvage::cuda
