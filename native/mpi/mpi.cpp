// The ranks of a training as processes under MPI. Messages go from rank to rank, so that a rank that does not come can
// be named. Waiting tests and sleeps in turn: MPI's own waiting keeps a processor busy, which has to compute.
#include <mpi.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "ranks_library.h"

namespace {

using selvage::RanksStatus;
using Clock = std::chrono::steady_clock;

constexpr int kData = 1;     // tags
constexpr int kFailure = 2;  // the sentence of a rank that ends
constexpr int kTestsBeforeSleep = 50;
constexpr auto kSleep = std::chrono::microseconds(50);

MPI_Comm comm = MPI_COMM_NULL;
int own_rank = 0;
int ranks = 1;
int guilty = -1;
std::string text;
std::vector<bool> has_failed;
std::string own_failure;               // must outlive its messages
std::vector<MPI_Request> own_notices;  // of own_failure

RanksStatus broken(int code) {
  char reason[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, reason, &length);
  text = "MPI failed: " + std::string(reason, static_cast<size_t>(length));
  return RanksStatus::broken;
}

// Takes the message of a rank that has failed, if there is one.
bool take_failure() {
  int there = 0;
  MPI_Status status;
  if (MPI_Iprobe(MPI_ANY_SOURCE, kFailure, comm, &there, &status) != MPI_SUCCESS || there == 0) return false;
  int bytes = 0;
  MPI_Get_count(&status, MPI_BYTE, &bytes);
  std::string sentence(static_cast<size_t>(bytes), '\0');
  MPI_Recv(sentence.data(), bytes, MPI_BYTE, status.MPI_SOURCE, kFailure, comm, MPI_STATUS_IGNORE);
  has_failed[static_cast<size_t>(status.MPI_SOURCE)] = true;
  if (guilty < 0) {
    guilty = status.MPI_SOURCE;
    text = sentence;
  }
  return true;
}

RanksStatus heed() { return guilty >= 0 || take_failure() ? RanksStatus::failed : RanksStatus::done; }

class Patience {
 public:
  explicit Patience(double seconds)
      : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))) {}

  // Lets other threads compute; false once the time is up.
  bool wait() {
    if (++tests_ < kTestsBeforeSleep) return true;
    if (Clock::now() > end_) return false;
    std::this_thread::sleep_for(kSleep);
    return true;
  }

 private:
  Clock::time_point end_;
  int tests_ = 0;
};

RanksStatus open() {
  setenv("OMPI_MCA_opal_signal", "", 0);  // Open MPI would take SIGSEGV, which Java needs, and SIGABRT
  int provided = 0;
  int code = MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  if (code != MPI_SUCCESS) return broken(code);
  code = MPI_Comm_dup(MPI_COMM_WORLD, &comm);
  if (code != MPI_SUCCESS) return broken(code);
  MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
  MPI_Comm_rank(comm, &own_rank);
  MPI_Comm_size(comm, &ranks);
  has_failed.assign(static_cast<size_t>(ranks), false);
  return RanksStatus::done;
}

const char* name() {
  static const std::string version = [] {
    char library[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;
    MPI_Get_library_version(library, &length);
    const std::string all(library, static_cast<size_t>(length));
    return all.substr(0, all.find_first_of(",\n"));
  }();
  return version.c_str();
}

RanksStatus exchange(const void* const* send, const int64_t* send_bytes, void* const* receive,
                     const int64_t* receive_bytes, double seconds) {
  std::vector<MPI_Request> requests;
  std::vector<int> from;  // the rank of each receive; receives come first
  // at each distance all ranks send to different ones
  for (int distance = 1; distance < ranks; distance++) {
    const int source = (own_rank - distance + ranks) % ranks;
    if (receive_bytes[source] == 0) continue;
    requests.emplace_back();
    from.push_back(source);
    const int code = MPI_Irecv(receive[source], static_cast<int>(receive_bytes[source]), MPI_BYTE, source, kData, comm,
                               &requests.back());
    if (code != MPI_SUCCESS) return broken(code);
  }
  for (int distance = 1; distance < ranks; distance++) {
    const int target = (own_rank + distance) % ranks;
    if (send_bytes[target] == 0) continue;
    requests.emplace_back();
    const int code =
        MPI_Isend(send[target], static_cast<int>(send_bytes[target]), MPI_BYTE, target, kData, comm, &requests.back());
    if (code != MPI_SUCCESS) return broken(code);
  }
  Patience patience(seconds);
  while (true) {
    int all = 0;
    const int code = MPI_Testall(static_cast<int>(requests.size()), requests.data(), &all, MPI_STATUSES_IGNORE);
    if (code != MPI_SUCCESS) return broken(code);
    if (all != 0) return RanksStatus::done;
    if (heed() != RanksStatus::done) return RanksStatus::failed;
    if (!patience.wait()) break;
  }
  guilty = -1;
  for (size_t i = 0; i < from.size() && guilty < 0; i++) {
    int arrived = 0;
    MPI_Request_get_status(requests[i], &arrived, MPI_STATUS_IGNORE);
    if (arrived == 0) guilty = from[i];
  }
  if (guilty < 0) guilty = (own_rank + 1) % ranks;  // all have sent, and one does not receive
  return RanksStatus::late;
}

void fail(const char* sentence) {
  if (!own_notices.empty() || comm == MPI_COMM_NULL) return;
  own_failure = sentence;
  for (int other = 0; other < ranks; other++) {
    if (other == own_rank) continue;
    own_notices.emplace_back();
    MPI_Isend(own_failure.data(), static_cast<int>(own_failure.size()), MPI_BYTE, other, kFailure, comm,
              &own_notices.back());
  }
}

void part(double seconds) {
  if (comm == MPI_COMM_NULL) return;
  Patience patience(seconds);
  while (true) {
    int sent = 0;
    MPI_Testall(static_cast<int>(own_notices.size()), own_notices.data(), &sent, MPI_STATUSES_IGNORE);
    take_failure();
    bool all = sent != 0;
    for (int other = 0; other < ranks; other++)
      all = all && (other == own_rank || has_failed[static_cast<size_t>(other)]);
    if (all || !patience.wait()) return;
  }
}

void close() {
  MPI_Comm_free(&comm);
  MPI_Finalize();
}

int rank() { return own_rank; }
int size() { return ranks; }
int culprit() { return guilty; }
const char* message() { return text.c_str(); }

}  // namespace

extern "C" __attribute__((visibility("default"))) const selvage::RanksLibrary selvage_ranks = {
    selvage::RanksLibrary::kVersion, open, rank, size, name, exchange, heed, fail, part, close, culprit, message};
