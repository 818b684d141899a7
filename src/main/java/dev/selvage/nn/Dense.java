package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/** A fully connected layer whose outputs are logits or deltas, always float32. */
public final class Dense {
  private final LayerWeights weights;

  public Dense(Parameters parameters, String layer) {
    this.weights = LayerWeights.of(parameters, layer);
  }

  /** x [R,...] with I values a row, to [R,O]. */
  public Variable forward(Tape tape, Variable x) {
    tape.annotate("matmul", weights.kernel().layer());
    Tensor y = Ops.matmul(rows(x.value()), weights.kernel().value(), weights.bias().value(), false);
    boolean learns = tape.isRecording() && weights.trainable();
    if (!learns && !x.requiresGrad()) {
      return tape.constant(y);
    }
    long[] xShape = x.value().shape();
    DType xType = x.value().type();
    return tape.record(
        y,
        dy -> {
          if (learns) {
            weights.addGradients(
                (dw, db) -> {
                  Ops.matmul(dw, rows(x.value()), dy, null, true, false, false);
                  Ops.sumRows(db, dy);
                });
          }
          if (x.requiresGrad()) {
            Tensor dx = Tensor.allocate(xType, xShape);
            Ops.matmul(rows(dx), dy, weights.kernel().value(), null, false, true, false);
            x.addGradient(dx);
          }
        },
        learns ? x.value() : null);
  }

  private Tensor rows(Tensor x) {
    return x.reshape(x.dim(0), weights.kernel().value().dim(0));
  }
}
