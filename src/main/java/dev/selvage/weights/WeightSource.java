package dev.selvage.weights;

import java.util.List;

/** Arrays of weights that can be read one by one: an opened file, or a model. */
interface WeightSource extends AutoCloseable {
  /** What kind of source it is, for people. */
  String format();

  /** What it holds, in its order. */
  List<StoredArray> arrays();

  /**
   * The values of one array, row-major in Keras' layout. Reads them from the disk every time.
   *
   * @throws dev.selvage.UserError if they cannot be read
   */
  float[] values(StoredArray array);

  @Override
  void close();
}
