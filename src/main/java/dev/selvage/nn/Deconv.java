package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/** A 2x2 transposed convolution of stride 2 with a bias and a ReLU. */
public final class Deconv {
  private final LayerWeights weights;

  public Deconv(Parameters parameters, String layer) {
    this.weights = LayerWeights.of(parameters, layer);
  }

  /** x [N,H,W,I] to [N,2H,2W,O]. */
  public Variable forward(Tape tape, Variable x) {
    tape.annotate("deconv2x2", weights.kernel().layer());
    Tensor y = Ops.deconv2x2(x.value(), weights.kernel().value(), weights.bias().value(), true);
    boolean learns = tape.isRecording() && weights.trainable();
    if (!learns && !x.requiresGrad()) {
      return tape.constant(y);
    }
    long[] xShape = x.value().shape();
    return tape.record(
        y,
        true,
        dy -> {
          if (learns) {
            weights.addGradients((dw, db) -> Ops.deconv2x2WeightGrad(dw, db, x.value(), dy));
          }
          if (x.requiresGrad()) {
            x.addGradient(
                (others, activation) ->
                    Ops.deconv2x2DataGrad(
                        xShape, dy, weights.kernel().value(), others, activation));
          }
        },
        learns ? x.value() : null);
  }
}
