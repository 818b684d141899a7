package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import dev.selvage.weights.WeightSource;
import dev.selvage.weights.files.KerasFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsCommandTest {
  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void saveWithNan() {
    save(Float.NaN);
  }

  private void save(float value) {
    file = dir.resolve("w.h5");
    try (Parameters parameters =
        new Parameters(
            List.of(
                new ParameterSpec("conv1", "conv1", Kind.CONV, "kernel", new long[] {1, 1, 2, 2}),
                new ParameterSpec("rpn_model", "rpn", Kind.CONV, "bias", new long[] {3})))) {
      parameters.get("conv1/kernel").upload(new float[] {1, 1, 3, 3});
      parameters.get("rpn/bias").upload(new float[] {0, value, 0});
      KerasFile.save(file, parameters);
    }
  }

  private record Outcome(int code, String out, String err) {}

  private static Outcome run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream seenOut = new ByteArrayOutputStream();
    ByteArrayOutputStream seenErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(seenOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(seenErr, true, StandardCharsets.UTF_8));
      int code = Main.run(arguments);
      return new Outcome(
          code, seenOut.toString(StandardCharsets.UTF_8), seenErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void listsLayers() {
    Outcome outcome = run("weights", file.toString());
    assertEquals(0, outcome.code());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(
        List.of("conv1/kernel", "1x1x2x2", "4", "2.000", "1.000", "1.000", "3.000"),
        List.of(lines.get(1).split(" +")));
    assertTrue(lines.get(2).startsWith("rpn_model/rpn/bias "), lines.get(2));
    assertTrue(lines.get(2).endsWith("  1 not finite"), lines.get(2));
    assertEquals("Keras HDF5: 7 numbers in 2 arrays of 2 layers", lines.get(4));
  }

  @Test
  void listsAFileWithoutLayers() {
    Path empty = dir.resolve("empty.h5");
    try (Parameters parameters = new Parameters(List.of())) {
      KerasFile.save(empty, parameters);
    }
    Outcome outcome = run("weights", empty.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().endsWith("Keras HDF5: 0 numbers in 0 arrays of 0 layers\n"), outcome.out());
  }

  @Test
  void listsLayersAsJson() throws IOException {
    JsonNode json = new ObjectMapper().readTree(run("weights", file.toString(), "--json").out());
    assertEquals(7, json.get("total").asInt());
    assertEquals("conv1", json.at("/arrays/0/layer").asText());
    assertEquals(2, json.at("/arrays/0/shape/3").asInt());
    assertEquals(1.0, json.at("/arrays/0/std").asDouble());
    assertEquals(1, json.at("/arrays/1/nonFinite").asInt());
  }

  @Test
  void converts() {
    save(1);
    Path out = dir.resolve("out.h5");
    Outcome outcome = run("weights", file.toString(), "--out", out.toString());
    assertEquals(out + ": 7 weights in 2 arrays, from Keras HDF5\n", outcome.out());
    assertFalse(Files.exists(dir.resolve("out.settings.json")));
    assertTrue(Files.exists(out));
  }

  @Test
  void holdsTheFileAgainstAModelWhereOneIsDescribed() {
    Path out = dir.resolve("out.h5");
    Outcome outcome =
        run("weights", file.toString(), "--out", out.toString(), "--preset", "fashion");
    assertEquals(2, outcome.code());
    assertEquals(
        "selvage: "
            + file
            + ": expected layer conv1 with a kernel of shape [7, 7, 3, 64], found [1, 1, 2, 2]\n",
        outcome.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void saysWhatIsWrongWithTheFile() {
    Outcome outcome = run("weights", dir.resolve("none.h5").toString());
    assertEquals(2, outcome.code());
    assertEquals(
        "selvage: " + dir.resolve("none.h5") + ": expected a weight file, found none\n",
        outcome.err());
  }

  @Test
  void settingsAreOnlyForConverting() {
    Outcome outcome = run("weights", file.toString(), "--preset", "fashion");
    assertEquals(2, outcome.code());
    assertEquals("selvage: option --preset has an effect only with --out\n", outcome.err());
  }

  private String checkpoint() {
    try {
      URI uri = WeightSource.class.getResource("torchvision.pth").toURI();
      return Path.of(uri).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void importsAnotherLibrarysWeightsWithTheSettingsThatTheyNeed() throws IOException {
    Path out = dir.resolve("imported.h5");
    Path settings = dir.resolve("imported.settings.json");
    Outcome outcome = run("weights", checkpoint(), "--out", out.toString());
    assertEquals("", outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(
        out + ": 1,857 weights in 192 arrays for 3 classes, from torchvision's Mask R-CNN",
        lines.get(0));
    assertEquals(
        settings + ": the settings for these weights; for train, pass them with --config",
        lines.get(1));
    assertEquals("Differences from the model that the weights were trained in:", lines.get(2));
    assertTrue(lines.get(3).startsWith("  max pooling: "), lines.get(3));
    Config config = ConfigReader.read(null, settings, List.of());
    assertEquals("resnet18", config.BACKBONE);
    assertEquals(2, config.BACKBONE_WIDTH);
    assertEquals(2, config.RPN_CHANNELS);
    assertEquals(123.675f, config.MEAN_PIXEL.get(0));
    JsonNode json =
        new ObjectMapper()
            .readTree(run("weights", checkpoint(), "--out", out.toString(), "--json").out());
    assertEquals("torchvision's Mask R-CNN", json.get("from").asText());
    assertEquals(2, json.at("/settings/RPN_CHANNELS").asInt());
    assertFalse(json.get("settings").has("NUM_CLASSES"));
    assertTrue(json.get("differences").size() >= 4, json.get("differences")::toString);
  }

  @Test
  void refusesToImportUnderOtherSettings() {
    Path out = dir.resolve("imported.h5");
    Outcome outcome =
        run(
            "weights",
            checkpoint(),
            "--out",
            out.toString(),
            "--set",
            "BACKBONE=resnet18",
            "--set",
            "BACKBONE_WIDTH=2");
    assertEquals(2, outcome.code());
    assertEquals(
        "selvage: "
            + checkpoint()
            + ": expected MEAN_PIXEL to be [123.675,116.28,103.53] for weights from torchvision's Mask R-CNN, found [123.7,116.8,103.9]\n",
        outcome.err());
    assertFalse(Files.exists(out));
  }
}
