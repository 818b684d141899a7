package dev.selvage.weights.torch;

import dev.selvage.weights.StoredArray;
import dev.selvage.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Another library's checkpoint under our names and in our layouts, computed when it is read. */
final class ImportedModel implements WeightSource {
  /** An array and the function that computes its values. */
  record Piece(StoredArray array, Supplier<float[]> values) {}

  private final TorchCheckpoint checkpoint;
  private final String format;
  private final List<Piece> pieces;
  private final Map<String, Object> settings;
  private final List<String> differences;

  ImportedModel(
      TorchCheckpoint checkpoint,
      String format,
      List<Piece> pieces,
      Map<String, Object> settings,
      List<String> differences) {
    this.checkpoint = checkpoint;
    this.format = format;
    this.pieces = pieces;
    this.settings = settings;
    this.differences = differences;
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public List<StoredArray> arrays() {
    return pieces.stream().map(Piece::array).toList();
  }

  @Override
  public float[] values(StoredArray array) {
    return pieces.stream()
        .filter(p -> p.array().path().equals(array.path()))
        .findFirst()
        .orElseThrow()
        .values()
        .get();
  }

  @Override
  public Map<String, Object> settings() {
    return settings;
  }

  @Override
  public List<String> differences() {
    return differences;
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
