#include "bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "check.h"

namespace selvage {
namespace bench {
namespace {

constexpr double kSample = 3e-3, kEnough = 0.15;  // seconds
constexpr int kFewest = 3, kMost = 15;            // samples

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Empties the device's queue.
void wait() { backend().download(nullptr, nullptr, 0); }

double seconds(const Body& body, int64_t calls) {
  const double begin = now();
  for (int64_t i = 0; i < calls; ++i) body();
  wait();
  return (now() - begin) / static_cast<double>(calls);
}

// In this order: the first name that fits is taken.
const DataSheet kSheets[] = {{"B200", 2250, 75, 8000},      {"H200", 989, 66.9, 4800},  {"H100 PCIe", 756, 51.2, 2000},
                             {"H100", 989, 66.9, 3350},     {"A100", 312, 19.5, 2039},  {"L40S", 362, 91.6, 864},
                             {"L4", 121, 30.3, 300},        {"A10", 125, 31.2, 600},    {"T4", 65, 8.1, 320},
                             {"RTX 4090", 165, 82.6, 1008}, {"RTX 3090", 71, 35.6, 936}};

Tensor* plain(int64_t rows, int64_t columns, Type type) {
  const int64_t shape[] = {rows, columns};
  Tensor* t = new Tensor(shape, 2, type);
  fill(t, 0.01f);
  return t;
}

}  // namespace

const DataSheet* data_sheet(const char* gpu) {
  for (const DataSheet& sheet : kSheets) {
    if (std::strstr(gpu, sheet.name) != nullptr) return &sheet;
  }
  return nullptr;
}

double median_seconds(const Body& body) {
  body();
  const double once = seconds(body, 1);
  const int64_t calls = std::max<int64_t>(1, static_cast<int64_t>(kSample / std::max(once, 1e-7)));
  std::vector<double> samples;
  double total = 0;
  while (static_cast<int>(samples.size()) < kFewest || (total < kEnough && static_cast<int>(samples.size()) < kMost)) {
    samples.push_back(seconds(body, calls));
    total += samples.back() * static_cast<double>(calls);
  }
  std::nth_element(samples.begin(), samples.begin() + samples.size() / 2, samples.end());
  return samples[samples.size() / 2];
}

// The work a second of ever larger bodies, until one takes long enough for a steady rate.
template <typename Make>
double rate(int64_t size, int64_t largest, Make make) {
  while (true) {
    const auto [body, work] = make(size);
    const double time = median_seconds(body);
    if (time > kEnough / 10 || size >= largest) return work / time;
    size *= 2;
  }
}

Rates measure_device(Type type) {
  Rates rates{0, "a matrix product", 0};
  rates.bytes = rate(1 << 10, 1 << 16, [](int64_t lines) {
    const std::shared_ptr<Tensor> from(plain(lines, 1024, Type::f32)), to(plain(lines, 1024, Type::f32));
    return std::make_pair(Body([=] { copy(to.get(), from.get()); }), 8.0 * static_cast<double>(lines * 1024));
  });
  if (const DataSheet* sheet = data_sheet(backend().hardware)) {
    return {(type == Type::f32 ? sheet->f32 : sheet->half) * 1e12, "data sheet", rates.bytes};
  }
  rates.flops = rate(128, 8192, [type](int64_t side) {
    const std::shared_ptr<Tensor> a(plain(side, side, type)), b(plain(side, side, type)), y(plain(side, side, type));
    return std::make_pair(Body([=] { matmul(y.get(), a.get(), b.get(), nullptr, false, false, false); }),
                          2.0 * static_cast<double>(side * side * side));
  });
  return rates;
}

namespace {

// cuDNN's seconds for a row, or NaN where cuDNN is not loaded or fails, which is said.
double cudnn_seconds(const Row& row, const Body& body) {
  if (!row.by_either || !backend().set_convolutions(Convolutions::only_cudnn)) return NAN;
  double time = NAN;
  try {
    time = median_seconds(body);
  } catch (const std::exception& e) {
    std::cerr << row.name << ": " << e.what() << "\n";
  }
  backend().set_convolutions(Convolutions::builtin);
  return time;
}

std::vector<Row> rows;
std::string hardware;
BenchDevice device;

void check_row(const char* op, int row) {
  check(row >= 0 && row < static_cast<int>(rows.size()), op,
        "row needs to be below " + std::to_string(rows.size()) + ", is " + std::to_string(row));
}

}  // namespace
}  // namespace bench

int open_bench(const char* part, int images, int height, int width, int type) {
  using namespace bench;
  check(images > 0 && height >= 64 && width >= 64 && height % 64 == 0 && width % 64 == 0, "open_bench",
        "images need to be 1 or more, their sides multiples of 64, found " + shape_text({images, height, width}));
  if (!has_type(type))
    unsupported("open_bench", std::string(backend().name) + " has no maps of type " + std::to_string(type));
  rows.clear();
  for (Row& row : rows_of({images, height, width, static_cast<Type>(type)})) {
    if (row.name.find(part) != std::string::npos) rows.push_back(std::move(row));
  }
  hardware = backend().hardware;
  if (!rows.empty()) {
    const Rates rates = measure_device(static_cast<Type>(type));
    device = {hardware.c_str(), rates.flops, rates.bytes, rates.flops_source};
  }
  return static_cast<int>(rows.size());
}

const BenchDevice* bench_device() { return &bench::device; }

const char* bench_name(int row) {
  bench::check_row("bench_name", row);
  return bench::rows[row].name.c_str();
}

const BenchResult* run_bench(int row) {
  using namespace bench;
  static BenchResult result;
  check_row("run_bench", row);
  const Row& of = rows[row];
  const Body body = of.prepare();
  const int64_t before = executed_flops();
  body();
  const auto executed = static_cast<double>(executed_flops() - before);
  Row done = of;
  if (executed > 0) done.flops = std::min(of.flops, executed);  // Winograd's transforms leave fewer products
  const double seconds = median_seconds(body);
  result = {seconds, done.flops, of.bytes, roofline_seconds(done, device.flops, device.bytes), cudnn_seconds(of, body)};
  return &result;
}

}  // namespace selvage
