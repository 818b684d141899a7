package dev.selvage.weights.files;

import dev.selvage.nn.ParameterSpec;
import dev.selvage.util.UserError;
import dev.selvage.weights.ArraySummary;
import dev.selvage.weights.StoredArray;
import dev.selvage.weights.ValueCheck;
import dev.selvage.weights.WeightSource;
import dev.selvage.weights.keras.Hdf5Superblock;
import dev.selvage.weights.keras.KerasH5;
import dev.selvage.weights.keras.KerasWriter;
import dev.selvage.weights.torch.ModelImporter;
import dev.selvage.weights.torch.TorchCheckpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Lists and converts weight files without a model. */
public final class WeightFiles {
  /** Bytes of an array and of all arrays that any file may claim. */
  private static final long SMALL_ARRAY = 1 << 26;

  private static final long SMALL_FILE = 1 << 28;

  private WeightFiles() {}

  /** A file's kind and arrays, and what it says about them by name. */
  public record Contents(String format, List<ArraySummary> arrays, Map<String, String> texts) {
    /** Numbers in all arrays. */
    public long total() {
      return arrays.stream().mapToLong(ArraySummary::count).sum();
    }
  }

  /**
   * Where weights come from.
   *
   * @param settings by key, without which a model computes something else with these weights; empty
   *     for Keras'
   * @param differences between our model and the one that they were trained in
   * @param texts that the file holds about them, by name
   * @param classes that the layers are for, background included; empty where no layer tells
   */
  public record Origin(
      String format,
      Map<String, Object> settings,
      List<String> differences,
      Map<String, String> texts,
      OptionalInt classes) {}

  /**
   * Says where the weights of a file come from, without reading them.
   *
   * @throws UserError if it is no weight file
   */
  public static Origin origin(Path file) {
    try (WeightSource source = open(file)) {
      return origin(source);
    }
  }

  static Origin origin(WeightSource source) {
    OptionalInt classes =
        source.arrays().stream()
            .filter(a -> a.name().equals("mrcnn_class_logits/bias"))
            .mapToInt(a -> (int) Math.min(a.size(), Integer.MAX_VALUE))
            .findFirst();
    return new Origin(
        source.format(), source.settings(), source.differences(), source.texts(), classes);
  }

  /**
   * Reads all of a weight file, array by array.
   *
   * @throws UserError if it cannot be read
   */
  public static Contents inspect(Path file) {
    try (WeightSource source = open(file)) {
      return new Contents(
          source.format(),
          source.arrays().stream().map(a -> ArraySummary.of(a, source.values(a))).toList(),
          source.texts());
    }
  }

  /**
   * Rewrites a weight file as {@link KerasFile} would: float32, names without suffixes, no
   * compression.
   *
   * @param model whose parameters must all be there in their shapes, and are written in their
   *     order; null to write what the file has
   * @param texts to write about the weights, by name
   * @throws UserError if one cannot be read, the other not written, the model's parameters are not
   *     what the file has, or a value is NaN or infinite
   */
  public static void convert(
      Path from, Path to, List<ParameterSpec> model, Map<String, String> texts) {
    try (WeightSource source = open(from)) {
      List<StoredArray> arrays = model == null ? source.arrays() : choose(from, source, model);
      KerasWriter.write(to, new Chosen(source, arrays, texts, from));
    }
  }

  /**
   * Opens a file; its first bytes tell the format.
   *
   * @throws UserError if there is no such file or it holds no weights
   */
  public static WeightSource open(Path file) {
    WeightSource source = openAny(file);
    try {
      requireSizes(file, source);
      return source;
    } catch (UserError e) {
      source.close();
      throw e;
    }
  }

  /**
   * Compressed arrays, arrays that are not there and many names for one array must not make a small
   * file a large one.
   */
  private static void requireSizes(Path file, WeightSource source) {
    long fileBytes = file.toFile().length();
    long all = 0;
    for (StoredArray array : source.arrays()) {
      long bytes;
      try {
        bytes = Math.multiplyExact(array.size(), (long) Float.BYTES);
        all = Math.addExact(all, bytes);
      } catch (ArithmeticException e) {
        bytes = Long.MAX_VALUE;
      }
      if (bytes > SMALL_ARRAY + 8 * fileBytes || all > SMALL_FILE + 16 * fileBytes) {
        throw new UserError(
            "%s: expected arrays that fit into %d bytes, found %s of shape %s%s"
                .formatted(
                    file,
                    fileBytes,
                    array.name(),
                    array.shape(),
                    all == bytes ? "" : " and many others"));
      }
    }
  }

  private static WeightSource openAny(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError("%s: expected a weight file, found none".formatted(file));
    }
    ByteBuffer bytes = map(file);
    if (Hdf5Superblock.begins(bytes)) {
      return new KerasH5(file, bytes);
    }
    if (!TorchCheckpoint.begins(bytes)) {
      throw new UserError(
          "%s: expected weights (Keras' .h5, PyTorch's .pth or Detectron2's .pkl), found %s"
              .formatted(file, bytes.hasRemaining() ? "another format" : "an empty file"));
    }
    TorchCheckpoint checkpoint = new TorchCheckpoint(file, bytes);
    try {
      return ModelImporter.read(file, checkpoint);
    } catch (UserError e) {
      checkpoint.close();
      throw e;
    }
  }

  private static ByteBuffer map(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new UserError(
            "%s: expected a weight file of at most 2 GB, found %d bytes"
                .formatted(file, channel.size()));
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }

  private static List<StoredArray> choose(
      Path file, WeightSource source, List<ParameterSpec> model) {
    Map<String, StoredArray> byName = new LinkedHashMap<>();
    source.arrays().forEach(a -> byName.put(a.name(), a));
    List<StoredArray> chosen = new ArrayList<>();
    for (ParameterSpec spec : model) {
      StoredArray array = byName.get(spec.name());
      List<Long> expected = StoredArray.list(spec.shape());
      if (array == null || !array.shape().equals(expected)) {
        throw new UserError(
            "%s: expected layer %s with a %s of shape %s, found %s"
                .formatted(
                    file,
                    spec.layer(),
                    spec.part(),
                    expected,
                    array == null ? "none" : array.shape()));
      }
      chosen.add(new StoredArray(spec.group(), spec.layer(), spec.part(), expected, array.path()));
    }
    return chosen;
  }

  /** Some arrays of a source, in an order of their own, with values that a model can use. */
  private record Chosen(
      WeightSource source, List<StoredArray> arrays, Map<String, String> texts, Path file)
      implements WeightSource {
    @Override
    public String format() {
      return source.format();
    }

    @Override
    public float[] values(StoredArray array) {
      float[] values = source.values(array);
      ValueCheck.requireFinite(file, array, values);
      return values;
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
