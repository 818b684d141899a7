// The weight decay with its gradient, and Keras' SGD with momentum, over the stretches of the arena that learn.
#include <cstring>
#include <vector>

#include "cpu/common/parallel.h"
#include "ops.h"

namespace selvage::cpu {
namespace {

// A stretch, or a part of a long one: enough of them that threads share the work evenly, whatever the sizes.
struct Piece {
  int64_t begin, end;
  float coefficient;
};

std::vector<Piece> pieces_of(const int64_t* begins, const int64_t* sizes, const float* coefficients, int64_t count) {
  std::vector<Piece> pieces;
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t at = 0; at < sizes[i]; at += kGrain) {
      pieces.push_back({begins[i] + at, begins[i] + std::min(sizes[i], at + kGrain),
                        coefficients == nullptr ? 0.0f : coefficients[i]});
    }
  }
  return pieces;
}

// The sum over all pieces of term(piece), in their order, for any number of threads.
template <typename Term>
double sum_over(const std::vector<Piece>& pieces, const Term& term) {
  const int64_t count = static_cast<int64_t>(pieces.size());
  std::vector<double> sums(pieces.size());
  for_pieces(count, [&](int64_t i) { sums[i] = term(pieces[i]); });
  double total = 0;
  for (double sum : sums) total += sum;
  return total;
}

// The sum of square(i) over [begin,end) in lanes, which do not wait for each other's additions.
template <typename Square>
double sum_in_lanes(int64_t begin, int64_t end, const Square& square) {
  constexpr int kLanes = 16;
  double lanes[kLanes] = {};
  int64_t i = begin;
  for (; i + kLanes <= end; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) lanes[lane] += square(i + lane);
  }
  for (; i < end; ++i) lanes[0] += square(i);
  double sum = 0;
  for (double lane : lanes) sum += lane;
  return sum;
}

}  // namespace

void l2(Tensor* y, const Tensor* p, const int64_t* begins, const int64_t* sizes, const float* coefficients,
        int64_t count) {
  const float* v = p->data();
  y->data()[0] = static_cast<float>(sum_over(pieces_of(begins, sizes, coefficients, count), [v](const Piece& piece) {
    return piece.coefficient *
           sum_in_lanes(piece.begin, piece.end, [v](int64_t i) { return static_cast<double>(v[i]) * v[i]; });
  }));
}

void l2_grad(Tensor* squares, Tensor* g, const Tensor* p, const int64_t* begins, const int64_t* sizes,
             const float* coefficients, int64_t count) {
  float* to = g->data();
  const float* v = p->data();
  const double sum = sum_over(pieces_of(begins, sizes, coefficients, count), [=](const Piece& piece) {
    return sum_in_lanes(piece.begin, piece.end, [=](int64_t i) {
      to[i] += 2 * piece.coefficient * v[i];
      return static_cast<double>(to[i]) * to[i];
    });
  });
  std::memcpy(squares->data(), &sum, sizeof sum);
}

void sgd(Tensor* p, Tensor* m, const Tensor* g, const int64_t* begins, const int64_t* sizes, int64_t count, float rate,
         float momentum, float factor) {
  float* value = p->data();
  float* velocity = m->data();
  const float* gradient = g->data();
  const float step = rate * factor;
  const std::vector<Piece> pieces = pieces_of(begins, sizes, nullptr, count);
  parallel_for(static_cast<int64_t>(pieces.size()), 1, [&](int64_t first, int64_t last) {
    for (int64_t k = first; k < last; ++k) {
      for (int64_t i = pieces[k].begin; i < pieces[k].end; ++i) {
        velocity[i] = momentum * velocity[i] - step * gradient[i];
        value[i] += velocity[i];
      }
    }
  });
}

}  // namespace selvage::cpu
