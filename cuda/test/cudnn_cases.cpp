// The choice between our convolutions and cuDNN's, and what cuDNN refuses; product_cases.cpp has the passes themselves.
#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cases.h"
#include "common/kernel.cuh"
#include "cpu/ops.h"
#include "cudnn/convolution_engine.h"
#include "cudnn/cudnn_library.h"
#include "gemm/precision.h"

namespace selvage::test {
namespace {

// How many products cuDNN has computed.
int products() {
  static const auto count =
      reinterpret_cast<int (*)()>(dlsym(dlopen(FAKE_CUDNN, RTLD_NOW | RTLD_LOCAL), "fake_cudnn_products"));
  return count();
}

// Convolutions by this engine while it lives.
class By {
 public:
  explicit By(Convolutions engine) {
    const std::string why = cuda::open_cudnn(FAKE_CUDNN);
    if (!why.empty()) throw std::runtime_error(why);
    cuda::set_convolutions(engine);
  }
  ~By() { cuda::set_convolutions(Convolutions::builtin); }
};

// A fault of the fake cuDNN's while it lives.
class Planted {
 public:
  Planted(const char* fault, const char* value) : fault_(fault) { setenv(fault, value, 1); }
  ~Planted() { unsetenv(fault_); }

 private:
  const char* fault_;
};

// A 3x3 convolution of stride 1 with all that may follow it, on both sides.
struct Block {
  Shape x_shape, y_shape;
  Ptr x, w, b, residual, y, expected;
  Block(int64_t images, int64_t in, int64_t out)
      : x_shape{images, 5, 6, in},
        y_shape{images, 5, 6, out},
        x(random(x_shape, 1)),
        w(random({3, 3, in, out}, 2)),
        b(random({out}, 3)),
        residual(random(y_shape, 4)),
        y(empty(y_shape)),
        expected(empty(y_shape)) {
    cuda::set_float_precision(Precision::f32);
    cpu::conv_block(expected.get(), x.get(), w.get(), b.get(), residual.get(), 1, 1, true);
  }
  void run() { cuda::conv_block(y.get(), x.get(), w.get(), b.get(), residual.get(), 1, 1, true); }
  double error() const { return distance(*y, *expected); }
};

// How many of one call's products are cuDNN's, at a shape that may have been seen before.
int products_of(Block& block) {
  const int before = products();
  block.run();
  return products() - before;
}

double takes_the_faster(bool cudnn_is_slow, int64_t channels) {
  const By engine(Convolutions::automatic);
  Block first(3, channels, 8), second(4, channels, 8);  // one power of two
  {
    const Planted sleep("FAKE_CUDNN_SLEEP", cudnn_is_slow ? "100" : "0");
    first.run();
  }
  const int taken = products_of(second);
  return taken == (cudnn_is_slow ? 0 : 1) ? std::max(first.error(), second.error()) : NAN;
}

double names_the_failure(const char* fault, const std::string& text) {
  const By engine(Convolutions::cudnn);
  const Planted planted(fault, "cudnnConvolutionBackwardData");
  Block block(2, 4, 8);
  try {
    cuda::conv_data_grad(block.x.get(), block.y.get(), block.w.get(), 1, 1);
  } catch (const cuda::CudaError& e) {
    return e.what() == "cudnnConvolutionBackwardData: cuDNN says " + text ? 0 : NAN;
  }
  return NAN;
}

// Dense layers, logits in floats of short maps, empty maps.
double leaves_to_builtin() {
  const By engine(Convolutions::cudnn);
  const int before = products();
  const Ptr x = random({3, 2, 2, 8}, 1), w = random({2, 2, 8, 5}, 2), b = random({5}, 3);
  const Ptr y = empty({3, 1, 1, 5}), expected = empty({3, 1, 1, 5});
  cpu::conv_block(expected.get(), x.get(), w.get(), b.get(), nullptr, 1, 0, false);
  cuda::conv_block(y.get(), x.get(), w.get(), b.get(), nullptr, 1, 0, false);
  const double dense = distance(*y, *expected);
  const Ptr maps = as_type(*x, Type::bf16), of_floats = as_floats(*maps), pixel = random({1, 1, 8, 5}, 4);
  const Ptr logits = empty({3, 2, 2, 5}), expected_logits = empty({3, 2, 2, 5});
  cpu::conv_block(expected_logits.get(), of_floats.get(), pixel.get(), b.get(), nullptr, 1, 0, false);
  cuda::conv_block(logits.get(), maps.get(), pixel.get(), b.get(), nullptr, 1, 0, false);
  const Ptr none = empty({0, 2, 2, 8}), no_logits = empty({0, 2, 2, 5});
  cuda::conv_block(no_logits.get(), none.get(), pixel.get(), b.get(), nullptr, 1, 0, false);
  const double far = std::max(dense, distance(*logits, *expected_logits) / 1000);
  return products() == before ? far : NAN;
}

// What the stream still has to write is what the product reads.
double runs_in_the_stream() {
  const By engine(Convolutions::cudnn);
  Block block(2, 8, 8);
  const std::vector<float> values(block.x->data(), block.x->data() + block.x->size());
  std::fill(block.x->data(), block.x->data() + block.x->size(), NAN);
  simt::run_late({cuda::stream()});
  simt::enqueue(cuda::stream(), [&] { std::copy(values.begin(), values.end(), block.x->data()); });
  block.run();
  simt::run_late({});
  return block.error();
}

}  // namespace

Case by_cudnn(const Case& c) {
  return {c.name + " by cuDNN", c.limit, [c] {
            const By engine(Convolutions::cudnn);
            const int before = products();
            const double error = c.error();
            return products() > before ? error : NAN;
          }};
}

void add_cudnn_cases(Table& table) {
  table.push_back({"cuDNN computes where it is faster", 2e-6, [] { return takes_the_faster(false, 8); }});
  table.push_back({"cuDNN does not compute where it is slower", 2e-6, [] { return takes_the_faster(true, 16); }});
  table.push_back({"cuDNN does not compute where it cannot", 2e-6, [] {
                     const Planted lack("FAKE_CUDNN_LACKS", "cudnnGetConvolutionForwardAlgorithm_v7");
                     return takes_the_faster(true, 24);
                   }});
  table.push_back({"cuDNN without bias and ReLU", 2e-6, [] {
                     const By engine(Convolutions::cudnn);
                     const Planted lack("FAKE_CUDNN_LACKS", "cudnnConvolutionBiasActivationForward");
                     Block block(2, 7, 5);
                     return products_of(block) == 1 ? block.error() : NAN;
                   }});
  table.push_back({"cuDNN's failures are named", 0, [] {
                     return names_the_failure("FAKE_CUDNN_FAILS", "CUDNN_STATUS_EXECUTION_FAILED (5000)") +
                            names_the_failure("FAKE_CUDNN_LACKS", "CUDNN_STATUS_NOT_SUPPORTED (3000)");
                   }});
  table.push_back(
      {"cuDNN leaves dense layers, logits and empty maps to the built-in kernels", 2e-5, leaves_to_builtin});
  table.push_back({"cuDNN computes in the stream's turn", 2e-6, runs_in_the_stream});
}

}  // namespace selvage::test
