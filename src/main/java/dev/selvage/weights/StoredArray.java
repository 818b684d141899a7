package dev.selvage.weights;

import java.util.List;

/**
 * An array of a weight file, under the names that the model would give it.
 *
 * @param group of Keras' file: the layer, or the model that it is nested in
 * @param layer Keras' layer name, without the suffix of a graph that was built twice
 * @param part kernel, bias, gamma, beta, moving_mean, moving_variance, or whatever the file says
 * @param shape in Keras' layout
 * @param path of the array inside the file
 */
record StoredArray(String group, String layer, String part, List<Long> shape, String path) {
  /** layer/part. */
  String name() {
    return layer + "/" + part;
  }

  long size() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
