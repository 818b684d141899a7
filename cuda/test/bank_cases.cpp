// Bank conflicts of the matrix kernels, by an exact model of shared memory: 32 banks of 4 bytes, each of which gives
// one word a turn. Of a warp's access, lanes that make 128 bytes take part at once: 32 of 4 bytes, 16 of 8, 8 of 16.
// They take as many turns as there are different words in the fullest bank.
#include <algorithm>
#include <set>

#include "cases.h"
#include "gemm/pipeline.cuh"

namespace selvage::test {
namespace {

using cuda::bf16;

// Turns beyond the fewest, for lanes that access `bytes` bytes at offset_of(lane).
template <typename Offset>
int conflicts(int bytes, const Offset& offset_of) {
  const int at_once = 128 / bytes;
  int turns = 0;
  for (int first = 0; first < 32; first += at_once) {
    std::set<int> words[32];
    for (int lane = first; lane < first + at_once; ++lane) {
      for (int word = offset_of(lane) / 4; word < (offset_of(lane) + bytes) / 4; ++word) words[word % 32].insert(word);
    }
    size_t most = 0;
    for (const auto& bank : words) most = std::max(most, bank.size());
    turns += static_cast<int>(most) - 1;
  }
  return turns;
}

// Of all accesses with which a product's sums go through shared memory to y.
template <class Tile>
int of_sums() {
  using Stage = cuda::SumStage<Tile>;
  int all = 0;
  for (int column = 0; column < Tile::kColumns; column += 8) {
    all += conflicts(8, [=](int lane) { return 4 * Stage::at(lane / 4, column + lane % 4 * 2); });
  }
  for (const int width : {4, 8}) {  // floats of a vector of y: of floats, of 16 bits
    const int vectors = Tile::kColumns / width;
    for (int first = 0; first < Tile::kWarpRows * vectors; first += 32) {
      for (int part = 0; part < width; part += 4) {
        all += conflicts(16, [=](int lane) {
          return 4 * Stage::at((first + lane) / vectors, (first + lane) % vectors * width + part);
        });
      }
    }
  }
  return all;
}

// Of the copies into a slice of an operand, and of the reads of ldmatrix or of the fragments of floats.
template <typename T, class Stage, int kLength>
int of_slice() {
  constexpr int kInner = Stage::kDepthIsInner ? cuda::kDepth<T> : kLength, kVectors = kInner / cuda::kVector<T>;
  const auto at = [](int outer, int inner) {
    return static_cast<int>(sizeof(T)) *
           static_cast<int>(Stage::kDepthIsInner ? Stage::at(outer, inner) : Stage::at(inner, outer));
  };
  int all = conflicts(16, [&](int lane) { return at(lane / kVectors, lane % kVectors * cuda::kVector<T>); });
  for (int inner = 0; inner < kInner; inner += 8) {
    if (sizeof(T) == 2) {  // eight rows of 16 bytes for each of ldmatrix' matrices
      all += conflicts(16, [&](int lane) { return at(lane % 8, inner); });
    } else if (Stage::kDepthIsInner) {
      all += conflicts(4, [&](int lane) { return at(lane / 4, inner + lane % 4); });
    } else {
      all += conflicts(4, [&](int lane) { return at(lane % 4, inner + lane / 4); });
    }
  }
  return all;
}

template <class Tile>
void add(Table& table, const std::string& name) {
  table.push_back({"bank conflicts of sums " + name, 0, [] { return static_cast<double>(of_sums<Tile>()); }});
  table.push_back({"bank conflicts of slices " + name, 0, [] {
                     using Left = cuda::Ring<bf16, Tile, true>;
                     using Across = cuda::Ring<bf16, Tile, false>;
                     using Floats = cuda::Ring<float, Tile, true>;
                     return static_cast<double>(of_slice<bf16, typename Left::StageA, Tile::kRows>() +
                                                of_slice<bf16, typename Across::StageA, Tile::kRows>() +
                                                of_slice<bf16, typename Left::StageB, Tile::kColumns>() +
                                                of_slice<float, typename Floats::StageA, Tile::kRows>() +
                                                of_slice<float, typename Floats::StageB, Tile::kColumns>());
                   }});
}

}  // namespace

void add_bank_cases(Table& table) {
  add<cuda::HugeTile>(table, "256x128");
  add<cuda::LargeTile>(table, "128x128");
  add<cuda::NarrowTile>(table, "128x64");
  add<cuda::SmallTile>(table, "64x64");
  // The model itself: all lanes of one row, and one column of 32 rows.
  table.push_back({"bank conflicts: the model counts", 0, [] {
                     const int none = conflicts(4, [](int lane) { return 4 * lane; });
                     const int same = conflicts(4, [](int) { return 64; });
                     const int column = conflicts(4, [](int lane) { return 128 * lane; });
                     const int pairs = conflicts(16, [](int lane) { return 32 * lane; });
                     return none == 0 && same == 0 && column == 31 && pairs == 4 ? 0.0 : 1.0;
                   }});
}

}  // namespace selvage::test
