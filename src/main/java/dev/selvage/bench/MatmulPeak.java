package dev.selvage.bench;

import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;

/** The rate of large matrix products on the device, with which all other rates are compared. */
final class MatmulPeak {
  private static final int SMALLEST = 128;
  private static final int LARGEST = 8192;
  private static final double LONG_ENOUGH = 0.05; // seconds
  private static final int REPEATS = 7;

  private MatmulPeak() {}

  /**
   * The median rate of matrix products of this element type, in floating-point operations per
   * second. The matrices are the smallest ones whose product takes long enough to measure.
   */
  static double measure(DType type) {
    int size = SMALLEST;
    while (size < LARGEST && seconds(type, size, 1) < LONG_ENOUGH) {
      size *= 2;
    }
    return 2.0 * size * size * size / seconds(type, size, REPEATS);
  }

  /** Seconds for one product of two matrices [size,size], until the device has finished. */
  private static double seconds(DType type, int size, int repeats) {
    return Scope.call(
        () -> {
          Tensor a = Tensor.zeros(type, size, size);
          Tensor b = Tensor.zeros(type, size, size);
          Tensor y = Tensor.zeros(type, size, size);
          a.fill(0.5f);
          b.fill(0.25f);
          Runnable product =
              () -> {
                Ops.matmul(y, a, b, null, false, false, false);
                StageTimer.settle();
              };
          product.run();
          return Timing.median(repeats, product);
        });
  }
}
