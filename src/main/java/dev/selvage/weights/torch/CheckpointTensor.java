package dev.selvage.weights.torch;

import java.util.List;

/** An array of another library's checkpoint. */
interface CheckpointTensor {
  List<Long> shape();

  /**
   * The values, row-major.
   *
   * @throws PickleException if they cannot be read
   */
  float[] values();

  /** Its number of values, by its shape. */
  static long count(List<Long> shape) {
    long count = 1;
    for (long d : shape) {
      if (d < 0) {
        throw new PickleException("an array of shape " + shape);
      }
      count = Math.multiplyExact(count, d);
    }
    return count;
  }
}
