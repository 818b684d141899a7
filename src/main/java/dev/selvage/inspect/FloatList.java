package dev.selvage.inspect;

import java.util.Arrays;

/** A growing list of primitive floats: a large dataset has some hundred thousand. */
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
