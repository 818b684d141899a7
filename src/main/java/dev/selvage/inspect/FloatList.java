package dev.selvage.inspect;

import java.util.Arrays;

/** Numbers without a box each: a large dataset has some hundred thousand of them. */
final class FloatList {
  private float[] values = new float[64];
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = (float) value;
  }

  float[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
