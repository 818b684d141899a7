package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/** A 2x2 transposed convolution of stride 2 with a bias and a ReLU. */
public final class Deconv {
  private final Parameter kernel;
  private final Parameter bias;

  public Deconv(Parameters parameters, String layer) {
    this.kernel = parameters.get(layer + "/kernel");
    this.bias = parameters.get(layer + "/bias");
  }

  /** x [N,H,W,I] to [N,2H,2W,O]. */
  public Variable forward(Tape tape, Variable x) {
    tape.annotate("deconv2x2", kernel.layer());
    Tensor y = Ops.deconv2x2(x.value(), kernel.value(), bias.value(), true);
    boolean learns = tape.isRecording() && (kernel.trainable() || bias.trainable());
    if (!learns && !x.requiresGrad()) {
      return tape.constant(y);
    }
    long[] xShape = x.value().shape();
    return tape.record(
        y,
        dy -> {
          Ops.reluGradInPlace(dy, y);
          if (learns) {
            Tensor dw = kernel.beginGradient();
            Tensor db = bias.beginGradient();
            Ops.deconv2x2WeightGrad(dw, db, x.value(), dy);
            kernel.endGradient(dw);
            bias.endGradient(db);
          }
          if (x.requiresGrad()) {
            x.addGradient(Ops.deconv2x2DataGrad(xShape, dy, kernel.value()));
          }
        },
        learns ? x.value() : null,
        y);
  }
}
