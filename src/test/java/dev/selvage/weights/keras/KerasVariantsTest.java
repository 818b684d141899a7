package dev.selvage.weights.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.util.Fuzz;
import dev.selvage.util.UserError;
import dev.selvage.weights.DamagedWeights;
import dev.selvage.weights.StoredArray;
import dev.selvage.weights.WeightSource;
import dev.selvage.weights.files.WeightFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of make_fixtures.py: all the ways in which h5py and versions of Keras write. */
public class KerasVariantsTest {
  private static final List<StoredArray> ARRAYS =
      List.of(
          array("conv1", "conv1", "kernel", 3, 3, 3, 4),
          array("conv1", "conv1", "bias", 4),
          array("bn_conv1", "bn_conv1", "gamma", 4),
          array("bn_conv1", "bn_conv1", "beta", 4),
          array("bn_conv1", "bn_conv1", "moving_mean", 4),
          array("bn_conv1", "bn_conv1", "moving_variance", 4),
          array("rpn_model", "rpn_conv_shared", "kernel", 1, 1, 4, 5),
          array("rpn_model", "rpn_conv_shared", "bias", 5),
          array("rpn_model", "rpn_class_raw", "kernel", 1, 1, 5, 6),
          array("rpn_model", "rpn_class_raw", "bias", 6));

  @TempDir Path dir;

  private static StoredArray array(String group, String layer, String part, long... shape) {
    return new StoredArray(group, layer, part, StoredArray.list(shape), "");
  }

  public static Path fixture(String name) {
    try {
      return Path.of(WeightSource.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What make_fixtures.py puts into every array. */
  private static float[] expected(StoredArray array) {
    int start = (array.layer() + array.part()).chars().sum();
    float[] values = new float[(int) array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7 + start) % 129 / 8f - 8;
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "full_model", "half", "double", "big_endian", "keras1"})
  void reads(String name) {
    try (WeightSource source = WeightFiles.open(fixture(name + ".h5"))) {
      assertEquals(
          ARRAYS,
          source.arrays().stream()
              .map(a -> new StoredArray(a.group(), a.layer(), a.part(), a.shape(), ""))
              .toList());
      for (StoredArray array : source.arrays()) {
        assertArrayEquals(expected(array), source.values(array), array.name());
      }
    }
  }

  @Test
  void convertsAllToTheSameBytes() throws IOException {
    byte[] first = null;
    for (String name : List.of("plain", "full_model", "half", "double", "big_endian", "keras1")) {
      Path out = dir.resolve("out.h5");
      WeightFiles.convert(fixture(name + ".h5"), out, null, Map.of());
      byte[] bytes = Files.readAllBytes(out);
      first = first == null ? bytes : first;
      assertArrayEquals(first, bytes, name);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "whole_numbers.h5 | expected floating-point numbers in conv1/conv1/kernel:0, found int",
        "theano.h5 | expected kernels of the tensorflow backend, found theano's, which are mirrored",
        "linked.h5 | expected the array conv1/conv1/bias:0 of weight_names, found a link",
        "keras3.weights.h5 | expected Keras' HDF5 layout with the attribute layer_names, found Keras 3's *.weights.h5, which does not keep the layers' names",
        "scale_offset.h5 | expected an HDF5 file of Keras weights, found one that cannot be read (A required filter is not available: name='undefined' id=6)"
      })
  void refuses(String name, String message) {
    Path file = fixture(name);
    UserError error = assertThrows(UserError.class, () -> WeightFiles.inspect(file));
    assertEquals(file + ": " + message, error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "full_model", "half", "double"})
  void readsOrRefusesWhatIsDamaged(String name) throws IOException {
    DamagedWeights.inspect(fixture(name + ".h5"), dir.resolve("damaged.h5"), Fuzz.share(4));
  }

  @Test
  void readsOrRefusesOurOwnFilesDamaged() throws IOException {
    Path ours = dir.resolve("ours.h5");
    WeightFiles.convert(fixture("plain.h5"), ours, null, Map.of());
    DamagedWeights.inspect(ours, dir.resolve("damaged.h5"), Fuzz.share(4));
  }
}
