// Work on two streams, each of them once as late as it may run, and what the shim makes of waits that are missing.
#include <algorithm>
#include <cmath>
#include <memory>

#include "common/kernel.cuh"
#include "compare_to_cpu.h"
#include "device/prefetch.h"

namespace selvage::test {
namespace {

// No stream late, either of them, both.
std::vector<std::vector<simt_stream*>> late_streams() {
  simt_stream* compute = cuda::stream();
  simt_stream* copies = cuda::copy_stream();
  return {{}, {compute}, {copies}, {compute, copies}};
}

// body() with these streams late, and everything run at its end.
template <typename Body>
double with_late(const std::vector<simt_stream*>& streams, const Body& body) {
  simt::run_late(streams);
  const double error = body();
  simt::run_late({});
  return error;
}

__global__ void twice(float* y, const float* x) { y[threadIdx.x] = 2 * x[threadIdx.x]; }

// 32 floats in a memory that is given back after all streams have run.
class Block {
 public:
  explicit Block(bool pinned) : data_(static_cast<float*>(simt::new_memory(32 * sizeof(float), pinned))) {}
  ~Block() { simt::free_memory(data_); }
  float* data() { return data_; }

 private:
  float* data_;
};

cudaEvent_t event() {
  cudaEvent_t made = nullptr;
  cudaEventCreateWithFlags(&made, cudaEventDisableTiming);
  return made;
}

struct Waits {
  bool kernel_for_copy, host_for_copy, copy_for_kernel;
};

// Two rounds of what a prefetch does: the host writes into pinned memory, the copy stream brings it over, the compute
// stream doubles it. Returns how many results are wrong.
double two_rounds(const Waits& waits) {
  Block host(true), device(false), first(false), second(false);
  const cudaEvent_t arrived = event(), used = event();
  for (int round = 0; round < 2; ++round) {
    if (waits.host_for_copy) cudaEventSynchronize(arrived);
    for (int i = 0; i < 32; ++i) host.data()[i] = static_cast<float>(100 * round + i);
    if (waits.copy_for_kernel) cudaStreamWaitEvent(cuda::copy_stream(), used);
    cudaMemcpyAsync(device.data(), host.data(), 32 * sizeof(float), cudaMemcpyHostToDevice, cuda::copy_stream());
    cudaEventRecord(arrived, cuda::copy_stream());
    if (waits.kernel_for_copy) cudaStreamWaitEvent(cuda::stream(), arrived);
    LAUNCH(twice, 1, 32, 0, (round == 0 ? first : second).data(), device.data());
    cudaEventRecord(used, cuda::stream());
  }
  simt::run_all(cuda::stream());
  simt::run_all(cuda::copy_stream());
  double wrong = 0;
  for (int i = 0; i < 32; ++i) {
    wrong += first.data()[i] == static_cast<float>(2 * i) ? 0 : 1;
    wrong += second.data()[i] == static_cast<float>(2 * (100 + i)) ? 0 : 1;
  }
  delete arrived;
  delete used;
  return wrong;
}

// The most wrong results that any of it brings.
double worst_of(const Waits& waits) {
  double worst = 0;
  for (const auto& late : late_streams()) worst = std::max(worst, with_late(late, [&] { return two_rounds(waits); }));
  return worst;
}

void add_waits(Table& table) {
  table.push_back({"shim: two streams with all their waits", 0, [] { return worst_of({true, true, true}); }});
  const auto refuses = [&](const std::string& what, const Waits& waits) {
    table.push_back({"shim shows " + what, 0, [=] { return worst_of(waits) > 0 ? 0.0 : 1.0; }});
  };
  refuses("a kernel that does not wait for its copy", {false, true, true});
  refuses("a host that overwrites what a copy has yet to read", {true, false, true});
  refuses("a copy that overwrites what a kernel has yet to read", {true, true, false});
  table.push_back({"shim: a copy from pageable memory has read it on return", 0, [] {
                     return with_late({cuda::copy_stream()}, [] {
                       Block device(false);
                       float host[32] = {7};
                       cudaMemcpyAsync(device.data(), host, sizeof host, cudaMemcpyHostToDevice, cuda::copy_stream());
                       host[0] = 8;
                       const bool late = std::isnan(device.data()[0]);
                       cudaStreamSynchronize(cuda::copy_stream());
                       return late && device.data()[0] == 7 ? 0.0 : 1.0;
                     });
                   }});
}

// Uploads of more than the pinned memory holds, out of host memory that the next one is written to at once.
double uploads_in_turn() {
  constexpr int kUploads = 11, kFloats = 1 << 18;
  std::vector<float> host(kFloats);
  std::vector<std::unique_ptr<cuda::Workspace<float>>> devices;
  for (int i = 0; i < kUploads; ++i) {
    devices.push_back(std::make_unique<cuda::Workspace<float>>(kFloats));
    std::fill(host.begin(), host.end(), static_cast<float>(i));
    cuda::upload(devices[i]->data(), host.data(), kFloats * sizeof(float));
  }
  simt::run_all_streams();
  double wrong = 0;
  for (int i = 0; i < kUploads; ++i) {
    const float* found = devices[i]->data();
    wrong += static_cast<double>(kFloats - std::count(found, found + kFloats, static_cast<float>(i)));
  }
  return wrong;
}

// An upload of several parts, and one after it, out of host memory that is written to at once.
double large_upload() {
  constexpr int64_t kFloats = (11 << 18) + 5;  // 11 MiB and a little
  const int64_t waits = simt::faults().waits;
  cuda::Workspace<float> device(kFloats), other(32);
  std::vector<float> host(kFloats);
  for (int64_t i = 0; i < kFloats; ++i) host[i] = static_cast<float>(i);
  cuda::upload(device.data(), host.data(), kFloats * static_cast<int64_t>(sizeof(float)));
  std::fill(host.begin(), host.end(), -1.0f);
  cuda::upload(other.data(), host.data(), 32 * sizeof(float));
  std::fill(host.begin(), host.end(), -2.0f);
  const double unpinned = static_cast<double>(simt::faults().waits - waits);
  simt::run_all_streams();
  double wrong = static_cast<double>(32 - std::count(other.data(), other.data() + 32, -1.0f));
  for (int64_t i = 0; i < kFloats; ++i) wrong += device.data()[i] == static_cast<float>(i) ? 0 : 1;
  return wrong + unpinned;
}

void add_uploads(Table& table) {
  table.push_back({"uploads of more than the pinned memory", 0, [] {
                     double wrong = 0;
                     for (const auto& late : late_streams()) wrong += with_late(late, large_upload);
                     return wrong;
                   }});
  table.push_back({"uploads", 0, [] {
                     double wrong = 0;
                     for (const auto& late : late_streams()) wrong += with_late(late, uploads_in_turn);
                     return wrong;
                   }});
  table.push_back({"an upload waits for nothing", 0, [] {
                     return with_late({cuda::stream()}, [] {
                       cuda::Workspace<float> x(32);
                       x.data()[0] = 0;
                       const std::vector<float> host(32, 3);
                       cuda::upload(x.data(), host.data(), 32 * sizeof(float));
                       const bool late = x.data()[0] == 0;
                       simt::run_all_streams();
                       return late && x.data()[31] == 3 ? 0.0 : 1.0;
                     });
                   }});
}

std::vector<uint8_t> photo(int seed, int64_t count) {
  std::vector<uint8_t> bytes(count);
  for (int64_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(31 * seed + 7 * i);
  return bytes;
}

// How far what mold makes of `rgb` is from what it should make of `bytes`.
double molded_from(const uint8_t* rgb, const std::vector<uint8_t>& bytes) {
  const int64_t count = static_cast<int64_t>(bytes.size());
  const Ptr y = empty({1, 1, count / 3, 3}), expected = empty({1, 1, count / 3, 3});
  cuda::mold_images(y.get(), rgb, count, 1, 2, 3);
  simt::run_all_streams();
  mold_images(expected.get(), bytes.data(), count, 1, 2, 3);
  return distance(*y, *expected);
}

// Each photo is prefetched while the one before is being read, into the same memory of the host, as a loader may do.
double photos_in_turn(const std::vector<int64_t>& sizes) {
  std::vector<Ptr> results;
  std::vector<uint8_t> now = photo(0, sizes[0]);
  for (size_t i = 0; i < sizes.size(); ++i) {
    results.push_back(empty({1, 1, sizes[i] / 3, 3}));
    cuda::mold_images(results.back().get(), now.data(), sizes[i], 1, 2, 3);
    if (i + 1 == sizes.size()) break;
    const int64_t next_size = sizes[i + 1];
    const std::vector<uint8_t> next = photo(static_cast<int>(i) + 1, next_size);
    now.resize(next_size);
    std::copy(next.begin(), next.end(), now.begin());
    cuda::prefetch_images(now.data(), next_size);
  }
  simt::run_all_streams();
  double worst = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const std::vector<uint8_t> bytes = photo(static_cast<int>(i), sizes[i]);
    const Ptr expected = empty({1, 1, sizes[i] / 3, 3});
    mold_images(expected.get(), bytes.data(), sizes[i], 1, 2, 3);
    worst = std::max(worst, distance(*results[i], *expected));
  }
  return worst;
}

void add_prefetch(Table& table) {
  table.push_back(
      {"prefetched photos", 0, [] {
         double worst = 0;
         for (const auto& late : late_streams()) {
           worst = std::max(worst, with_late(late, [] { return photos_in_turn({300, 300, 300, 3, 900, 900, 300}); }));
         }
         return worst;
       }});
  table.push_back({"a prefetched photo counts once", 0, [] {
                     std::vector<uint8_t> bytes = photo(1, 300);
                     cuda::prefetch_images(bytes.data(), 300);
                     const double first = molded_from(bytes.data(), bytes);
                     const std::vector<uint8_t> other = photo(2, 300);
                     std::copy(other.begin(), other.end(), bytes.begin());
                     return first + molded_from(bytes.data(), other);
                   }});
  table.push_back({"a prefetched photo can be taken back", 0, [] {
                     std::vector<uint8_t> bytes = photo(1, 300);
                     cuda::prefetch_images(bytes.data(), 300);
                     cuda::prefetch_images(nullptr, 0);
                     const std::vector<uint8_t> other = photo(2, 300);
                     std::copy(other.begin(), other.end(), bytes.begin());
                     return molded_from(bytes.data(), other);
                   }});
  table.push_back({"another photo than the prefetched one", 0, [] {
                     const std::vector<uint8_t> bytes = photo(1, 300), other = photo(2, 300);
                     cuda::prefetch_images(bytes.data(), 300);
                     return molded_from(other.data(), other) + molded_from(bytes.data(), bytes);
                   }});
}

}  // namespace

void add_stream_cases(Table& table) {
  add_waits(table);
  add_uploads(table);
  add_prefetch(table);
}

}  // namespace selvage::test
