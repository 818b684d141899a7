package dev.selvage.weights;

import java.nio.file.Path;
import java.util.List;

/** An opened file of weights. */
interface WeightSource extends AutoCloseable {
  Path file();

  /** What it holds, in the file's order. */
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
