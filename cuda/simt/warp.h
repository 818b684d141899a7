// Shuffles, ballots and the warp barrier.
#pragma once

#include "launch.h"

namespace simt {

template <typename T>
struct Shuffle {
  T value, result;
  unsigned source;  // lane
};

// Every lane gets the value of its source lane.
template <typename T>
T shuffle(uint32_t mask, T value, unsigned source, int line) {
  Shuffle<T> slot{value, value, source};
  collective(
      mask, &slot,
      [](const Lanes& lanes) {
        for (unsigned l = 0; l < 32; ++l) {
          Shuffle<T>* to = lanes.at<Shuffle<T>>(l);
          if (to == nullptr) continue;
          const Shuffle<T>* from = lanes.at<Shuffle<T>>(to->source);
          if (from == nullptr) violation("a shuffle reads lane " + std::to_string(to->source) + ", which has no part");
          to->result = from->value;
        }
      },
      line);
  return slot.result;
}

struct Ballot {
  bool vote;
  uint32_t result;
};

inline uint32_t ballot(uint32_t mask, bool vote, int line) {
  Ballot slot{vote, 0};
  collective(
      mask, &slot,
      [](const Lanes& lanes) {
        uint32_t votes = 0;
        for (unsigned l = 0; l < 32; ++l) votes |= lanes.slots[l] != nullptr && lanes.at<Ballot>(l)->vote ? 1u << l : 0;
        for (unsigned l = 0; l < 32; ++l) {
          if (lanes.slots[l] != nullptr) lanes.at<Ballot>(l)->result = votes;
        }
      },
      line);
  return slot.result;
}

}  // namespace simt

// `width` divides the warp into groups that shuffle among themselves; out-of-range sources give the lane's own value.
template <typename T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32, int line = __builtin_LINE()) {
  const unsigned group = simt::lane() & ~(width - 1u);
  return simt::shuffle(mask, value, group + (source & (width - 1)), line);
}
template <typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, int line = __builtin_LINE()) {
  const unsigned place = simt::lane() & (width - 1u);
  return simt::shuffle(mask, value, place >= delta ? simt::lane() - delta : simt::lane(), line);
}
template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, int line = __builtin_LINE()) {
  const unsigned place = simt::lane() & (width - 1u);
  const bool inside = place + delta < static_cast<unsigned>(width);
  return simt::shuffle(mask, value, inside ? simt::lane() + delta : simt::lane(), line);
}
template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, int line = __builtin_LINE()) {
  const unsigned source = simt::lane() ^ static_cast<unsigned>(bits);
  const bool inside = (source & ~(width - 1u)) <= (simt::lane() & ~(width - 1u));
  return simt::shuffle(mask, value, inside ? source : simt::lane(), line);
}
inline unsigned __ballot_sync(unsigned mask, int vote, int line = __builtin_LINE()) {
  return simt::ballot(mask, vote != 0, line);
}
inline int __any_sync(unsigned mask, int vote, int line = __builtin_LINE()) {
  return simt::ballot(mask, vote != 0, line) != 0;
}
inline int __all_sync(unsigned mask, int vote, int line = __builtin_LINE()) {
  return simt::ballot(mask, vote == 0, line) == 0;
}
inline void __syncwarp(unsigned mask = 0xffffffffu, int line = __builtin_LINE()) { simt::ballot(mask, true, line); }
