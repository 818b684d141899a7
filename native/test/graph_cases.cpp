// Operations between begin_graph() and end_graph(): a device may start them in another way, with the same results.
#include <string>

#include "harness.h"

namespace selvage::test {
namespace {

// A pass of a small network, whose tensors stay where they are.
struct Network {
  Type type;
  Ptr x, w, y, pooled, sum, gradient;

  explicit Network(Type maps)
      : type(maps),
        x(empty({1, 8, 8, 16}, maps)),
        w(empty({3, 3, 16, 16})),
        y(empty({1, 8, 8, 16}, maps)),
        pooled(empty({1, 4, 4, 16}, maps)),
        sum(empty({1, 8, 8, 16}, maps)),
        gradient(empty({1, 8, 8, 16}, maps)) {}

  void set(Tensor* t, int round) {
    std::vector<float> values(t->size());
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = 0.02f * static_cast<float>(static_cast<int>(7 * i + 13 * round) % 19 - 9);
    tensor_upload(t, values.data(), t->size());
  }

  void forward() {
    conv_block(y.get(), x.get(), w.get(), nullptr, nullptr, 1, 1, true);
    max_pool(pooled.get(), y.get());
    upsample_add(sum.get(), pooled.get(), y.get());
    relu_grad(gradient.get(), sum.get(), x.get());
    conv_block(y.get(), gradient.get(), w.get(), nullptr, sum.get(), 1, 1, true);
  }
};

void append(std::vector<float>& to, const Tensor& t) {
  const size_t before = to.size();
  to.resize(before + t.size());
  tensor_download(&t, to.data() + before, t.size());
}

// What seven rounds leave: of new photos, of new weights, with another output, with a copy in their midst.
std::vector<float> rounds(Type type, bool in_graph) {
  Network network(type);
  std::vector<float> found;
  for (int round = 0; round < 7; ++round) {
    network.set(network.x.get(), round);
    if (round % 3 == 0) network.set(network.w.get(), round);
    Ptr before;
    if (round == 4) before = std::move(network.y), network.y = empty({1, 8, 8, 16}, type);
    if (in_graph) begin_graph();
    for (int pass = 0; pass < 6; ++pass) {
      network.forward();
      if (round == 5 && pass == 2) copy(network.x.get(), network.y.get());
    }
    if (in_graph) end_graph();
    append(found, *network.y);
    append(found, *network.gradient);
  }
  return found;
}

}  // namespace

void add_graph_cases(Table& table) {
  for (const Type type : {Type::f32, Type::bf16}) {
    if (!has_type(static_cast<int>(type))) continue;
    table.push_back({std::string("graph: the same results as without, ") + name_of(type), 0,
                     [type] { return rounds(type, true) == rounds(type, false) ? 0.0 : 1.0; }});
  }
}

}  // namespace selvage::test
