package dev.selvage.weights;

import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import java.util.List;

/** A model's parameters as a source of arrays to write. */
public record ParameterSource(Parameters parameters) implements WeightSource {
  @Override
  public String format() {
    return "model";
  }

  @Override
  public List<StoredArray> arrays() {
    return parameters.list().stream().map(Parameter::spec).map(StoredArray::of).toList();
  }

  @Override
  public float[] values(StoredArray array) {
    return parameters.get(array.name()).download();
  }

  @Override
  public void close() {
    // The parameters belong to their model.
  }
}
