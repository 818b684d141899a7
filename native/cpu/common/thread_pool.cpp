#include "cpu/common/thread_pool.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "cpu/common/processor.h"

namespace selvage::cpu {
namespace {

// Ops follow each other within some ten microseconds, and waking a thread costs as much; a thread that waits longer
// gives its core away.
constexpr auto kSpin = std::chrono::microseconds(50);

void pause() { __builtin_ia32_pause(); }

// Whether `ready` came true while spinning.
template <typename Ready>
bool spin(const Ready& ready) {
  const auto end = std::chrono::steady_clock::now() + kSpin;
  do {
    for (int i = 0; i < 16; ++i) {
      if (ready()) return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return ready();
}

// Where threads sleep until a condition holds that other threads make true.
class Sleep {
 public:
  template <typename Ready>
  void until(const Ready& ready) {
    if (spin(ready)) return;
    std::unique_lock<std::mutex> lock(mutex_);
    sleepers_.fetch_add(1);
    wake_.wait(lock, ready);
    sleepers_.fetch_sub(1);
  }
  // After the condition was made true, in the one order of all sequentially consistent operations.
  void wake() {
    if (sleepers_.load() == 0) return;
    std::lock_guard<std::mutex> lock(mutex_);
    wake_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<int> sleepers_{0};
};

// Each thread has a share of the pieces, a stretch of neighbours, and helps with those of the others when its own is
// done: what a thread computed in one loop it mostly reads in the next, from its own caches.
class Pool {
 public:
  // With fewer threads where the system gives no more: what is computed does not depend on their number.
  explicit Pool(int threads) : shares_(threads), processors_(threads) {
    for (std::atomic<int>& processor : processors_) processor.store(-1);
    workers_.reserve(threads - 1);
    try {
      for (int i = 1; i < threads; ++i) {
        workers_.emplace_back([this, i] { work(i); });
        pthread_setname_np(workers_.back().native_handle(), "compute");
      }
    } catch (const std::exception&) {  // out of threads or of memory; an exception here would end the process
    }
  }
  ~Pool() {
    stop_.store(true);
    loop_.fetch_add(1);
    work_comes_.wake();
    for (std::thread& worker : workers_) worker.join();
  }

  void run(int64_t pieces, const PieceBody& body) {
    const uint64_t loop = (loop_.load() + 1) & kLoopMask;
    // No piece: a late thread must not mix the last loop with this one.
    for (Share& share : shares_) share.next.store(loop << kPieceBits | kPieceMask);
    body_ = &body;
    unfinished_.store(pieces);
    const auto count = static_cast<int64_t>(shares_.size());
    for (int64_t i = 0; i < count; ++i) {
      shares_[i].end.store(pieces * (i + 1) / count);
      shares_[i].next.store(loop << kPieceBits | static_cast<uint64_t>(pieces * i / count));
    }
    loop_.store(loop);
    work_comes_.wake();
    take_pieces(loop, 0);
    work_ends_.until([this] { return unfinished_.load() == 0; });
    failed_.store(false);
    if (failure_ != nullptr) {
      const std::exception_ptr failure = failure_;
      failure_ = nullptr;
      std::rethrow_exception(failure);
    }
  }

 private:
  // `next` is the number of the loop, which begins anew after a while, and below it that of the next piece. Whoever
  // raises it by one owns the piece, and the loop cannot end before the piece has: what belongs to the loop may then be
  // read.
  static constexpr int kPieceBits = 40;
  static constexpr uint64_t kPieceMask = (uint64_t{1} << kPieceBits) - 1, kLoopMask = ~uint64_t{0} >> kPieceBits;

  struct alignas(64) Share {
    std::atomic<uint64_t> next{0};
    std::atomic<int64_t> end{0};
  };

  // Beside another process, Linux often leaves two threads of the pool on one processor, and the other process alone on
  // the second. Then the one that is not the caller of the loop moves away.
  void keep_apart(int number) {
    const int here = current_processor();
    if (here < 0) return;
    if (processors_[number].load(std::memory_order_relaxed) != here) processors_[number].store(here);
    const auto before = processors_.begin() + number;
    if (std::find(processors_.begin(), before, here) == before) return;
    cpu_set_t taken;
    CPU_ZERO(&taken);
    for (const std::atomic<int>& processor : processors_)
      if (const int used = processor.load(); used >= 0) CPU_SET(used, &taken);
    leave_processors(taken);
    processors_[number].store(current_processor());
  }

  void take_pieces(uint64_t loop, int number) {
    const auto count = static_cast<int>(shares_.size());
    for (int i = 0; i < count; ++i) take_from(shares_[(number + i) % count], loop, number);
  }

  void take_from(Share& share, uint64_t loop, int number) {
    uint64_t ticket = share.next.load();
    while (ticket >> kPieceBits == loop) {
      const auto piece = static_cast<int64_t>(ticket & kPieceMask);
      if (piece >= share.end.load()) return;
      if (!share.next.compare_exchange_weak(ticket, ticket + 1)) continue;
      keep_apart(number);
      if (!failed_.load()) run_piece(piece);
      if (unfinished_.fetch_sub(1) == 1) work_ends_.wake();
      ticket = share.next.load();
    }
  }

  void run_piece(int64_t piece) {
    try {
      (*body_)(piece);
    } catch (...) {
      if (!failed_.exchange(true)) failure_ = std::current_exception();
    }
  }

  void work(int number);

  std::vector<Share> shares_;
  std::vector<std::atomic<int>> processors_;  // where each thread has begun its last piece; -1 before the first
  std::vector<std::thread> workers_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> loop_{0};
  std::atomic<int64_t> unfinished_{0};
  const PieceBody* body_ = nullptr;
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
  Sleep work_comes_, work_ends_;
};

thread_local bool inside_piece = false;

void Pool::work(int number) {
  inside_piece = true;
  uint64_t seen = 0;
  while (true) {
    work_comes_.until([&] { return loop_.load() != seen; });
    // In this order: a loop that is seen to be the last one was begun after stop_ was set.
    seen = loop_.load();
    if (stop_.load()) return;
    take_pieces(seen, number);
  }
}

int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  const int count = CPU_COUNT(&set);
  return count < 1 ? 1 : count;
}

// Never destroyed: its threads may be asleep in it when the process ends.
struct Shared {
  std::mutex busy;  // held by the thread whose loop the pool runs
  int threads = usable_processors();
  Pool* pool = nullptr;
};

Shared& shared() {
  static auto* const instance = new Shared;
  return *instance;
}

void run_alone(int64_t pieces, const PieceBody& body) {
  for (int64_t i = 0; i < pieces; ++i) body(i);
}

class InsidePiece {
 public:
  InsidePiece() { inside_piece = true; }
  ~InsidePiece() { inside_piece = false; }
};

}  // namespace

void run_pieces(int64_t pieces, const PieceBody& body) {
  if (pieces <= 1 || inside_piece) return run_alone(pieces, body);
  Shared& state = shared();
  const std::unique_lock<std::mutex> busy(state.busy, std::try_to_lock);
  if (!busy.owns_lock() || state.threads == 1) return run_alone(pieces, body);
  if (state.pool == nullptr) state.pool = new Pool(state.threads);
  const InsidePiece inside;
  state.pool->run(pieces, body);
}

void set_pool_threads(int count) {
  Shared& state = shared();
  const std::lock_guard<std::mutex> busy(state.busy);
  if (count == state.threads) return;
  delete state.pool;
  state.pool = nullptr;
  state.threads = count;
}

int pool_threads() {
  Shared& state = shared();
  return state.threads;
}

}  // namespace selvage::cpu
