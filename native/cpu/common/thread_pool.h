// The threads that compute. A loop is cut into more pieces than there are threads, and whoever is free takes the next
// one, so that a thread which loses its core to another process holds up one piece and not a fixed share of the loop.
#pragma once

#include <cstdint>

namespace selvage::cpu {

// What a loop does with piece i. Refers to a callable that outlives the loop.
class PieceBody {
 public:
  template <typename Body>
  explicit PieceBody(const Body& body)
      : body_(&body), call_([](const void* object, int64_t i) { (*static_cast<const Body*>(object))(i); }) {}
  void operator()(int64_t i) const { call_(body_, i); }

 private:
  const void* body_;
  void (*call_)(const void*, int64_t);
};

// Calls body(i) once for each i of [0, pieces), in any order, and returns when all have ended. The calling thread takes
// part. Throws the first exception of a piece; the pieces after it are left out. A loop inside a piece, or beside a
// loop of another thread, runs on its caller alone.
void run_pieces(int64_t pieces, const PieceBody& body);

template <typename Body>
void for_pieces(int64_t pieces, const Body& body) {
  run_pieces(pieces, PieceBody(body));
}

void set_pool_threads(int count);  // the caller of a loop included
int pool_threads();                // at first as many as this process may use processors

}  // namespace selvage::cpu
