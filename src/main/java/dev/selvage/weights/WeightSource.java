package dev.selvage.weights;

import java.util.List;
import java.util.Map;

/** Arrays of weights that can be read one by one: an opened file, or a model. */
public interface WeightSource extends AutoCloseable {
  /** What kind of source it is, for people. */
  String format();

  /** What it holds, in its order. */
  List<StoredArray> arrays();

  /**
   * The values of one array, row-major in Keras' layout. Reads them from the disk every time.
   *
   * @throws dev.selvage.util.UserError if they cannot be read
   */
  float[] values(StoredArray array);

  /**
   * Settings without which a model computes something else with these weights. NUM_CLASSES is not
   * among them: training takes it from the dataset and leaves the heads of another number out.
   */
  default Map<String, Object> settings() {
    return Map.of();
  }

  /** What a model computes differently from the one that the weights were trained in. */
  default List<String> differences() {
    return List.of();
  }

  /** Short texts about the weights, by name, which Keras ignores; empty for other programs'. */
  default Map<String, String> texts() {
    return Map.of();
  }

  @Override
  void close();
}
