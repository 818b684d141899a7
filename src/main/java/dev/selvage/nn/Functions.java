package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/** Differentiable operations without parameters. */
public final class Functions {
  private Functions() {}

  /** 3x3 maximum of stride 2 with TensorFlow's "same" padding: [N,ceil(H/2),ceil(W/2),C]. */
  public static Variable maxPool(Tape tape, Variable x) {
    tape.annotate("maxPool", "pool1");
    Tensor y = Ops.maxPool(x.value());
    if (!x.requiresGrad()) {
      return tape.constant(y);
    }
    return tape.record(y, dy -> x.addGradient(Ops.maxPoolGrad(dy, x.value(), y)), x.value(), y);
  }

  /** lateral + top enlarged twice by repetition (FPN figure 3). */
  public static Variable upsampleAdd(Tape tape, Variable top, Variable lateral) {
    tape.annotate("upsampleAdd", "fpn");
    Tensor y = Ops.upsampleAdd(top.value(), lateral.value());
    if (!top.requiresGrad() && !lateral.requiresGrad()) {
      return tape.constant(y);
    }
    long[] topShape = top.value().shape();
    return tape.record(
        y,
        dy -> {
          if (top.requiresGrad()) {
            top.addGradient(Ops.upsampleGrad(topShape, dy));
          }
          lateral.addGradient(dy);
        });
  }

  /** Every second row and column. */
  public static Variable subsample(Tape tape, Variable x) {
    tape.annotate("subsample", "fpn_p6");
    Tensor y = Ops.subsample(x.value());
    if (!x.requiresGrad()) {
      return tape.constant(y);
    }
    return tape.record(y, dy -> Ops.subsampleGrad(x.gradientToAddInto(), dy));
  }
}
