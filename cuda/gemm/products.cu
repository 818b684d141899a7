// Which grid, operands and epilogue each product gets; the kernels are in gather_gemm.cu and pixel_gemm.cu.
#include "gemm/gather_gemm.cuh"
#include "gemm/pack.cuh"
#include "gemm/pixel_gemm.cuh"
#include "gemm/precision.h"
#include "gemm/products.h"
#include "ops.h"

namespace selvage::cuda {
namespace {

Precision precision = Precision::f32;

// body(Math{}) with how the product of these is formed: by the short type among them, to which all operands are
// rounded, or for floats by float_precision().
template <typename Body>
void with_math(std::initializer_list<const Tensor*> tensors, const Body& body) {
  Type type = Type::f32;
  for (const Tensor* t : tensors) type = t->type() == Type::f32 ? type : t->type();
  if (type == Type::bf16) {
    body(MathBf16{});
  } else if (type == Type::f16) {
    body(MathF16{});
  } else if (float_precision() == Precision::bf16) {
    body(MathBf16{});
  } else if (float_precision() == Precision::f16) {
    body(MathF16{});
  } else if (float_precision() == Precision::tf32) {
    body(MathTf32{});
  } else {
    body(MathExact{});
  }
}

const void* address(const Tensor* t) { return t == nullptr ? nullptr : t->as<void>(); }

// y is float or of the operands' type, and the residual and the mask of y's.
Epilogue epilogue(Tensor* y, int64_t columns, const Finish& f) {
  common_type("convolve", {y, f.residual, f.mask});
  const uintptr_t addresses = reinterpret_cast<uintptr_t>(address(y)) |
                              reinterpret_cast<uintptr_t>(address(f.residual)) |
                              reinterpret_cast<uintptr_t>(address(f.mask));
  const int64_t vector = 16 / bytes_of(y->type());
  return {y->as<void>(),
          f.bias == nullptr ? nullptr : f.bias->data(),
          address(f.residual),
          address(f.mask),
          static_cast<int>(columns),
          f.relu,
          y->type() == Type::f32,
          static_cast<int16_t>(columns % vector == 0 && addresses % 16 == 0 ? vector : 1)};
}

// Of single pixels, one after the other, an image has no lines, and there is but one image: no row has to be found.
ConvShape without_lines(ConvShape s) {
  if (s.kh == 1 && s.kw == 1 && s.stride == 1 && s.pad == 0) {
    s.w *= s.n * s.h;
    s.n = s.h = 1;
  }
  return s;
}

// x as rows of pixels, with all channels that it has.
template <typename T>
PackedRows<T> pixels_of(const Tensor* x, const ConvShape& s) {
  const int64_t pixels = s.n * s.h * s.w;
  return PackedRows<T>(x, pixels, pixels == 0 ? s.in : x->size() / pixels);
}

// The grid of a convolution's forward pass: a row for each pixel of y.
GatherGrid forward_grid(ConvShape s, int channels) {
  s = without_lines(s);
  const int oh = static_cast<int>(s.out_h()), ow = static_cast<int>(s.out_w());
  GatherGrid g{};
  g.n = static_cast<int>(s.n), g.source_h = static_cast<int>(s.h), g.source_w = static_cast<int>(s.w);
  g.channels = channels;
  g.rows_h = oh, g.rows_w = ow;
  g.step = static_cast<int>(s.stride), g.first_y = g.first_x = static_cast<int>(-s.pad), g.direction = 1;
  g.taps_y = static_cast<int>(s.kh), g.taps_x = static_cast<int>(s.kw);
  g.out_h = oh, g.out_w = ow, g.out_step = 1;
  return g;
}

// Along one axis of a strided adjoint, the pixels i of dx with i mod stride = part receive from the taps k with
// (i + pad - k) mod stride = 0, at dy's place (i + pad - k) / stride.
struct Part {
  int residue, taps, pixels, first;
  Part(int64_t part, int64_t size, int64_t kernel, const ConvShape& s)
      : residue(static_cast<int>((part + s.pad) % s.stride)),
        taps(residue < kernel ? static_cast<int>((kernel - residue + s.stride - 1) / s.stride) : 0),
        pixels(part < size ? static_cast<int>((size - part + s.stride - 1) / s.stride) : 0),
        first(static_cast<int>((part + s.pad - residue) / s.stride)) {}
};

GatherGrid adjoint_grid(const ConvShape& s, int channels, const Part& y, const Part& x, int part_y, int part_x) {
  GatherGrid g{};
  g.n = static_cast<int>(s.n), g.source_h = static_cast<int>(s.out_h()), g.source_w = static_cast<int>(s.out_w());
  g.channels = channels;
  g.rows_h = y.pixels, g.rows_w = x.pixels;
  g.step = 1, g.first_y = y.first, g.first_x = x.first, g.direction = -1;
  g.taps_y = y.taps, g.taps_x = x.taps;
  g.out_h = static_cast<int>(s.h), g.out_w = static_cast<int>(s.w), g.out_step = static_cast<int>(s.stride);
  g.out_y = part_y, g.out_x = part_x;
  return g;
}

}  // namespace

Precision float_precision() { return precision; }
void set_float_precision(Precision chosen) { precision = chosen; }

void convolve(Tensor* y, const Tensor* x, const Tensor* w, const ConvShape& s, const Finish& finish) {
  with_math({x, w, y}, [&](auto m) {
    using T = typename decltype(m)::Element;
    const PackedRows<T> source = pixels_of<T>(x, s);
    const PackedTaps<T> weights(w, s.kh * s.kw, s.in, s.out);
    launch_gather_gemm<decltype(m)>(forward_grid(s, source.columns()), source.data(), weights.data(), weights.columns(),
                                    epilogue(y, s.out, finish));
  });
}

void multiply_by_both(float* y, const Tensor* x, const Tensor* w1, const Tensor* w2) {
  const ConvShape s = ConvShape::dense(x->rows(), x->last(), w1->last() + w2->last());
  with_math({x, w1, w2}, [&](auto m) {
    using T = typename decltype(m)::Element;
    const PackedRows<T> source(x, s.n, s.in);
    const PackedPair<T> weights(w1, w2, s.in);
    const auto columns = static_cast<int>(columns_of_both(s.out));  // at most as many as the packed weights have
    launch_gather_gemm<decltype(m)>(forward_grid(s, source.columns()), source.data(), weights.data(), weights.columns(),
                                    Epilogue{y, nullptr, nullptr, nullptr, columns, false, true, kVector<float>});
  });
}

void convolve_adjoint(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* transposed, const ConvShape& shape,
                      const Finish& finish) {
  const ConvShape s = without_lines(shape);
  with_math({dy, w, dx}, [&](auto m) {
    using T = typename decltype(m)::Element;
    const PackedRows<T> source(dy, s.out_rows(), s.out);
    const TapGroups groups{static_cast<int>(s.kh), static_cast<int>(s.kw), static_cast<int>(s.stride)};
    const PackedTransposedTaps<T> weights(w, transposed, groups, s.in, s.out);
    for (int part_y = 0; part_y < s.stride; ++part_y) {
      for (int part_x = 0; part_x < s.stride; ++part_x) {
        const Part y(part_y, s.h, s.kh, s), x(part_x, s.w, s.kw, s);
        // A part without taps still runs, over no depth at all: its sums are zero.
        const int64_t before = y.taps > 0 && x.taps > 0 ? groups.before(y.residue, x.residue) : 0;
        launch_gather_gemm<decltype(m)>(adjoint_grid(s, source.columns(), y, x, part_y, part_x), source.data(),
                                        weights.data() + before * source.columns() * weights.columns(),
                                        weights.columns(), epilogue(dx, s.in, finish));
      }
    }
  });
}

void convolve_weights(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, const ConvShape& s) {
  if (dw->size() == 0 && db != nullptr) cuda::sum_rows(db, dy);  // of no inputs: there is no product to do it with
  with_math({x, dy, dw}, [&](auto m) {
    using T = typename decltype(m)::Element;
    const PackedRows<T> source = pixels_of<T>(x, s), gradient(dy, s.out_rows(), s.out);
    launch_pixel_gemm<decltype(m)>(dw, db, forward_grid(s, source.columns()), source.data(), gradient.data(),
                                   gradient.columns(), static_cast<int>(s.in), static_cast<int>(s.out));
  });
}

void convolve_weights_turned(Tensor* dw, const Tensor* x, const Tensor* dy, const ConvShape& s) {
  with_math({x, dy, dw}, [&](auto m) {
    using T = typename decltype(m)::Element;
    const PackedRows<T> source(x, s.n * s.h * s.w, s.in);
    const PackedTransposedTaps<T> gradient(dy, nullptr, TapGroups{1, 1, 1}, s.out, s.out_rows());
    launch_pixel_gemm<decltype(m)>(dw, nullptr, forward_grid(s, source.columns()), source.data(), gradient.data(),
                                   gradient.columns(), static_cast<int>(s.in), static_cast<int>(s.out));
  });
}

}  // namespace selvage::cuda
