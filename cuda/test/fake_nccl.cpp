// A libnccl.so.2 for ranks on simulated GPUs: processes of one machine, which leave their messages as files in a
// folder. As NCCL's, a group of messages takes its turn in the stream, reads what it sends when that comes, and ends
// when all that it sends has been taken and all that it expects has come. A rank that has ended is an error that the
// others see. Environment variables:
//   FAKE_NCCL_VERSION=N    its version (22903)
//   FAKE_NCCL_FAILS=NAME   that function fails
//   FAKE_NCCL_LOST_AT=N    the connection is lost in the Nth group of messages
//   FAKE_NCCL_FOLDER=PATH  where the messages go (/tmp)
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "nccl/nccl_api.h"
#include "simt/types.h"

#define NCCL __attribute__((visibility("default")))

namespace fs = std::filesystem;

struct ncclComm {
  fs::path folder;
  int rank = 0, ranks = 0;
  int error = ncclSuccess;
  bool aborted = false;
  int groups = 0;
  std::vector<int64_t> sent, received;  // messages, by rank
};

namespace {

constexpr int kSystemError = 2, kInternalError = 3, kInvalidArgument = 4, kRemoteError = 6;
constexpr auto kPatience = std::chrono::seconds(60);

int planted(const char* function) {
  const char* named = std::getenv("FAKE_NCCL_FAILS");
  return named != nullptr && std::strcmp(named, function) == 0 ? kInternalError : ncclSuccess;
}

int64_t number(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

// Another process sees the file whole or not at all.
void write(const fs::path& file, const void* bytes, size_t count) {
  const fs::path partial = file.string() + ".partial";
  std::ofstream(partial, std::ios::binary).write(static_cast<const char*>(bytes), static_cast<std::streamsize>(count));
  fs::rename(partial, file);
}

bool has_ended(const ncclComm& comm, int rank) {
  pid_t pid = 0;
  std::ifstream(comm.folder / ("rank" + std::to_string(rank))) >> pid;
  return pid == 0 || kill(pid, 0) != 0;
}

struct Message {
  int peer;
  const void* from;  // null for one that is expected
  void* to;
  size_t bytes;
};

// The messages of a group, from its turn in the stream to its end.
class Group {
 public:
  Group(ncclComm* comm, std::vector<Message> messages) : comm_(comm), messages_(std::move(messages)) {}

  bool is_over() {
    if (comm_->aborted || comm_->error != ncclSuccess) return true;
    if (!begun_) begin();
    bool all = true;
    for (size_t i = 0; i < messages_.size(); ++i) all = (done_[i] = done_[i] || is_done(i)) && all;
    if (!all && ++tries_ % 1024 == 0) {
      for (const Message& message : messages_) {
        if (has_ended(*comm_, message.peer)) comm_->error = kRemoteError;
      }
    }
    return all;
  }

 private:
  void begin() {
    begun_ = true;
    if (++comm_->groups == number("FAKE_NCCL_LOST_AT", 0)) comm_->error = kRemoteError;
    for (const Message& message : messages_) {
      const bool is_sent = message.from != nullptr;
      const size_t peer = static_cast<size_t>(message.peer);
      const int64_t turn = is_sent ? comm_->sent[peer]++ : comm_->received[peer]++;
      const int from = is_sent ? comm_->rank : message.peer, to = is_sent ? message.peer : comm_->rank;
      files_.push_back(comm_->folder / (std::to_string(from) + "to" + std::to_string(to) + "." + std::to_string(turn)));
      if (is_sent) write(files_.back(), message.from, message.bytes);
    }
    done_.assign(messages_.size(), false);
  }

  bool is_done(size_t i) {
    const bool is_there = fs::exists(files_[i]);
    if (messages_[i].from != nullptr) return !is_there;
    if (!is_there) return false;
    if (fs::file_size(files_[i]) != messages_[i].bytes) {
      comm_->error = kInvalidArgument;
      return true;
    }
    std::ifstream(files_[i], std::ios::binary)
        .read(static_cast<char*>(messages_[i].to), static_cast<std::streamsize>(messages_[i].bytes));
    fs::remove(files_[i]);
    return true;
  }

  ncclComm* comm_;
  std::vector<Message> messages_;
  std::vector<fs::path> files_;
  std::vector<bool> done_;
  bool begun_ = false;
  int tries_ = 0;
};

std::vector<Message> grouped;
ncclComm* group_comm = nullptr;
cudaStream_t group_stream = nullptr;

int add(const Message& message, int type, ncclComm_t comm, cudaStream_t stream) {
  if (type != ncclFloat32 || message.peer == comm->rank || message.peer < 0 || message.peer >= comm->ranks)
    return kInvalidArgument;
  group_comm = comm;
  group_stream = stream;
  grouped.push_back(message);
  return ncclSuccess;
}

}  // namespace

extern "C" {
NCCL int ncclGetVersion(int* version) {
  *version = static_cast<int>(number("FAKE_NCCL_VERSION", 22903));
  return ncclSuccess;
}

NCCL const char* ncclGetErrorString(int result) {
  return result == kRemoteError ? "remote process exited or there was a network error" : "internal error";
}

NCCL int ncclGetUniqueId(ncclUniqueId* id) {
  const char* folder = std::getenv("FAKE_NCCL_FOLDER");
  const std::string path = std::string(folder == nullptr ? "/tmp" : folder) + "/fake_nccl_" + std::to_string(getpid());
  if (path.size() >= NCCL_UNIQUE_ID_BYTES) return kSystemError;
  std::memcpy(id->internal, path.c_str(), path.size() + 1);
  return planted("ncclGetUniqueId");
}

// Waits for all ranks, as NCCL's does.
NCCL int ncclCommInitRank(ncclComm_t* comm, int ranks, ncclUniqueId id, int rank) {
  if (const int fault = planted("ncclCommInitRank"); fault != ncclSuccess) return fault;
  auto* made = new ncclComm;
  made->folder = id.internal;
  made->rank = rank;
  made->ranks = ranks;
  made->sent.resize(static_cast<size_t>(ranks));
  made->received.resize(static_cast<size_t>(ranks));
  fs::create_directories(made->folder);
  const std::string pid = std::to_string(getpid());
  write(made->folder / ("rank" + std::to_string(rank)), pid.data(), pid.size());
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (int other = 0; other < ranks; ++other) {
    while (!fs::exists(made->folder / ("rank" + std::to_string(other)))) {
      if (std::chrono::steady_clock::now() > end) return kSystemError;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  *comm = made;
  return ncclSuccess;
}

// What the stream still has of it ends at once.
NCCL int ncclCommAbort(ncclComm_t comm) {
  comm->aborted = true;
  return ncclSuccess;
}

NCCL int ncclCommGetAsyncError(ncclComm_t comm, int* error) {
  *error = comm->error;
  return ncclSuccess;
}

NCCL int ncclSend(const void* values, size_t count, int type, int peer, ncclComm_t comm, cudaStream_t stream) {
  return add({peer, values, nullptr, 4 * count}, type, comm, stream);
}

NCCL int ncclRecv(void* values, size_t count, int type, int peer, ncclComm_t comm, cudaStream_t stream) {
  return add({peer, nullptr, values, 4 * count}, type, comm, stream);
}

NCCL int ncclGroupStart() {
  grouped.clear();
  return planted("ncclGroupStart");
}

NCCL int ncclGroupEnd() {
  if (grouped.empty()) return ncclSuccess;
  const auto group = std::make_shared<Group>(group_comm, std::move(grouped));
  grouped.clear();
  ++group_stream->enqueued;
  group_stream->waiting.push_back({[] {}, [=] { return group->is_over(); }});
  return planted("ncclGroupEnd");
}
}
