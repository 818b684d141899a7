package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/** A convolution with a bias and, if wanted, a ReLU. */
public final class Conv {
  private final Parameter kernel;
  private final Parameter bias;
  private final int stride;
  private final int pad;
  private final boolean relu;

  /**
   * A layer over the parameters of this name.
   *
   * @param pad zeros on every side
   */
  public Conv(Parameters parameters, String layer, int stride, int pad, boolean relu) {
    this.kernel = parameters.get(layer + "/kernel");
    this.bias = parameters.get(layer + "/bias");
    this.stride = stride;
    this.pad = pad;
    this.relu = relu;
  }

  public Parameter kernel() {
    return kernel;
  }

  public Parameter bias() {
    return bias;
  }

  /** x [N,H,W,I] to [N,OH,OW,O]. */
  public Variable forward(Tape tape, Variable x) {
    tape.annotate("convBlock", kernel.layer());
    Tensor y = Ops.convBlock(x.value(), kernel.value(), bias.value(), null, stride, pad, relu);
    boolean learns = tape.isRecording() && (kernel.trainable() || bias.trainable());
    if (!learns && !x.requiresGrad()) {
      return tape.constant(y);
    }
    long[] xShape = x.value().shape();
    return tape.record(
        y,
        dy -> {
          if (relu) {
            Ops.reluGradInPlace(dy, y);
          }
          if (learns) {
            Tensor dw = kernel.beginGradient();
            Tensor db = bias.beginGradient();
            Ops.convWeightGrad(dw, db, x.value(), dy, stride, pad);
            kernel.endGradient(dw);
            bias.endGradient(db);
          }
          if (x.requiresGrad()) {
            x.addGradient(Ops.convDataGrad(xShape, dy, kernel.value(), stride, pad));
          }
        },
        learns ? x.value() : null,
        relu ? y : null);
  }

  /** The same into a given tensor, for values that need no gradient. */
  public void forwardInto(Tensor y, Tensor x) {
    Ops.convBlock(y, x, kernel.value(), bias.value(), null, stride, pad, relu);
  }
}
