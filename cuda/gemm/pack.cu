// Conversions of rows and weights, of one product at a time. Bytes: what is read and written, once. Deterministic.
#include "common/transpose_square.cuh"
#include "common/vector_io.cuh"
#include "gemm/pack.cuh"

namespace selvage::cuda {
namespace {

// y [matrices,padded_rows,vectors] from x [matrices,rows,columns], `count` vectors of 16 bytes in all. One thread a
// vector, neighbours along the columns. Index: 32 bits where they suffice, since a division of 64 bits takes some 100
// instructions.
template <typename To, typename From, typename Index>
__global__ void pack_pad(To* y, const From* x, Index count, Index rows, Index columns, Index padded_rows,
                         Index vectors) {
  for (Index i = static_cast<Index>(global_thread()); i < count; i += static_cast<Index>(global_threads())) {
    const Index line = i / vectors, column = i % vectors * kVector<To>;
    const Index matrix = line / padded_rows, row = line % padded_rows;
    const From* const from = x + static_cast<int64_t>(matrix * rows + row) * columns + column;
    float values[kVector<To>];
#pragma unroll
    for (int k = 0; k < kVector<To>; ++k) values[k] = row < rows && column + k < columns ? to_float(from[k]) : 0.0f;
    store(y + static_cast<int64_t>(i) * kVector<To>, values);
  }
}

// y [padded in,columns] from w1 [in,out1] and w2 [in,out2] next to each other. One thread an element.
template <typename To>
__global__ void pack_pair(To* y, const float* w1, const float* w2, int size, int in, int out1, int out2, int columns) {
  for (int i = static_cast<int>(global_thread()); i < size; i += static_cast<int>(global_threads())) {
    const int row = i / columns, column = i % columns;
    float value = 0;
    if (row < in && column < out1) {
      value = w1[row * out1 + column];
    } else if (row < in && column < out1 + out2) {
      value = w2[row * out2 + column - out1];
    }
    y[i] = from_float<To>(value);
  }
}

// One block a square, blockIdx.z the tap.
template <typename To, typename From>
__global__ void pack_transpose(To* y, const From* w, TapGroups groups, int in, int out, int padded_in, int padded_out) {
  const int tap = static_cast<int>(blockIdx.z), place = groups.place(tap / groups.kw, tap % groups.kw);
  transpose_square(y + static_cast<int64_t>(place) * padded_out * padded_in, padded_out, padded_in,
                   w + static_cast<int64_t>(tap) * in * out, in, out, static_cast<int>(blockIdx.y) * kSide,
                   static_cast<int>(blockIdx.x) * kSide);
}

// x's memory if it is T with whole vectors in matrices [rows,columns], else null.
template <typename T>
const T* as_it_is(const Tensor* x, int64_t rows, int64_t columns) {
  constexpr Type kType = std::is_same_v<T, float> ? Type::f32 : std::is_same_v<T, bf16> ? Type::bf16 : Type::f16;
  const bool fits = x->type() == kType && rows % kVector<T> == 0 && columns % kVector<T> == 0 &&
                    reinterpret_cast<uintptr_t>(x->as<T>()) % 16 == 0;
  return fits ? x->as<T>() : nullptr;
}

template <typename T>
void pad(T* y, const Tensor* x, int64_t count, int64_t rows, int64_t columns, int64_t padded_rows,
         int64_t padded_columns) {
  const int64_t vectors = padded_columns / kVector<T>, size = count * padded_rows * vectors;
  if (size == 0) return;
  with_type(x->type(), [&](auto element) {
    using From = decltype(element);
    if (size * kVector<T> < INT32_MAX) {
      LAUNCH((pack_pad<T, From, uint32_t>), blocks_for(size), kThreads, 0, y, x->as<From>(), size, rows, columns,
             padded_rows, vectors);
    } else {
      LAUNCH((pack_pad<T, From, int64_t>), blocks_for(size), kThreads, 0, y, x->as<From>(), size, rows, columns,
             padded_rows, vectors);
    }
  });
}

template <typename To>
void transpose(To* y, Type type, const void* w, const TapGroups& groups, int64_t in, int64_t out, int64_t padded_in,
               int64_t padded_out) {
  if (padded_in * padded_out == 0) return;
  const dim3 blocks(squares(padded_out), squares(padded_in), static_cast<unsigned>(groups.kh * groups.kw));
  with_type(type, [&](auto element) {
    using From = decltype(element);
    LAUNCH((pack_transpose<To, From>), blocks, dim3(kSide, kSideLines), 0, y, static_cast<const From*>(w), groups,
           static_cast<int>(in), static_cast<int>(out), static_cast<int>(padded_in), static_cast<int>(padded_out));
  });
}

}  // namespace

template <typename T>
PackedRows<T>::PackedRows(const Tensor* x, int64_t rows, int64_t columns)
    : Packed<T>(as_it_is<T>(x, 0, columns), rows, padded(columns, kVector<T>)) {
  if (this->copy() != nullptr) pad(this->copy(), x, 1, rows, columns, rows, this->columns());
}

template <typename T>
PackedTaps<T>::PackedTaps(const Tensor* w, int64_t taps, int64_t in, int64_t out)
    : Packed<T>(as_it_is<T>(w, in, out), taps * padded(in, kVector<T>), padded(out, kVector<T>)) {
  if (this->copy() != nullptr) pad(this->copy(), w, taps, in, out, padded(in, kVector<T>), this->columns());
}

template <typename T>
PackedPair<T>::PackedPair(const Tensor* w1, const Tensor* w2, int64_t in)
    : Packed<T>(nullptr, padded(in, kVector<T>), padded(w1->last() + w2->last(), kVector<T>)) {
  const int64_t size = padded(in, kVector<T>) * this->columns();
  if (size == 0) return;
  if (size > INT32_MAX) throw Error(ErrorKind::unsupported, "weights of 2^31 values are too many for the GPU");
  LAUNCH(pack_pair<T>, blocks_for(size), kThreads, 0, this->copy(), w1->data(), w2->data(), static_cast<int>(size),
         static_cast<int>(in), static_cast<int>(w1->last()), static_cast<int>(w2->last()), this->columns());
}

template <typename T>
PackedTransposedTaps<T>::PackedTransposedTaps(const Tensor* w, const Tensor* transposed, const TapGroups& groups,
                                              int64_t in, int64_t out)
    : Packed<T>(transposed == nullptr ? nullptr : as_it_is<T>(transposed, out, in),
                groups.kh * groups.kw * padded(out, kVector<T>), padded(in, kVector<T>)) {
  if (this->copy() == nullptr) return;
  if (transposed != nullptr) {
    pad(this->copy(), transposed, groups.kh * groups.kw, out, in, padded(out, kVector<T>), this->columns());
  } else {
    transpose(this->copy(), w->type(), w->as<void>(), groups, in, out, this->columns(), padded(out, kVector<T>));
  }
}

template <typename To>
void transpose(To* y, Type type, const void* x, int64_t rows, int64_t columns) {
  transpose(y, type, x, TapGroups{1, 1, 1}, rows, columns, rows, columns);
}

template void transpose(float*, Type, const void*, int64_t, int64_t);
template void transpose(bf16*, Type, const void*, int64_t, int64_t);
template void transpose(f16*, Type, const void*, int64_t, int64_t);
template class PackedRows<float>;
template class PackedRows<bf16>;
template class PackedRows<f16>;
template class PackedTaps<float>;
template class PackedTaps<bf16>;
template class PackedTaps<f16>;
template class PackedPair<float>;
template class PackedPair<bf16>;
template class PackedPair<f16>;
template class PackedTransposedTaps<float>;
template class PackedTransposedTaps<bf16>;
template class PackedTransposedTaps<f16>;

}  // namespace selvage::cuda
