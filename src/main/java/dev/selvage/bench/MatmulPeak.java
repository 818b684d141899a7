package dev.selvage.bench;

import dev.selvage.runtime.Native;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.tensor.Type;

/** The rate at which this machine multiplies large matrices, the yardstick for everything else. */
final class MatmulPeak {
  private static final int SIZE = 2048;
  private static final int REPEATS = 7;

  private MatmulPeak() {}

  /**
   * The median of some products of matrices of this type, in floating-point operations a second.
   */
  static double measure(Type type) {
    return Scope.call(
        () -> {
          Tensor a = Tensor.zeros(type, SIZE, SIZE);
          Tensor b = Tensor.zeros(type, SIZE, SIZE);
          Tensor y = Tensor.zeros(type, SIZE, SIZE);
          a.fill(0.5f);
          b.fill(0.25f);
          long before = Native.executedFlops();
          Ops.matmul(y, a, b, null, false, false, false);
          double work = Native.executedFlops() - before;
          double seconds =
              Timing.median(REPEATS, () -> Ops.matmul(y, a, b, null, false, false, false));
          return work / seconds;
        });
  }
}
