package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.run.RunFolder;
import dev.selvage.tensor.Tensor;
import dev.selvage.train.TinyDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  /** One short epoch. */
  private static final List<String> QUICK =
      List.of(
          "EPOCHS=1",
          "LRS=0.01",
          "LAYERS=all",
          "FLIPS=true",
          "STEPS_PER_EPOCH=1",
          "VALIDATION_STEPS=1");

  @TempDir Path dir;

  private Path data;
  private Path runs;

  @BeforeEach
  void makeData() throws IOException {
    data = TinyDataset.write(dir.resolve("tiny"), 6);
    runs = dir.resolve("runs");
  }

  @Test
  void trainsAndDescribesTheRun() throws IOException {
    long live = Tensor.live();
    Outcome outcome = train("--json", "--seed", "4");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(live, Tensor.live());
    JsonNode said = new ObjectMapper().readTree(outcome.out());
    Path run = Path.of(said.get("run").asText());
    assertTrue(run.getFileName().toString().matches("tiny\\d{8}T\\d{4}"), run.toString());
    assertTrue(said.get("complete").asBoolean());
    assertTrue(outcome.err().contains("epoch 1/1: loss "), outcome.err());
    assertFalse(outcome.err().contains("\r"), "a bar although stderr is no terminal");
    assertEquals(
        List.of(
            ".lock",
            "config.json",
            "events.out.tfevents",
            "log.csv",
            "mask_rcnn_tiny_0001.h5",
            "split.csv",
            "split.html",
            "state_0001.safetensors"),
        names(run).stream().map(name -> name.replaceAll("(tfevents).*", "$1")).toList());
    JsonNode about = new ObjectMapper().readTree(run.resolve("config.json").toFile()).get("about");
    assertEquals(4, about.get("seed").asInt());
    assertEquals("tiny", about.get("dataset").asText());
    assertEquals(7, about.get("categories").get(1).get("id").asInt());
  }

  @Test
  void continuesTheLastRunUnlessItIsToldToBeginANewOne() throws IOException {
    assertEquals(0, train().code());
    Outcome again = train("--set", "EPOCHS=2", "--weights", "none");
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("continued after epoch 1, step 0"), again.err());
    assertTrue(again.err().contains("--weights is for a new run"), again.err());
    assertEquals(1, names(runs).size());
    Outcome fresh = train("--new", "--weights", "last");
    assertEquals(0, fresh.code(), fresh.err());
    assertTrue(fresh.err().contains("loaded "), fresh.err());
    assertTrue(fresh.err().contains("_0002.h5"), fresh.err());
    assertEquals(2, names(runs).size());
    assertEquals(runs.resolve(names(runs).get(1)), RunFolder.last(runs, null).orElseThrow().dir());
    Outcome done = train();
    assertEquals(0, done.code(), done.err());
    assertTrue(done.out().contains("the run is complete"), done.out());
  }

  @Test
  void aSplitFileSaysWhichPhotosAreHeldOut() throws IOException {
    assertEquals(0, train("--seed", "4").code());
    RunFolder first = RunFolder.last(runs, null).orElseThrow();
    Path split = first.dir().resolve("split.csv");
    Outcome same = train("--new", "--seed", "5", "--split", split + "");
    assertEquals(0, same.code(), same.err());
    RunFolder second = RunFolder.last(runs, null).orElseThrow();
    assertEquals(Files.readString(split), Files.readString(second.dir().resolve("split.csv")));
    assertNotEquals(
        -1, Files.mismatch(first.checkpoint(1), second.checkpoint(1)), "the seed did nothing");
    Outcome both =
        TinyRun.call(
            "evaluate",
            "--data",
            data + "",
            "--weights",
            first.dir() + "",
            "--weights",
            second.dir() + "");
    assertEquals(0, both.code(), both.err());
    assertEquals(0, train("--new", "--seed", "5").code());
    Path other = RunFolder.last(runs, null).orElseThrow().dir().resolve("split.csv");
    assertNotEquals(Files.readString(split), Files.readString(other), "seed 5 has the same split");

    Path all = dir.resolve("all.csv");
    Files.writeString(all, Files.readString(split).replace(",valid", ",train"));
    Outcome none = train("--new", "--split", all + "");
    assertEquals(2, none.code());
    assertEquals(
        "selvage: %s: expected at least one photo to train on and one to hold out, found 6 and 0%n"
            .formatted(all),
        none.err());
    Outcome missing = train("--new", "--split", dir.resolve("no.csv") + "");
    assertEquals(2, missing.code());
    assertTrue(missing.err().contains("no.csv: expected a split, found no such file"));
    assertEquals(3, names(runs).size(), "a run that was refused left a folder");
  }

  @Test
  void weightsForOtherClassesLeaveTheHeads() throws IOException {
    assertEquals(0, train().code());
    Path h5 = RunFolder.last(runs, null).orElseThrow().checkpoint(1);
    Path other = TinyDataset.write(dir.resolve("other"), 6);
    Files.writeString(
        other.resolve("label_descriptions.json"),
        Files.readString(other.resolve("label_descriptions.json"))
            .replace("]}", ", {\"id\": 8, \"name\": \"hat\"}]}"));
    data = other;
    Outcome outcome = train("--new", "--weights", h5.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("skipped mrcnn_bbox_fc"), outcome.err());
    Outcome same = train();
    assertEquals(0, same.code(), same.err());
  }

  /** In a place of their own, where no config.json says it. */
  @Test
  void weightsThatWereTrainedWithOtherSettingsSaySo() throws IOException {
    assertEquals(0, train().code());
    Path h5 = dir.resolve("alone.h5");
    Files.copy(RunFolder.last(runs, null).orElseThrow().checkpoint(1), h5);
    Outcome same = train("--new", "--weights", h5 + "", "--set", "STEPS_PER_EPOCH=2");
    assertEquals(0, same.code(), same.err());
    assertFalse(same.err().contains("was trained with"), same.err());
    Outcome other =
        train(
            "--new",
            "--weights",
            h5 + "",
            "--set",
            "RPN_ANCHOR_SCALES=16,32,64,128,256",
            "--set",
            "MEAN_PIXEL=0,0,0");
    assertEquals(0, other.code(), other.err());
    String said =
        h5
            + " was trained with RPN_ANCHOR_SCALES=[8,16,32,64,128], not [16,32,64,128,256];"
            + " MEAN_PIXEL=[123.7,116.8,103.9], not [0.0,0.0,0.0]\n";
    assertTrue(other.err().contains(said), other.err());
    Outcome refused = train("--new", "--weights", h5 + "", "--set", "RPN_CHANNELS=32");
    assertEquals(2, refused.code());
    assertTrue(refused.err().startsWith(h5 + " was trained with RPN_CHANNELS=16, not 32\n"));
  }

  @Test
  void badInputIsOneSentence() throws IOException {
    assertRefused("train: unknown option --wieghts", "--wieghts", "none");
    assertRefused("the nearest known key is EPOCHS", "--set", "EPOCH=3");
    assertRefused("STEPS_PER_EPOCH must be a whole number", "--set", "STEPS_PER_EPOCH=many");
    assertRefused(
        "IMAGE_MAX_DIM must be a positive multiple of 64, found 100", "--set", "IMAGE_MAX_DIM=100");
    assertRefused(
        "--set: NUM_CLASSES must be 3, the 2 categories of tiny and the background, found 47",
        "--set",
        "NUM_CLASSES=47");
    assertRefused("--preset must be one of", "--preset", "stret");
    assertRefused("--weights: expected a weight file", "--weights", dir.resolve("w.h5").toString());
    assertRefused("--weights last: expected a run in", "--weights", "last");
    assertRefused("option --loaders: expected a whole number of at least 1", "--loaders", "0");
    assertRefused(
        "option --data: expected one value, found 2: " + data + ", elsewhere",
        "--data",
        "elsewhere");
    assertRefused(
        "--set: LEARNING_RATE must be the first of LRS where both are given, found 0.5 and [0.01]",
        "--set",
        "LEARNING_RATE=0.5");
    assertRefused("option --seed: expected a whole number", "--seed", "x");
    assertRefused("option --device: expected auto or cpu", "--device", "cuda");
    assertRefused(
        "DETECTION",
        "--config",
        Files.writeString(dir.resolve("c"), "{\"DETECTION\": 1}").toString());
    assertRefused("expected JSON", "--config", Files.writeString(dir.resolve("c"), "{").toString());
    Path damaged = Files.write(dir.resolve("damaged.h5"), new byte[100]);
    assertRefused("damaged.h5", "--weights", damaged.toString());
    Path file = Files.writeString(dir.resolve("file"), "");
    assertRefused("cannot be written", "--runs", file.toString());
    assertRefused("NAME must be part of a file's name", "--set", "NAME=../../x");
  }

  @Test
  void missingPhotosAreNamed() throws IOException {
    data = dir.resolve("none");
    assertRefused("--data: expected a folder with train.csv and train/, found no folder " + data);
    data = TinyDataset.write(dir.resolve("one"), 1);
    assertRefused(
        "VALIDATION_FRACTION: expected at least one photo to train on and one to hold out");
    data = TinyDataset.write(dir.resolve("empty"), 0);
    assertRefused("expected at least one photo, found none");
  }

  @Test
  void aNewRunDoesNotReplaceAnother() throws IOException {
    String mine = runs.resolve("mine").toString();
    assertEquals(0, trainIn("--run", mine).code());
    Outcome outcome = trainIn("--new", "--run", mine);
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("found one in"), outcome.err());
    // without a time in its name it is a run among others
    assertEquals(mine, RunFolder.last(runs, "tiny").orElseThrow().dir().toString());
    Outcome refused = train("--run", dir.resolve("elsewhere").toString());
    assertEquals(
        "selvage: option --runs has an effect only with --weights last or best where --run names"
            + " the run\n",
        refused.err());
    Outcome from = train("--run", dir.resolve("elsewhere").toString(), "--weights", "last");
    assertEquals(0, from.code(), from.err());
  }

  /** Exit code 2, one line on stderr, nothing written. */
  private void assertRefused(String expected, String... options) throws IOException {
    Outcome outcome = train(options);
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().startsWith("selvage: "), outcome.err());
    assertTrue(outcome.err().contains(expected), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertFalse(Files.exists(runs), "a refused run has left files");
  }

  private Outcome train(String... options) {
    return List.of(options).contains("--runs")
        ? trainIn(options)
        : trainIn(
            Stream.concat(Stream.of("--runs", runs.toString()), Stream.of(options))
                .toArray(String[]::new));
  }

  private Outcome trainIn(String... options) {
    List<String> line = new ArrayList<>(List.of("train", "--data", data.toString()));
    for (String setting : Stream.concat(TinyDataset.SETTINGS.stream(), QUICK.stream()).toList()) {
      line.addAll(List.of("--set", setting));
    }
    line.addAll(List.of(options)); // the last of an option given twice counts for --set
    return TinyRun.call(line.toArray(String[]::new));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
