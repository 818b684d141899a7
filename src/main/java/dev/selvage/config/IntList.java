package dev.selvage.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;

/** A setting that is a list of whole numbers. Immutable. */
public final class IntList {
  private final int[] values;

  IntList(List<Integer> values) {
    this.values = values.stream().mapToInt(Integer::intValue).toArray();
  }

  public int size() {
    return values.length;
  }

  /** The value at a place, counted from 0. */
  public int get(int place) {
    return values[place];
  }

  /** The last value. */
  public int last() {
    return values[values.length - 1];
  }

  /** A copy of the values. */
  @JsonValue
  public int[] toArray() {
    return values.clone();
  }

  /** For example [32, 64]. */
  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
