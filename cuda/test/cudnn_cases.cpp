// The choice between our convolutions and cuDNN's, and what cuDNN refuses; product_cases.cpp has the passes themselves.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "cases.h"
#include "common/kernel.cuh"
#include "cpu/ops.h"
#include "cudnn/convolution_engine.h"
#include "cudnn/cudnn_library.h"
#include "gemm/precision.h"
#include "simt/faults.h"

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

// The built-in kernels take a quarter of an hour: longer than anything else, however busy the machine is.
struct SlowKernels {
  explicit SlowKernels(bool slow = true) { simt::faults().slowness = slow ? 1e6 : 0; }
  ~SlowKernels() { simt::faults().slowness = 0; }
};

double takes_the_faster(bool cudnn_is_slow, int64_t channels) {
  const By engine(Convolutions::automatic);
  Block first(3, channels, 8), second(4, channels, 8);  // one power of two
  {
    const Planted slowness("FAKE_CUDNN_SLOWNESS", cudnn_is_slow ? "1e6" : "0");
    const SlowKernels kernels(!cudnn_is_slow);
    first.run();
  }
  const int taken = products_of(second);
  return taken == (cudnn_is_slow ? 0 : 1) ? std::max(first.error(), second.error()) : NAN;
}

double names_the_failure(Convolutions chosen, const char* fault, const std::string& text) {
  const By engine(chosen);
  const Planted planted(fault, "cudnnConvolutionBackwardData");
  Block block(2, 4, 8);
  try {
    cuda::conv_data_grad(block.x.get(), block.y.get(), block.w.get(), nullptr, nullptr, nullptr, 1, 1);
  } catch (const cuda::CudaError& e) {
    return e.what() == "cudnnConvolutionBackwardData: cuDNN says " + text ? 0 : NAN;
  }
  return NAN;
}

// What this process writes to stderr while it lives.
class Said {
 public:
  Said() : stderr_(dup(2)), file_(std::tmpfile()) {
    std::fflush(stderr);
    dup2(fileno(file_), 2);
  }
  ~Said() {
    dup2(stderr_, 2);
    close(stderr_);
    std::fclose(file_);
  }
  std::string text() {
    std::rewind(file_);
    std::string all;
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) all += static_cast<char>(c);
    return all;
  }

 private:
  int stderr_;
  std::FILE* file_;
};

// Each pass of a shape that cuDNN lacks is computed by the built-in kernels, which is said once, for whatever number of
// images; what cuDNN has is still computed by it. Every call has channels of its own, a shape that was not seen before.
double computes_what_cudnn_lacks(const char* function, const std::string& pass) {
  static int64_t calls = 0;
  const int64_t in = 32 + ++calls;
  const By engine(Convolutions::cudnn);
  Said said;
  const Planted planted("FAKE_CUDNN_LACKS", function);
  const int before = products();
  double worst = 0;
  for (int64_t images : {2, 3, 2}) {
    Block block(images, in, 8);
    block.run();
    const Ptr dx = empty(block.x_shape), dw = empty({3, 3, in, 8}), dx_expected = empty(block.x_shape),
              dw_expected = empty({3, 3, in, 8}), dy = random(block.y_shape, 5);
    cuda::conv_data_grad(dx.get(), dy.get(), block.w.get(), nullptr, nullptr, nullptr, 1, 1);
    cuda::conv_weight_grad(dw.get(), nullptr, block.x.get(), dy.get(), 1, 1);
    cpu::conv_data_grad(dx_expected.get(), dy.get(), block.w.get(), nullptr, nullptr, nullptr, 1, 1);
    cpu::conv_weight_grad(dw_expected.get(), nullptr, block.x.get(), dy.get(), 1, 1);
    worst = std::max({worst, block.error(), distance(*dx, *dx_expected), distance(*dw, *dw_expected)});
  }
  const std::string line = "selvage: cuDNN has no " + pass + " of f32 maps [2,5,6," + std::to_string(in) +
                           "] by weights [3,3," + std::to_string(in) +
                           ",8] with stride 1 and padding 1; the built-in kernels compute it (" + function +
                           ": cuDNN says CUDNN_STATUS_NOT_SUPPORTED (3000))\n";
  const bool as_expected = products() - before == 6 && said.text() == line;
  return as_expected ? worst : NAN;
}

// The number of maps is rounded for the choice of the faster engine, and cuDNN may have one number of them and not
// another.
double automatic_computes_what_cudnn_lacks_later() {
  const By engine(Convolutions::automatic);
  Block first(3, 6, 8), second(4, 6, 8);  // one power of two
  {
    const SlowKernels kernels;
    first.run();
  }
  if (products_of(first) != 1) return NAN;
  const Said said;
  const Planted planted("FAKE_CUDNN_LACKS", "cudnnConvolutionForward");
  const int before = products();
  cpu::conv_block(second.expected.get(), second.x.get(), second.w.get(), nullptr, nullptr, 1, 1, false);
  cuda::conv_block(second.y.get(), second.x.get(), second.w.get(), nullptr, nullptr, 1, 1, false);
  return products() == before ? second.error() : NAN;
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
  table.push_back(
      {"cuDNN's failures are named", 0, [] {
         return names_the_failure(Convolutions::cudnn, "FAKE_CUDNN_FAILS", "CUDNN_STATUS_EXECUTION_FAILED (5000)") +
                names_the_failure(Convolutions::only_cudnn, "FAKE_CUDNN_LACKS", "CUDNN_STATUS_NOT_SUPPORTED (3000)");
       }});
  const auto lacks = [&](const char* function, const char* pass) {
    table.push_back(
        {std::string("cuDNN lacks ") + function, 2e-6, [=] { return computes_what_cudnn_lacks(function, pass); }});
  };
  lacks("cudnnGetConvolutionForwardAlgorithm_v7", "conv_block");
  lacks("cudnnGetConvolutionBackwardDataAlgorithm_v7", "conv_data_grad");
  lacks("cudnnConvolutionBackwardData", "conv_data_grad");
  lacks("cudnnConvolutionBackwardFilter", "conv_weight_grad");
  table.push_back(
      {"cuDNN lacks a number of maps of which it was the faster", 2e-6, automatic_computes_what_cudnn_lacks_later});
  table.push_back(
      {"cuDNN leaves dense layers, logits and empty maps to the built-in kernels", 2e-5, leaves_to_builtin});
  table.push_back({"cuDNN computes in the stream's turn", 2e-6, runs_in_the_stream});
}

}  // namespace selvage::test
