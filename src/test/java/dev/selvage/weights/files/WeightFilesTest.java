package dev.selvage.weights.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import dev.selvage.weights.ArraySummary;
import dev.selvage.weights.StoredArray;
import dev.selvage.weights.TinyModel;
import dev.selvage.weights.keras.KerasVariantsTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFilesTest {
  @TempDir Path dir;

  private Path saved(List<ParameterSpec> specs) {
    Path file = dir.resolve("in.h5");
    try (Parameters parameters = TinyModel.random(specs, 1)) {
      KerasFile.save(file, parameters);
    }
    return file;
  }

  @Test
  void inspectsEveryArray() {
    List<ParameterSpec> specs =
        List.of(new ParameterSpec("a", "a", Kind.DENSE, "kernel", new long[] {2, 3}));
    Path file = dir.resolve("in.h5");
    try (Parameters parameters = new Parameters(specs)) {
      parameters
          .get("a/kernel")
          .upload(new float[] {1, 2, 4, Float.NaN, Float.NEGATIVE_INFINITY, 5});
      KerasFile.save(file, parameters);
    }
    WeightFiles.Contents contents = WeightFiles.inspect(file);
    assertEquals("Keras HDF5", contents.format());
    assertEquals(6, contents.total());
    assertEquals(
        List.of(
            new ArraySummary("a", "a", "kernel", List.of(2L, 3L), 6, 3, Math.sqrt(2.5), 1, 5, 2)),
        contents.arrays());
  }

  @Test
  void anArrayWithoutFiniteValuesHasNoMean() {
    StoredArray array = new StoredArray("a", "a", "bias", List.of(1L), "a/bias:0");
    ArraySummary summary = ArraySummary.of(array, new float[] {Float.NaN});
    assertTrue(Double.isNaN(summary.mean()) && Double.isNaN(summary.std()), summary::toString);
    assertTrue(Double.isNaN(summary.min()) && Double.isNaN(summary.max()), summary::toString);
    assertEquals(1, summary.nonFinite());
  }

  @Test
  void convertsToTheSameBytes() throws IOException {
    Path in = saved(TinyModel.specs(3));
    Path out = dir.resolve("out.h5");
    WeightFiles.convert(in, out, null, Map.of());
    assertArrayEquals(Files.readAllBytes(in), Files.readAllBytes(out));
    WeightFiles.convert(in, in, null, Map.of());
    assertArrayEquals(Files.readAllBytes(in), Files.readAllBytes(out));
  }

  @Test
  void convertsIntoTheModelsOrderAndLeavesTheRest() throws IOException {
    List<ParameterSpec> shuffled = new ArrayList<>(TinyModel.specs(3));
    shuffled.add(0, new ParameterSpec("other", "other", Kind.DENSE, "bias", new long[] {2}));
    shuffled.add(shuffled.remove(1));
    Path out = dir.resolve("out.h5");
    WeightFiles.convert(saved(shuffled), out, TinyModel.specs(3), Map.of());
    assertEquals(
        TinyModel.specs(3).stream().map(ParameterSpec::name).toList(),
        WeightFiles.inspect(out).arrays().stream().map(a -> a.layer() + "/" + a.part()).toList());
  }

  @Test
  void refusesToConvertAnotherModelsWeights() {
    Path in = saved(TinyModel.specs(3).subList(1, 6));
    Path out = dir.resolve("out.h5");
    List<ParameterSpec> whole = TinyModel.specs(3);
    UserError error =
        assertThrows(UserError.class, () -> WeightFiles.convert(in, out, whole, Map.of()));
    assertEquals(
        in + ": expected layer conv1 with a kernel of shape [3, 3, 3, 4], found none",
        error.getMessage());
    assertFalse(Files.exists(out));
  }

  @Test
  void doesNotConvertWhatNoModelComputesWith() {
    Path in = dir.resolve("in.h5");
    try (Parameters parameters = TinyModel.random(TinyModel.specs(3), 1)) {
      parameters.get("conv1/bias").upload(new float[] {1, Float.NaN, 2, 3});
      KerasFile.save(in, parameters);
    }
    Path out = dir.resolve("out.h5");
    UserError error =
        assertThrows(UserError.class, () -> WeightFiles.convert(in, out, null, Map.of()));
    assertEquals(
        in
            + ": expected finite weights and variances of 0 or more, found 1 of the 4 values of conv1/bias NaN or infinite",
        error.getMessage());
    assertFalse(Files.exists(out));
  }

  @Test
  void leavesNothingBehindWhereTheWeightsCannotBeRead() throws IOException {
    byte[] whole = Files.readAllBytes(KerasVariantsTest.fixture("half.h5"));
    Path file = dir.resolve("damaged.h5");
    Path out = dir.resolve("out.h5");
    int failed = 0;
    for (int at = 0; at < whole.length; at += 97) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      Files.write(file, damaged);
      try {
        WeightFiles.convert(file, out, null, Map.of());
        Files.delete(out);
      } catch (UserError e) {
        failed++;
      }
      try (var files = Files.list(dir)) {
        assertEquals(List.of(file), files.toList());
      }
    }
    assertTrue(failed > 5, "only " + failed + " times the file could not be read");
  }
}
