// Sums over the ranks of a training, and the messages that it needs besides. The order of a sum follows from the ranks'
// numbers alone, never from when their values come.
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "ranks_library.h"

namespace selvage {
namespace {

// Floats of a sum that are on their way together: 16 MB, so that what has come is still in a cache when it is added.
constexpr int64_t kBlock = int64_t{1} << 22;

// Between GPUs a rank that does not come is looked for by messages; the others come to the same wait within a step.
constexpr double kNamingSeconds = 30;
constexpr double kHearingSeconds = 5;  // from NCCL's failure to the sentence of the rank that has caused it
constexpr auto kSleep = std::chrono::microseconds(50);

const RanksLibrary* library = nullptr;
std::string own_message;  // in place of the library's, unless it is empty

size_t index(int rank) { return static_cast<size_t>(rank); }

// Bytes to and from every rank, in the order of the ranks.
struct Messages {
  std::vector<const void*> send;
  std::vector<void*> receive;
  std::vector<int64_t> send_bytes, receive_bytes;

  Messages()
      : send(index(library->size())), receive(send.size()), send_bytes(send.size()), receive_bytes(send.size()) {}

  RanksStatus exchange(double seconds) const {
    return library->exchange(send.data(), send_bytes.data(), receive.data(), receive_bytes.data(), seconds);
  }
};

// Each rank has a piece of its own of an array; afterwards all have all.
template <typename Begin>
RanksStatus gather_pieces(char* array, const Begin& begin, double seconds) {
  Messages messages;
  const int own = library->rank();
  for (int other = 0; other < library->size(); other++) {
    messages.send[index(other)] = array + begin(own);
    messages.send_bytes[index(other)] = begin(own + 1) - begin(own);
    messages.receive[index(other)] = array + begin(other);
    messages.receive_bytes[index(other)] = begin(other + 1) - begin(other);
  }
  return messages.exchange(seconds);
}

void add(float* __restrict sum, const float* __restrict other, int64_t count) {
  for (int64_t i = 0; i < count; i++) sum[i] += other[i];
}

// Room for what other ranks send, which keeps its memory: fresh pages cost as much as the messages that fill them.
float* room_for(int64_t count) {
  static std::unique_ptr<float[]> room;
  static int64_t size = 0;
  if (size < count) {
    room.reset(new float[static_cast<size_t>(count)]);  // without values
    size = count;
  }
  return room.get();
}

// Every rank adds up its own piece of all ranks' arrays, then all get all sums.
RanksStatus sum_block(float* values, int64_t count, double seconds) {
  const int size = library->size();
  const int own = library->rank();
  const auto begin = [=](int rank) { return count * rank / size; };
  const int64_t mine = begin(own + 1) - begin(own);
  float* received = room_for(mine * (size - 1));
  std::vector<float*> parts(index(size));
  Messages messages;
  for (int other = 0; other < size; other++) {
    parts[index(other)] = other == own ? values + begin(own) : received + (other - (other > own ? 1 : 0)) * mine;
    messages.send[index(other)] = values + begin(other);
    messages.send_bytes[index(other)] = (begin(other + 1) - begin(other)) * int64_t{sizeof(float)};
    messages.receive[index(other)] = parts[index(other)];
    messages.receive_bytes[index(other)] = mine * int64_t{sizeof(float)};
  }
  const RanksStatus status = messages.exchange(seconds);
  if (status != RanksStatus::done) return status;
  for (int distance = 1; distance < size; distance *= 2) {
    for (int i = 0; i + distance < size; i += 2 * distance) add(parts[index(i)], parts[index(i + distance)], mine);
  }
  if (own != 0) std::copy(parts[0], parts[0] + mine, values + begin(own));
  return gather_pieces(
      reinterpret_cast<char*>(values), [&](int rank) { return begin(rank) * int64_t{sizeof(float)}; }, seconds);
}

int number(RanksStatus status) { return static_cast<int>(status); }

bool is_on_cpu() { return &backend() == &cpu::kBackend; }

class Deadline {
 public:
  explicit Deadline(double seconds)
      : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))) {}
  bool is_over() const { return Clock::now() > end_; }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point end_;
};

// The memory of sums that cannot end could never be freed.
int give_up(RanksStatus status) {
  backend().abort_ranks();
  return number(status);
}

// Which rank does not come: NCCL cannot say.
RanksStatus name_the_late(double seconds) {
  std::vector<char> signs(index(library->size()));
  const RanksStatus status = gather_pieces(
      signs.data(), [](int rank) { return rank; }, std::min(seconds, kNamingSeconds));
  if (status != RanksStatus::done) return status;
  own_message = "NCCL failed: all ranks have waited for the sum of the gradients for " +
                std::to_string(static_cast<int64_t>(seconds)) + " s";
  return RanksStatus::broken;
}

}  // namespace

