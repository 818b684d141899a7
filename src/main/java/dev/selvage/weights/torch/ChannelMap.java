package dev.selvage.weights.torch;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Maps the output channels of another library's layer to those of Selvage's layer.
 *
 * @param source the channel that each of ours comes from, or -1 where it is zero
 * @param scale that each is multiplied by
 */
record ChannelMap(int[] source, double[] scale) {
  /** Where y, x, height, width lie in the others' x, y, width, height. */
  private static final int[] COORDINATES = {1, 0, 3, 2};

  /** As they are. */
  static ChannelMap same(int count) {
    return unscaled(IntStream.range(0, count).toArray());
  }

  /** Some of them, or -1. */
  static ChannelMap unscaled(int... source) {
    double[] ones = new double[source.length];
    Arrays.fill(ones, 1);
    return new ChannelMap(source, ones);
  }

  /**
   * Four channels for each of these rows: the others' box coordinates in our order.
   *
   * @param divisor of y, x, height, width
   */
  ChannelMap boxes(double[] divisor) {
    int[] from = new int[4 * source.length];
    double[] factor = new double[from.length];
    for (int i = 0; i < from.length; i++) {
      int row = source[i / 4];
      from[i] = row < 0 ? -1 : 4 * row + COORDINATES[i % 4];
      factor[i] = scale[i / 4] / divisor[i % 4];
    }
    return new ChannelMap(from, factor);
  }

  int count() {
    return source.length;
  }

  /**
   * Channels in our order, of an array whose first axis they are.
   *
   * @param rowSize values of one channel
   */
  float[] of(float[] values, int rowSize) {
    float[] chosen = new float[source.length * rowSize];
    for (int row = 0; row < source.length; row++) {
      for (int i = 0; source[row] >= 0 && i < rowSize; i++) {
        chosen[row * rowSize + i] = (float) (scale[row] * values[source[row] * rowSize + i]);
      }
    }
    return chosen;
  }
}
