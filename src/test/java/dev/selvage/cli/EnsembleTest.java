package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Rle;
import dev.selvage.predict.SavedModel;
import dev.selvage.util.ContentHash;
import dev.selvage.util.ProcessMemory.Room;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several {@code --weights}. */
class EnsembleTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static TinyRun tiny;
  private static Path one;

  /** With larger images, other anchors and finer masks. */
  private static Path large;

  @BeforeAll
  static void makeRuns() throws IOException {
    tiny = new TinyRun(shared);
    one = tiny.run.resolve("mask_rcnn_tiny_0001.h5");
    large =
        tiny.addRun(
            "large",
            4,
            "IMAGE_MIN_DIM=128",
            "IMAGE_MAX_DIM=128",
            "RPN_ANCHOR_SCALES=16,32,64,128,256",
            "MASK_POOL_SIZE=16",
            "MASK_SHAPE=32,32");
  }

  @Test
  void twiceTheSameWeightsFindWhatTheyFindOnce() throws IOException {
    JsonNode once = predict("once", one);
    JsonNode twice = predict("twice", one, one);
    assertTrue(once.size() > 4, once::toString);
    assertEquals(once.size(), twice.size());
    for (int i = 0; i < once.size(); i++) {
      assertEquals(once.get(i).get("file_name"), twice.get(i).get("file_name"));
      assertEquals(once.get(i).get("category_id"), twice.get(i).get("category_id"));
      assertEquals(once.get(i).get("score").asDouble(), twice.get(i).get("score").asDouble(), 1e-6);
      assertEquals(0, difference(mask(once.get(i)), mask(twice.get(i))), "detection " + i);
    }
  }

  private static Rle mask(JsonNode detection) {
    return CocoRle.read(detection.get("segmentation").get("counts").asText(), 50, 70);
  }

  private static int difference(Rle a, Rle b) {
    return a.area() + b.area() - 2 * a.intersection(b);
  }

  @Test
  void theOrderDoesNotMatter() throws IOException {
    JsonNode both = predict("a", one, large);
    predict("b", large, one);
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("a/detections.json")),
        Files.readAllBytes(folder.resolve("b/detections.json")));
    assertNotEquals(predict("c", one), both);
    assertNotEquals(predict("d", large), both);
  }

  /** Raw detections and tuned settings belong to a set of weights, in any order. */
  @Test
  void tunedSettingsBelongToAllOfTheWeights() throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("train"));
    Files.copy(
        tiny.data.resolve("label_descriptions.json"), data.resolve("label_descriptions.json"));
    StringBuilder csv = new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");
    for (int i = 0; i < 10; i++) {
      TinyRun.photo(data.resolve("train/p%d.png".formatted(i)), 20 * i);
      csv.append("p%d.png,1 2000,50,70,5\n".formatted(i));
    }
    Files.writeString(data.resolve("train.csv"), csv);
    Path raw = folder.resolve("both.raw");
    Path out = folder.resolve("both.json");
    String[] options = {"--split", "all", "--raw", raw.toString(), "--out", out.toString()};
    assertDone(call("tune", data, List.of(one, large), options));
    byte[] said = Files.readAllBytes(raw);
    ObjectNode tuned = settings(out);
    assertDone(call("tune", data, List.of(large, one), options));
    assertArrayEquals(said, Files.readAllBytes(raw));
    ObjectNode swapped = settings(out);

    // the gain is that over the model which is named first
    for (Tried tried : List.of(new Tried(one, tuned), new Tried(weights(large), swapped))) {
      Path alone = folder.resolve("alone.json");
      String kept = raw + "." + ContentHash.of(tried.first).substring(0, 8);
      assertDone(
          call(
              "tune",
              data,
              List.of(tried.first),
              "--split",
              "all",
              "--raw",
              kept,
              "--out",
              alone.toString()));
      assertEquals(settings(alone).get("before"), tried.tuned.get("before"));
    }
    assertEquals(tuned.without("before"), swapped.without("before"));
    assertTrue(Files.readString(folder.resolve("both.svg")).contains("models"));
    assertRefused(
        call("tune", data, List.of(one), options), "both.raw: expected raw detections", "weights");

    String[] use = {"--split", "all", "--tuned", out.toString()};
    assertDone(call("evaluate", data, List.of(large, one), use));
    assertRefused(
        call("evaluate", data, List.of(one), use), "tuned for these weights (SHA-256 ", " + ");
    assertRefused(
        call("evaluate", data, List.of(one, one), use), "tuned for these weights (SHA-256 ");

    // without --out, a file that is not that of a single model
    assertDone(call("tune", data, List.of(one, large), "--split", "all", "--raw", raw.toString()));
    try (Stream<Path> files = Files.list(one.getParent())) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertEquals(
          1,
          names.stream().filter(n -> n.matches("[0-9a-f]{8}\\+[0-9a-f]{8}\\.tuned\\.json")).count(),
          names::toString);
      assertFalse(names.contains("tuned.json"), names::toString);
    }
  }

  private record Tried(Path first, ObjectNode tuned) {}

  private static ObjectNode settings(Path file) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void evaluatesPhotosThatAllHeldOut() throws IOException {
    Path first = split("first", "train", "valid", "valid", "train");
    Path second = split("second", "train", "train", "valid", "valid");
    Path third = split("third", "valid", "train", "train", "train");
    Outcome outcome = call("evaluate", tiny.data, List.of(first, second), "--json");
    assertDone(outcome);
    assertEquals(1, new ObjectMapper().readTree(outcome.out()).get("photos").asInt());
    assertTrue(
        outcome
            .err()
            .contains(
                "--split valid: 1 photos that all --weights held out; 2 that only some of them did are left out"),
        outcome.err());
    Outcome train = call("evaluate", tiny.data, List.of(first, third), "--split", "train");
    assertTrue(train.err().contains("1 photos that all --weights trained on; 3"), train.err());
    assertRefused(
        call("evaluate", tiny.data, List.of(first, second, third)),
        "--split valid: expected photos that all --weights held out, found none in common among 4;");
    assertRefused(
        call("tune", tiny.data, List.of(first, second), "--split", "all"),
        "that it was; --allow-seen");
  }

  private static Path split(String name, String... parts) throws IOException {
    Path run = tiny.addRun(name, 3);
    StringBuilder csv = new StringBuilder("ImageId,Part\n");
    for (int i = 0; i < parts.length; i++) {
      csv.append("%d.png,%s%n".formatted(i, parts[i]));
    }
    Files.writeString(run.resolve("split.csv"), csv);
    return weights(run);
  }

  @Test
  void refusesModelsThatDoNotGoTogether() throws IOException {
    Path shy = weights(tiny.addRun("shy", 3, "DETECTION_MIN_CONFIDENCE=0.5"));
    assertRefused(
        call("evaluate", tiny.data, List.of(one, shy), "--split", "all"),
        "DETECTION_MIN_CONFIDENCE: expected the same in all --weights, found 0.",
        one.toString(),
        shy.toString());
    assertDone(
        call(
            "evaluate",
            tiny.data,
            List.of(one, shy),
            "--split",
            "all",
            "--set",
            "DETECTION_MIN_CONFIDENCE=0.4"));
    assertRefused(
        call("evaluate", tiny.data, List.of(one, large), "--preset", "street"),
        "option --preset: expected none with several --weights");
    assertRefused(
        call("evaluate", tiny.data, List.of(one, large), "--runs", tiny.runs.toString()),
        "option --runs has an effect only with");

    Path boots = tiny.addRun("boots", 3);
    Path config = boots.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"pants\"", "\"boot\""));
    assertRefused(
        call("evaluate", tiny.data, List.of(one, weights(boots))),
        "found class 2 to be \"pants\" (id 5) in " + one,
        "\"boot\" (id 5) in " + weights(boots));
    Path alone = Files.createDirectory(folder.resolve("alone")).resolve("w.h5");
    Files.copy(one, alone);
    assertRefused(
        call("evaluate", tiny.data, List.of(large, alone), "--set", "NUM_CLASSES=9"),
        "NUM_CLASSES");
  }

  @Test
  void refusesMoreModelsThanFitInMemory() {
    Config config = ConfigReader.read("coco", null, List.of());
    Room room = new Room(1_500_000_000, "free memory"); // one takes about 1074 MB
    SavedModel.requireRoom(List.of(config), room);
    UserError error =
        assertThrows(UserError.class, () -> SavedModel.requireRoom(List.of(config, config), room));
    assertTrue(
        error
            .getMessage()
            .matches(".* fit in the 1500 MB of free memory, found 2 that take 2\\d\\d\\d MB.*"),
        error.getMessage());
  }

  private static Path weights(Path run) {
    return run.resolve("mask_rcnn_tiny_0001.h5");
  }

  private JsonNode predict(String out, Path... weights) throws IOException {
    List<String> words = new ArrayList<>(List.of("predict", "--no-pictures"));
    words.addAll(List.of("--images", tiny.data.resolve("train").toString()));
    words.addAll(List.of("--out", folder.resolve(out).toString()));
    for (Path file : weights) {
      words.addAll(List.of("--weights", file.toString()));
    }
    assertDone(TinyRun.call(words.toArray(String[]::new)));
    return new ObjectMapper().readTree(folder.resolve(out).resolve("detections.json").toFile());
  }

  private static Outcome call(String verb, Path data, List<Path> weights, String... options) {
    List<String> words = new ArrayList<>(List.of(verb, "--data", data.toString()));
    weights.forEach(file -> words.addAll(List.of("--weights", file.toString())));
    words.addAll(List.of(options));
    return TinyRun.call(words.toArray(String[]::new));
  }

  private static void assertDone(Outcome outcome) {
    assertEquals(0, outcome.code(), outcome.err());
  }

  private static void assertRefused(Outcome outcome, String... parts) {
    assertEquals(2, outcome.code(), outcome.out());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    for (String part : parts) {
      assertTrue(outcome.err().contains(part), outcome.err());
    }
  }
}
