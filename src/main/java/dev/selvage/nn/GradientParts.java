package dev.selvage.nn;

import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.function.BiConsumer;

/**
 * The gradients of a layer's weights as a sum of contributions that count as one: nobody takes them
 * for whole before the last. Its tensors belong to the scope that is open when it is made.
 */
final class GradientParts {
  private final LayerWeights weights;
  private final Tensor dw;
  private final Tensor db;
  private boolean empty = true;

  GradientParts(LayerWeights weights) {
    this.weights = weights;
    dw = weights.kernel().beginGradient();
    db = weights.bias().beginGradient();
  }

  /**
   * @param rule writes a contribution to the two tensors it is given: kernel first, then bias
   */
  void add(BiConsumer<Tensor, Tensor> rule) {
    if (empty) {
      rule.accept(dw, db);
      empty = false;
      return;
    }
    Tensor more = Tensor.allocate(dw.shape());
    Tensor moreBias = Tensor.allocate(db.shape());
    rule.accept(more, moreBias);
    Ops.add(dw, more);
    Ops.add(db, moreBias);
  }

  /** The last contribution has been added; if there was none, the weights have no gradient. */
  void end() {
    if (!empty) {
      weights.kernel().endGradient(dw);
      weights.bias().endGradient(db);
    }
  }
}
