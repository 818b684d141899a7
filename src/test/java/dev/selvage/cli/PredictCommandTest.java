package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.mask.CocoRle;
import dev.selvage.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private Path images;
  private Path out;

  @BeforeEach
  void prepare() throws IOException {
    tiny = new TinyRun(folder);
    images = Files.createDirectory(folder.resolve("images"));
    out = folder.resolve("out");
    TinyRun.photo(images.resolve("b.png"), 50);
    Files.writeString(images.resolve("c.jpg"), "no photo");
    TinyRun.photo(images.resolve("d.jpg"), 150);
  }

  @Test
  void writesResultsAndPictures() throws IOException {
    long before = Tensor.live();
    Outcome outcome = predict("--weights", "last", "--runs", tiny.runs.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(before, Tensor.live());
    assertEquals(1, outcome.err().lines().filter(l -> l.contains("c.jpg")).count(), outcome.err());
    JsonNode summary = new ObjectMapper().readTree(outcome.out());
    assertEquals(2, summary.get("photos").asInt());
    assertEquals(1, summary.get("skipped").asInt());
    assertEquals(Set.of("b.jpg", "d.jpg", "detections.json"), files(out));
    JsonNode results = new ObjectMapper().readTree(out.resolve("detections.json").toFile());
    assertTrue(results.size() > 2, results::toString);
    assertEquals(summary.get("objects").asInt(), results.size());
    Set<String> photos = new TreeSet<>();
    for (JsonNode result : results) {
      photos.add(result.get("image_id").asInt() + result.get("file_name").asText());
      assertEquals(5, result.get("category_id").asInt());
      assertEquals("pants", result.get("category_name").asText());
      assertTrue(result.get("score").asDouble() >= 0.3, result::toString);
      assertTrue(result.get("bbox").get(0).asDouble() + result.get("bbox").get(2).asDouble() <= 70);
      JsonNode mask = result.get("segmentation");
      assertEquals("[50,70]", mask.get("size").toString());
      CocoRle.read(mask.get("counts").asText(), 50, 70);
    }
    assertEquals(Set.of("0b.png", "2d.jpg"), photos);
  }

  @Test
  void numbersClassesFromZeroWhereNoRunNamesThem() throws IOException {
    Path weights = Files.createDirectory(folder.resolve("alone")).resolve("w.h5");
    Files.copy(tiny.run.resolve("mask_rcnn_tiny_0001.h5"), weights);
    Path config = folder.resolve("settings.json");
    Files.writeString(
        config,
        new ObjectMapper()
            .writeValueAsString(
                ((com.fasterxml.jackson.databind.node.ObjectNode)
                        new ObjectMapper().readTree(tiny.run.resolve("config.json").toFile()))
                    .without("about")));
    Outcome outcome =
        predict("--weights", weights.toString(), "--config", config.toString(), "--no-pictures");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(Set.of("detections.json"), files(out));
    JsonNode first = new ObjectMapper().readTree(out.resolve("detections.json").toFile()).get(0);
    assertEquals(1, first.get("category_id").asInt());
    assertEquals("class 2", first.get("category_name").asText());
  }

  @Test
  void refusesWeightsForOtherClasses() {
    Outcome outcome = predict("--weights", tiny.run.toString(), "--set", "NUM_CLASSES=9");
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("9 classes"), outcome.err());
    assertFalse(Files.exists(out.resolve("detections.json")));
  }

  @Test
  void refusesDamagedWeights() throws IOException {
    Path weights = tiny.run.resolve("mask_rcnn_tiny_0001.h5");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    Outcome outcome = predict("--weights", tiny.run.toString());
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(weights.toString()), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
  }

  @Test
  void leavesNothingWhereNoPhotoDecodes() throws IOException {
    Files.delete(images.resolve("b.png"));
    Files.delete(images.resolve("d.jpg"));
    Outcome outcome = predict("--weights", tiny.run.toString());
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("--images"), outcome.err());
    assertEquals(Set.of(), files(out));
  }

  @Test
  void namesWhatIsMissing() {
    assertRefused("--weights", predict());
    assertRefused("nowhere.h5", predict("--weights", "nowhere.h5"));
    assertRefused("--weights last", predict("--weights", "last", "--runs", out.toString()));
    assertRefused(
        "--out",
        TinyRun.call(
            "predict",
            "--weights",
            tiny.run.toString(),
            "--images",
            images.toString(),
            "--out",
            images.toString()));
    assertRefused("--tresh", predict("--tresh", "3"));
  }

  private static void assertRefused(String named, Outcome outcome) {
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(named), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
  }

  private Outcome predict(String... more) {
    return TinyRun.call(
        Stream.concat(
                Stream.of("predict", "--images", images.toString(), "--out", out.toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static Set<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