int ranks_open(const char* path) {
  // libmpi's own plug-ins look for it among the global names
  void* handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL);  // never closed: it keeps threads
  if (handle == nullptr) unsupported("ranks_open", dlerror());
  const auto* loaded = static_cast<const RanksLibrary*>(dlsym(handle, "selvage_ranks"));
  if (loaded == nullptr || loaded->version != RanksLibrary::kVersion)
    unsupported("ranks_open", std::string(path) + " must come from the same build as libselvage.so");
  library = loaded;
  return number(library->open());
}

int ranks_rank() { return library->rank(); }
int ranks_size() { return library->size(); }
const char* ranks_name() { return library->name(); }

int ranks_gather(void* values, int64_t bytes, double seconds) {
  return number(gather_pieces(
      static_cast<char*>(values), [=](int rank) { return rank * bytes; }, seconds));
}

int ranks_broadcast(void* values, int64_t bytes, double seconds) {
  const int size = library->size();
  const auto begin = [=](int rank) { return bytes * rank / size; };
  Messages messages;
  char* array = static_cast<char*>(values);
  const int own = library->rank();
  if (own == 0) {
    for (int other = 1; other < size; other++) {
      messages.send[index(other)] = array + begin(other);
      messages.send_bytes[index(other)] = begin(other + 1) - begin(other);
    }
  } else {
    messages.receive[0] = array + begin(own);
    messages.receive_bytes[0] = begin(own + 1) - begin(own);
  }
  const RanksStatus status = messages.exchange(seconds);
  return number(status == RanksStatus::done ? gather_pieces(array, begin, seconds) : status);
}

void check_exchanged(const char* op, const Tensor* values, bool on_cpu) {
  check_not_null(op, "values", values);
  check(values->type() == Type::f32, op, std::string("values needs f32, is ") + name_of(values->type()));
  if (on_cpu != is_on_cpu()) unsupported(op, std::string("not on ") + backend().name);
}

int ranks_sum(Tensor* values, double seconds) {
  check_exchanged("ranks_sum", values, true);
  for (int64_t at = 0; at < values->size(); at += kBlock) {
    const RanksStatus status = sum_block(values->data() + at, std::min(kBlock, values->size() - at), seconds);
    if (status != RanksStatus::done) return number(status);
  }
  return number(RanksStatus::done);
}

int ranks_broadcast_tensor(Tensor* values, double seconds) {
  check_exchanged("ranks_broadcast_tensor", values, is_on_cpu());
  if (is_on_cpu()) return ranks_broadcast(values->data(), values->bytes(), seconds);
  std::vector<char> host(static_cast<size_t>(values->bytes()));
  if (library->rank() == 0) backend().download(host.data(), values->data(), values->bytes());
  const int status = ranks_broadcast(host.data(), values->bytes(), seconds);
  if (status == number(RanksStatus::done)) backend().upload(values->data(), host.data(), values->bytes());
  return status;
}

// ---- GPUs -----------------------------------------------------------------------------------------------------------

const char* ranks_open_nccl(const char* path) { return backend().open_nccl(path); }
const char* ranks_device_address() { return is_on_cpu() ? "" : backend().device_address(); }

int ranks_connect_gpus(double seconds) {
  char id[kRanksId] = {};
  if (library->rank() == 0) backend().make_ranks_id(id);
  const int status = ranks_broadcast(id, kRanksId, seconds);
  if (status == number(RanksStatus::done)) backend().connect_ranks(id, library->rank(), library->size());
  return status;
}

void ranks_begin_sum(Tensor* values) {
  check_exchanged("ranks_begin_sum", values, false);
  backend().begin_sum(values->data(), values->size());
}

void ranks_take_sums() { backend().take_sums(); }

int ranks_await(double seconds) {
  const Deadline late(seconds);
  try {
    while (!backend().sums_are_there()) {
      if (library->heed() != RanksStatus::done) return give_up(RanksStatus::failed);
      if (late.is_over()) return give_up(name_the_late(seconds));
      std::this_thread::sleep_for(kSleep);
    }
    return number(RanksStatus::done);
  } catch (const Error& e) {
    own_message = e.what();
    const Deadline silent(kHearingSeconds);
    while (!silent.is_over()) {
      if (library->heed() != RanksStatus::done) {
        own_message.clear();
        return give_up(RanksStatus::failed);
      }
      std::this_thread::sleep_for(kSleep);
    }
    return give_up(RanksStatus::broken);
  }
}

double ranks_exchange_seconds(bool shown) {
  double all_and_shown[2] = {};
  backend().exchange_seconds(all_and_shown);
  return all_and_shown[shown ? 1 : 0];
}

void ranks_fail(const char* sentence) { library->fail(sentence); }
void ranks_part(double seconds) { library->part(seconds); }
void ranks_close() {
  backend().abort_ranks();
  library->close();
}
int ranks_culprit() { return library->culprit(); }
const char* ranks_message() { return own_message.empty() ? library->message() : own_message.c_str(); }

}  // namespace selvage
