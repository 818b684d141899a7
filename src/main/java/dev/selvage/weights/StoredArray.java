package dev.selvage.weights;

import dev.selvage.nn.ParameterSpec;
import java.util.List;
import java.util.stream.LongStream;

/**
 * An array of a weight file, under the names that the model would give it.
 *
 * @param group of Keras' file: the layer, or the model that it is nested in
 * @param layer Keras' layer name, without the suffix of a graph that was built twice
 * @param part kernel, bias, gamma, beta, moving_mean, moving_variance, or the name in the file
 * @param shape in Keras' layout
 * @param path of the array inside the file
 */
public record StoredArray(String group, String layer, String part, List<Long> shape, String path) {
  /** The name of a parameter in a file that Selvage writes. */
  static StoredArray of(ParameterSpec spec) {
    return new StoredArray(
        spec.group(), spec.layer(), spec.part(), list(spec.shape()), spec.name());
  }

  public static List<Long> list(long... shape) {
    return LongStream.of(shape).boxed().toList();
  }

  /** layer/part. */
  public String name() {
    return layer + "/" + part;
  }

  public long[] dims() {
    return shape.stream().mapToLong(d -> d).toArray();
  }

  public long size() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
