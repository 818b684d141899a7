package dev.selvage.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;

/** A setting that is a list of numbers. Immutable. */
public final class FloatList {
  private final float[] values;

  FloatList(List<Float> values) {
    this.values = new float[values.size()];
    for (int i = 0; i < this.values.length; i++) {
      this.values[i] = values.get(i);
    }
  }

  public int size() {
    return values.length;
  }

  /** The value at a place, counted from 0. */
  public float get(int place) {
    return values[place];
  }

  /** A copy of the values. */
  @JsonValue
  public float[] toArray() {
    return values.clone();
  }

  /** For example [0.5, 1.0]. */
  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
