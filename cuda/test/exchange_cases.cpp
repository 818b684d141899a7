// Sums over the ranks of a training, each a process of its own with a simulated GPU, by the library that stands for
// NCCL. Streams are as late as they may be, so that a wait that is missing shows.
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cases.h"
#include "common/kernel.cuh"
#include "nccl/gradient_exchange.h"
#include "nccl/nccl_library.h"

namespace selvage::test {
namespace {

constexpr int kMost = 300;  // floats of a sum

float value_of(int rank, int round, int64_t i) {
  return static_cast<float>(rank + 1) * 1.1f + static_cast<float>(round) * 0.3f + 1e-3f * static_cast<float>(i);
}

__global__ void write_values(float* values, int rank, int round, int64_t count) {
  for (int64_t i = cuda::global_thread(); i < count; i += cuda::global_threads())
    values[i] = static_cast<float>(rank + 1) * 1.1f + static_cast<float>(round) * 0.3f + 1e-3f * static_cast<float>(i);
}

__global__ void read_values(float* to, const float* values, int64_t count) {
  for (int64_t i = cuda::global_thread(); i < count; i += cuda::global_threads()) to[i] = values[i];
}

float tree_sum(std::vector<float> values) {
  for (size_t distance = 1; distance < values.size(); distance *= 2) {
    for (size_t i = 0; i + distance < values.size(); i += 2 * distance) values[i] += values[i + distance];
  }
  return values[0];
}

void await_sums() {
  while (!cuda::sums_are_there()) usleep(50);
}

// Two sums a round, as of two buckets; each round writes over what the one before has sent.
int wrong_sums(int rank, int ranks) {
  const int64_t counts[] = {kMost, 5};
  float* values[2];
  float* found[2];
  for (int k = 0; k < 2; ++k) {
    values[k] = static_cast<float*>(simt::new_memory(kMost * sizeof(float), false));
    found[k] = static_cast<float*>(simt::new_memory(kMost * sizeof(float), false));
  }
  int wrong = 0;
  for (int round = 0; round < 3; ++round) {
    for (int k = 0; k < 2; ++k) {
      LAUNCH(write_values, 1, 32, 0, values[k], rank, round + k, counts[k]);
      cuda::begin_sum(values[k], counts[k]);
    }
    cuda::take_sums();
    for (int k = 0; k < 2; ++k) LAUNCH(read_values, 1, 32, 0, found[k], values[k], counts[k]);
    await_sums();
    cuda::synchronise();
    for (int k = 0; k < 2; ++k) {
      for (int64_t i = 0; i < counts[k]; ++i) {
        std::vector<float> all;
        for (int other = 0; other < ranks; ++other) all.push_back(value_of(other, round + k, i));
        wrong += found[k][i] == tree_sum(all) ? 0 : 1;
      }
    }
  }
  return wrong;
}

// Runs body(rank) in a process for each rank, all connected. The sum of what they return; 100 for one that throws.
int in_ranks(int ranks, const std::function<int(int)>& body) {
  std::string folder = (std::filesystem::temp_directory_path() / "exchangeXXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 100;
  setenv("FAKE_NCCL_FOLDER", folder.c_str(), 1);
  if (!cuda::open_nccl(FAKE_NCCL).empty()) return 100;
  ncclUniqueId id{};
  cuda::check_nccl(cuda::nccl().GetUniqueId(&id), "ncclGetUniqueId");
  cuda::stream();
  for (int rank = 0; rank < ranks; ++rank) {
    if (fork() != 0) continue;
    int code = 100;
    try {
      cuda::connect_ranks(id, rank, ranks);
      code = std::min(body(rank), 99);
    } catch (const std::exception&) {
    }
    _exit(code);
  }
  int sum = 0, status = 0;
  while (wait(&status) > 0) sum += WIFEXITED(status) ? WEXITSTATUS(status) : 100;
  std::filesystem::remove_all(folder);
  return sum;
}

void run_late(int which, cudaStream_t sums) {
  std::vector<simt_stream*> late;
  if ((which & 1) != 0) late.push_back(cuda::stream());
  if ((which & 2) != 0) late.push_back(sums);
  simt::run_late(late);
}

// The other rank is gone: an error, and after it nothing waits.
int notices_the_loss(int rank) {
  if (rank == 1) return 0;
  float* values = static_cast<float*>(simt::new_memory(kMost * sizeof(float), false));
  cuda::begin_sum(values, kMost);
  cuda::take_sums();
  try {
    await_sums();
  } catch (const cuda::CudaError& e) {
    cuda::abort_ranks();
    cuda::synchronise();
    return std::string(e.what()).find("NCCL says remote process exited") == std::string::npos ? 1 : 0;
  }
  return 2;
}

}  // namespace

void add_exchange_cases(Table& table) {
  for (int ranks : {2, 3, 4}) {
    for (int late = 0; late < 4; ++late) {
      if (ranks != 2 && late != 3) continue;
      table.push_back({"sums over " + std::to_string(ranks) + " ranks, late streams " + std::to_string(late), 0, [=] {
                         return static_cast<double>(in_ranks(ranks, [=](int rank) {
                           run_late(late, cuda::sums_stream());
                           return wrong_sums(rank, ranks);
                         }));
                       }});
    }
  }
  table.push_back(
      {"a rank that is lost in a sum", 0, [] { return static_cast<double>(in_ranks(2, notices_the_loss)); }});
}

}  // namespace selvage::test
