package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.predict.RawFile;
import dev.selvage.predict.View;
import dev.selvage.util.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneCommandTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static TinyRun tiny;
  private static Path photos;
  private static Path weights;

  /** Twelve other photos than those of the run, with objects that its weights find by chance. */
  @BeforeAll
  static void makeRun() throws IOException {
    tiny = new TinyRun(shared);
    weights = tiny.run.resolve("mask_rcnn_tiny_0001.h5");
    photos = Files.createDirectories(shared.resolve("others"));
    Files.createDirectory(photos.resolve("train"));
    Files.copy(
        tiny.data.resolve("label_descriptions.json"), photos.resolve("label_descriptions.json"));
    StringBuilder csv = new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");
    for (int i = 0; i < 12; i++) {
      TinyRun.photo(photos.resolve("train/p%02d.png".formatted(i)), 20 * i);
      csv.append("p%02d.png,1 2000,50,70,5\n".formatted(i));
    }
    Files.writeString(photos.resolve("train.csv"), csv);
  }

  @Test
  void writesSettingsThatTheOtherCommandsTake() throws IOException {
    Path out = folder.resolve("t.json");
    Path raw = folder.resolve("t.raw");
    String[] tune = tune("--raw", raw.toString(), "--out", out.toString());
    Outcome outcome = TinyRun.call(tune);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains(" tuned (-"), outcome.out());
    assertTrue(Files.readString(folder.resolve("t.svg")).contains("one lowest score"));
    byte[] first = Files.readAllBytes(out);

    // again, from the raw detections
    byte[] said = Files.readAllBytes(raw);
    String[] json = tune("--raw", raw.toString(), "--out", out.toString(), "--json");
    Outcome again = TinyRun.call(json);
    assertEquals(0, again.code(), again.err());
    assertArrayEquals(said, Files.readAllBytes(raw));
    assertArrayEquals(first, Files.readAllBytes(out));
    JsonNode tuned = new ObjectMapper().readTree(again.out()).get("tuned");
    assertTrue(tuned.get("expected").asDouble() < tuned.get("before").asDouble());

    Outcome evaluated =
        TinyRun.call(
            "evaluate",
            "--data",
            photos.toString(),
            "--weights",
            weights.toString(),
            "--split",
            "all",
            "--tuned",
            out.toString(),
            "--json");
    assertEquals(0, evaluated.code(), evaluated.err());

    // the settings are so strict that nothing is left; a user may change them
    Files.writeString(
        out, Files.readString(out).replaceAll("\"score\" : [0-9.]+", "\"score\" : 0.4"));
    Path found = folder.resolve("found");
    Outcome predicted =
        TinyRun.call(
            "predict",
            "--images",
            photos.resolve("train").toString(),
            "--weights",
            weights.toString(),
            "--tuned",
            out.toString(),
            "--out",
            found.toString(),
            "--no-pictures");
    assertEquals(0, predicted.code(), predicted.err());
    JsonNode detections = new ObjectMapper().readTree(found.resolve("detections.json").toFile());
    assertTrue(detections.size() > 0);
    for (JsonNode d : detections) {
      assertTrue(d.get("score").asDouble() >= 0.4, d::toString);
    }
  }

  /** The table begins with the model without views, whose raw detections are kept as well. */
  @Test
  void saysWhatViewsGive() throws IOException {
    Path raw = folder.resolve("v.raw");
    Path out = folder.resolve("v.json");
    Outcome outcome =
        TinyRun.call(
            tune("--raw", raw.toString(), "--out", out.toString(), "--views", "flip", "--json"));
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode root = new ObjectMapper().readTree(outcome.out());
    assertEquals("settings of the model", root.at("/steps/0/part").asText());
    assertEquals("views", root.at("/steps/1/part").asText());
    assertEquals(root.at("/steps/0/value"), root.at("/tuned/before"));

    // without views, from what was kept
    String kept = raw + "." + ContentHash.of(weights).substring(0, 8);
    assertTrue(Files.exists(Path.of(kept)));
    Outcome plain = TinyRun.call(tune("--raw", kept, "--out", out.toString(), "--json"));
    assertEquals(0, plain.code(), plain.err());
    JsonNode alone = new ObjectMapper().readTree(plain.out());
    assertEquals(root.at("/steps/0"), alone.at("/steps/0"));
    assertFalse(alone.get("steps").findValuesAsText("part").contains("views"), plain.out());
  }

  @Test
  void keepsViewsApartNextToTheWeights() {
    Path file = Path.of("/runs/a/w.h5");
    assertEquals(
        Path.of("/runs/a/w.valid.raw"), RawFile.nextTo(file, "w", "valid", List.of(View.PLAIN)));
    assertEquals(
        Path.of("/runs/a/w.valid.flip+0.8.raw"),
        RawFile.nextTo(file, "w", "valid", View.parse("flip,0.8")));
  }

  /** From raw detections come the numbers that the model gives anew. */
  @Test
  void evaluatesWhatWasKept() throws IOException {
    Path raw = folder.resolve("e.raw");
    String[] anew = {
      "evaluate",
      "--data",
      tiny.data.toString(),
      "--weights",
      weights.toString(),
      "--split",
      "all",
      "--json"
    };
    String[] kept = Arrays.copyOf(anew, anew.length + 2);
    kept[anew.length] = "--raw";
    kept[anew.length + 1] = raw.toString();
    String expected = withoutTime(TinyRun.call(anew));
    assertEquals(expected, withoutTime(TinyRun.call(kept)));
    byte[] said = Files.readAllBytes(raw);
    assertEquals(expected, withoutTime(TinyRun.call(kept)));
    assertArrayEquals(said, Files.readAllBytes(raw));
  }

  private static String withoutTime(Outcome outcome) {
    assertEquals(0, outcome.code(), outcome.err());
    return outcome.out().replaceAll("\"seconds\" : [0-9.E-]+", "");
  }

  @Test
  void submitsWithWhatIsExpected() throws IOException {
    Path out = folder.resolve("t.json");
    assertEquals(
        0,
        TinyRun.call(tune("--raw", folder.resolve("r").toString(), "--out", out.toString()))
            .code());
    Path test = Files.createDirectories(folder.resolve("kaggle/test")).getParent();
    Files.copy(photos.resolve("label_descriptions.json"), test.resolve("label_descriptions.json"));
    TinyRun.photo(test.resolve("test/x.png"), 80);
    Files.writeString(
        test.resolve("sample_submission.csv"),
        "ImageId,EncodedPixels,ClassId,AttributesIds\nx.png,1 1,3,\n");
    Path csv = folder.resolve("s.csv");
    Outcome outcome =
        TinyRun.call(
            "submit",
            "--data",
            test.toString(),
            "--weights",
            weights.toString(),
            "--tuned",
            out.toString(),
            "--layout",
            "2020",
            "--out",
            csv.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("expected cost: "), outcome.out());
    List<String> lines = Files.readAllLines(csv);
    assertEquals("ImageId,EncodedPixels,ClassId,AttributesIds", lines.get(0));
    assertTrue(lines.size() > 1);
    lines.subList(1, lines.size()).forEach(l -> assertTrue(l.matches("x.png,[0-9 ]+,[359],"), l));
  }

  @Test
  void refusesPhotosOfTheTraining() {
    Path data = tiny.data;
    Outcome outcome =
        TinyRun.call(
            "tune", "--data", data.toString(), "--weights", weights.toString(), "--split", "all");
    assertEquals(2, outcome.code());
    assertTrue(
        outcome.err().contains("was not trained on, found 2 of 4 that it was; --allow-seen"),
        outcome.err());
    Outcome few =
        TinyRun.call(
            "tune",
            "--data",
            data.toString(),
            "--weights",
            weights.toString(),
            "--split",
            "all",
            "--allow-seen",
            "--raw",
            folder.resolve("few.raw").toString());
    assertEquals(2, few.code());
    assertTrue(few.err().contains("expected at least 10 photos to tune on, found 4"), few.err());
  }

  @Test
  void refusesWhatItCannotUse() throws IOException {
    assertRefused(
        "option --cost has an effect only with --measure cost", "--measure", "f1", "--cost", "1,2");
    assertRefused("expected two numbers of at least 0", "--measure", "cost", "--cost", "1,-2");
    assertRefused("option --measure: expected kaggle, f1, ap50, cost", "--measure", "ap");
    Path other = Files.writeString(folder.resolve("o.raw"), "something else");
    assertRefused("expected raw detections that", "--raw", other.toString());
    Outcome outcome =
        TinyRun.call(
            "predict",
            "--images",
            photos.resolve("train").toString(),
            "--weights",
            weights.toString(),
            "--tuned",
            other.toString(),
            "--out",
            folder.toString());
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("expected JSON that `tune` wrote"), outcome.err());
    Outcome both =
        TinyRun.call(
            "evaluate",
            "--data",
            photos.toString(),
            "--weights",
            weights.toString(),
            "--split",
            "all",
            "--tuned",
            folder.resolve("none").toString(),
            "--min-score",
            "0.1");
    assertEquals(2, both.code());
    assertFalse(Files.exists(folder.resolve("t.json")));
  }

  private void assertRefused(String part, String... options) {
    Outcome outcome = TinyRun.call(tune(options));
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains(part), outcome.err());
  }

  private static String[] tune(String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "tune",
                "--data",
                photos.toString(),
                "--weights",
                weights.toString(),
                "--split",
                "all"));
    if (!List.of(options).contains("--measure")) {
      words.addAll(List.of("--measure", "cost")); // wrong objects cost, and these weights find many
    }
    words.addAll(List.of(options));
    return words.toArray(String[]::new);
  }
}
