package dev.selvage.weights;

import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import java.util.List;
import java.util.Map;

/** A model's parameters as a source of arrays to write, with texts about them by name. */
public record ParameterSource(Parameters parameters, Map<String, String> texts)
    implements WeightSource {
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
