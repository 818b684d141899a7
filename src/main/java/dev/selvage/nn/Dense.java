package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/** A fully connected layer whose outputs are logits or deltas, float32 whatever its input is. */
public final class Dense {
  private final Parameter kernel;
  private final Parameter bias;

  public Dense(Parameters parameters, String layer) {
    this.kernel = parameters.get(layer + "/kernel");
    this.bias = parameters.get(layer + "/bias");
  }

  /** x [R,...] with I values a row, to [R,O]. */
  public Variable forward(Tape tape, Variable x) {
    tape.annotate("matmul", kernel.layer());
    Tensor y = Ops.matmul(rows(x.value()), kernel.value(), bias.value(), false);
    boolean learns = tape.isRecording() && (kernel.trainable() || bias.trainable());
    if (!learns && !x.requiresGrad()) {
      return tape.constant(y);
    }
    long[] xShape = x.value().shape();
    DType xType = x.value().type();
    return tape.record(
        y,
        dy -> {
          if (learns) {
            Tensor dw = kernel.beginGradient();
            Tensor db = bias.beginGradient();
            Ops.matmul(dw, rows(x.value()), dy, null, true, false, false);
            Ops.sumRows(db, dy);
            kernel.endGradient(dw);
            bias.endGradient(db);
          }
          if (x.requiresGrad()) {
            Tensor dx = Tensor.allocate(xType, xShape);
            Ops.matmul(rows(dx), dy, kernel.value(), null, false, true, false);
            x.addGradient(dx);
          }
        },
        learns ? x.value() : null);
  }

  private Tensor rows(Tensor x) {
    return x.reshape(x.dim(0), kernel.value().dim(0));
  }
}
