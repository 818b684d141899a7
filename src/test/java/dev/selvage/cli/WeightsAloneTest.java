package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.api.GarmentDetector;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Dataset;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.split.Split;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.SavedModel;
import dev.selvage.run.WeightsInfo;
import dev.selvage.weights.files.KerasFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that were copied away from their run. */
class WeightsAloneTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private Path weights;
  private Path alone;

  /** Nothing in the file: as other programs and older versions write it. */
  private Path bare;

  @BeforeEach
  void copyWeights() throws IOException {
    tiny = new TinyRun(folder);
    weights = tiny.run.resolve("mask_rcnn_tiny_0001.h5");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    alone = elsewhere.resolve("alone.h5");
    bare = Files.copy(weights, elsewhere.resolve("bare.h5"));
    // one photo held out, which no seed and fraction of the settings would give
    save(alone, new Split(new int[] {0, 1, 3}, new int[] {2}));
  }

  private void save(Path file, Split split) {
    Dataset dataset = KaggleDataset.open(tiny.data);
    Config config = ConfigReader.read(null, tiny.run.resolve("config.json"), List.of());
    try (Parameters parameters = SavedModel.load(weights, config)) {
      KerasFile.save(file, parameters, WeightsInfo.texts(config, dataset, split, 3));
    }
  }

  private Outcome evaluate(Path file, String... more) {
    return TinyRun.call(
        Stream.concat(
                Stream.of("evaluate", "--data", tiny.data.toString(), "--weights", file.toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static JsonNode scores(Outcome outcome) throws IOException {
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    ((com.fasterxml.jackson.databind.node.ObjectNode) json).remove(List.of("seconds", "weights"));
    return json;
  }

  @Test
  void scoreAsInTheirRunAndOnThePhotosHeldOut() throws IOException {
    Outcome there = evaluate(alone, "--split", "all", "--json");
    assertEquals("", there.err());
    assertEquals(scores(evaluate(weights, "--split", "all", "--json")), scores(there));
    Outcome held = evaluate(alone);
    assertEquals(0, held.code(), held.err());
    assertTrue(held.out().contains("1 photos of data (valid), 2 objects"), held.out());
    Outcome trained = evaluate(alone, "--split", "train");
    assertTrue(trained.out().contains("3 photos of data (train), 6 objects"), trained.out());
    for (String[] anew : new String[][] {{"--seed", "3"}, {"--set", "FOLD=1"}}) {
      Outcome another = evaluate(alone, anew);
      assertTrue(another.out().contains("2 photos of data (valid)"), another.out());
      assertEquals(
          "selvage: --split valid is a new split, in which there may be photos that the weights were"
              + " trained on\n",
          another.err());
    }
  }

  @Test
  void aSplitOfOtherPhotosIsRefused() throws IOException {
    Files.move(tiny.data.resolve("train/3.png"), tiny.data.resolve("train/4.png"));
    Path csv = tiny.data.resolve("train.csv");
    Files.writeString(csv, Files.readString(csv).replace("3.png", "4.png"));
    Outcome outcome = evaluate(alone);
    assertEquals(2, outcome.code());
    assertEquals(
        "selvage: --split valid: expected the 4 photos of data, on which "
            + alone
            + " was trained, found 4 photos of data, with other names; --split all takes all photos,"
            + " --seed N a new split, which may have photos of the training\n",
        outcome.err());
    assertEquals(0, evaluate(alone, "--split", "all").code());
  }

  @Test
  void nameTheirClassesAndTakeTheirSettings() throws IOException {
    Path out = folder.resolve("out");
    Outcome outcome = predict(alone, out);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
    JsonNode first = new ObjectMapper().readTree(out.resolve("detections.json").toFile()).get(0);
    assertEquals("pants", first.get("category_name").asText());
    assertEquals(5, first.get("category_id").asInt());
    try (GarmentDetector detector = GarmentDetector.load(alone)) {
      assertEquals(List.of("shirt, blouse", "pants", "shoe"), detector.categories());
      assertEquals("pants", detector.detect(tiny.data.resolve("train/0.png")).get(0).category());
    }
  }

  private Outcome predict(Path file, Path out, String... more) {
    return TinyRun.call(
        Stream.concat(
                Stream.of(
                    "predict",
                    "--weights",
                    file.toString(),
                    "--images",
                    tiny.data.resolve("train").toString(),
                    "--out",
                    out.toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void optionsWinAndAContradictionIsSaid() {
    String config = tiny.run.resolve("config.json").toString();
    Outcome same = evaluate(alone, "--config", config);
    assertEquals("", same.err());
    Outcome other = evaluate(alone, "--config", config, "--set", "IMAGE_MAX_DIM=128");
    assertEquals(0, other.code(), other.err());
    assertEquals(
        "selvage: " + alone + " was trained with IMAGE_MAX_DIM=64, not 128\n", other.err());
    assertEquals("", evaluate(alone, "--set", "DETECTION_MIN_CONFIDENCE=0.5").err());
  }

  @Test
  void theSettingsOfAnotherRunNextToThemAreNotTaken() throws IOException {
    Path config = alone.resolveSibling("config.json");
    String json = Files.readString(tiny.run.resolve("config.json"));
    Files.writeString(
        config, json.replace("\"seed\" : 3", "\"seed\" : 4").replace(": 64", ": 128"));
    Outcome outcome = evaluate(alone);
    assertTrue(outcome.out().contains("1 photos of data (valid), 2 objects"), outcome.out());
    assertEquals(
        "selvage: "
            + config
            + " is of another run than "
            + alone
            + ", which has its own settings\n",
        outcome.err());
  }

  @Test
  void saysWhatIsAssumedWhereNothingIsKnown() throws IOException {
    String config = tiny.run.resolve("config.json").toString();
    Outcome scored = evaluate(bare, "--config", config, "--split", "all");
    assertEquals(0, scored.code(), scored.err());
    assertEquals(
        "selvage: "
            + bare
            + " does not say how it was trained: assumed the 3 categories of data, in their order\n",
        scored.err());
    Outcome predicted = predict(bare, folder.resolve("out"), "--config", config);
    assertEquals(
        "selvage: "
            + bare
            + " does not say how it was trained: assumed 3 categories, named class 1 to class 3\n",
        predicted.err());
    Outcome guessed = predict(bare, folder.resolve("out2"));
    assertEquals(2, guessed.code());
    assertTrue(
        guessed
            .err()
            .startsWith(
                "selvage: "
                    + bare
                    + " does not say how it was trained: assumed the settings of preset street"
                    + " (BACKBONE=resnet18, IMAGE_MAX_DIM=256), and 3 categories, named class 1 to"
                    + " class 3\n"),
        guessed.err());
  }

  @Test
  void aSplitThatCannotBeKnownIsRefused() {
    String config = tiny.run.resolve("config.json").toString();
    for (String part : List.of("valid", "train")) {
      Outcome outcome = evaluate(bare, "--config", config, "--split", part);
      assertEquals(2, outcome.code());
      assertEquals(
          "selvage: --split "
              + part
              + ": expected weights that say which photos were held out, found "
              + bare
              + ", which does not; --split all takes all photos, --seed N a new split, which may have"
              + " photos of the training\n",
          outcome.err());
    }
    Outcome anew = evaluate(bare, "--config", config, "--seed", "1");
    assertEquals(0, anew.code(), anew.err());
    assertTrue(anew.err().contains("photos that the weights were trained on"), anew.err());
  }

  @Test
  void refusesADatasetWithAnotherNumberOfClasses() throws IOException {
    Path labels = tiny.data.resolve("label_descriptions.json");
    Files.writeString(
        labels,
        Files.readString(labels)
            .replace("[\n", "[\n{\"id\": 1, \"name\": \"hat\", \"supercategory\": \"head\"},\n"));
    for (Path file : List.of(alone, bare, weights)) {
      Outcome outcome = evaluate(file, "--split", "all");
      assertEquals(2, outcome.code());
      assertEquals(
          "selvage: data: expected the 3 categories that the weights "
              + file
              + " were trained for, found 4\n",
          outcome.err());
    }
  }

  @Test
  void listsWhatTheFileSays() throws IOException {
    String out = TinyRun.call("weights", alone.toString()).out();
    assertTrue(out.contains("\ntrained on 4 photos of data, seed 3\n"), out);
    assertTrue(out.contains("\nclasses: shirt, blouse; pants; shoe\n"), out);
    assertTrue(out.contains("\n  IMAGE_MAX_DIM = 64\n"), out);
    assertFalse(out.contains("LEARNING_MOMENTUM"), out);
    JsonNode json =
        new ObjectMapper().readTree(TinyRun.call("weights", alone.toString(), "--json").out());
    assertEquals(64, json.at("/trained/IMAGE_MAX_DIM").asInt());
    assertEquals("shoe", json.at("/trained/about/categories/2/name").asText());
  }

  @Test
  void rewritingKeepsWhatTheFileSays() throws IOException {
    Path again = folder.resolve("again.h5");
    assertEquals(0, TinyRun.call("weights", alone.toString(), "--out", again.toString()).code());
    assertEquals(-1, Files.mismatch(alone, again));
  }

  @Test
  void namesBeyondAsciiSurvive() throws IOException {
    Path labels = tiny.data.resolve("label_descriptions.json");
    Files.writeString(labels, Files.readString(labels).replace("shoe", "sch\u00fche \uD83D\uDC5E"));
    save(alone, new Split(new int[] {0, 1, 3}, new int[] {2}));
    try (GarmentDetector detector = GarmentDetector.load(alone)) {
      assertEquals("sch\u00fche \uD83D\uDC5E", detector.categories().get(2));
    }
    assertEquals(Map.of(), KerasFile.origin(bare).texts());
  }
}
