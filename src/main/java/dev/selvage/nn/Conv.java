package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/** A convolution with a bias and, if wanted, a ReLU. */
public final class Conv {
  private final LayerWeights weights;
  private final int stride;
  private final int pad;
  private final boolean relu;

  /**
   * A layer over the parameters of this name.
   *
   * @param pad zeros on every side
   */
  public Conv(Parameters parameters, String layer, int stride, int pad, boolean relu) {
    this.weights = LayerWeights.of(parameters, layer);
    this.stride = stride;
    this.pad = pad;
    this.relu = relu;
  }

  public Parameter kernel() {
    return weights.kernel();
  }

  public Parameter bias() {
    return weights.bias();
  }

  /** x [N,H,W,I] to [N,OH,OW,O]. */
  public Variable forward(Tape tape, Variable x) {
    tape.annotate("convBlock", weights.kernel().layer());
    Tensor y =
        Ops.convBlock(
            x.value(), weights.kernel().value(), weights.bias().value(), null, stride, pad, relu);
    boolean learns = tape.isRecording() && weights.trainable();
    if (!learns && !x.requiresGrad()) {
      return tape.constant(y);
    }
    long[] xShape = x.value().shape();
    return tape.record(
        y,
        relu,
        dy -> {
          if (learns) {
            weights.addGradients(
                (dw, db) -> Ops.convWeightGrad(dw, db, x.value(), dy, stride, pad));
          }
          if (x.requiresGrad()) {
            x.addGradient(
                (others, activation) ->
                    Ops.convDataGrad(
                        xShape, dy, weights.kernel().value(), others, activation, stride, pad));
          }
        },
        learns ? x.value() : null);
  }

  /**
   * The kernel for several passes over maps of a type: itself, or rounded where the device reads it
   * so.
   *
   * @return the parameter's, or a tensor of the current scope
   */
  public Tensor kernel(DType maps) {
    Tensor kernel = weights.kernel().value();
    return maps != DType.F32 && Ops.takesShortWeights() ? Ops.cast(kernel, maps) : kernel;
  }

  /**
   * The same as {@link #forward} into a given tensor, for values that need no gradient.
   *
   * @param kernel of {@link #kernel(DType)}
   */
  public void forwardInto(Tensor y, Tensor x, Tensor kernel) {
    Ops.convBlock(y, x, kernel, weights.bias().value(), null, stride, pad, relu);
  }
}
