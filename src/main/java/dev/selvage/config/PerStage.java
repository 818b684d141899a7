package dev.selvage.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * A setting with one value for each stage of EPOCHS, or a single value for all of them. Immutable.
 *
 * @param values at least one
 */
public record PerStage<T>(@JsonValue List<T> values) {
  public PerStage {
    values = List.copyOf(values);
  }

  /** The value of a stage, counted from 0. */
  public T at(int stage) {
    return values.size() == 1 ? values.get(0) : values.get(stage);
  }
}
