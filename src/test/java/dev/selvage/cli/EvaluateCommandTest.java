package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir Path folder;

  @Test
  void scoresAModelAndDrawsSamples() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    long before = Tensor.live();
    Outcome outcome =
        TinyRun.call(
            "evaluate",
            "--data",
            tiny.data.toString(),
            "--weights",
            tiny.run.toString(),
            "--split",
            "all",
            "--samples",
            "2",
            "--report",
            folder.resolve("report").toString(),
            "--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(before, Tensor.live());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertEquals(12, json.get("bbox").get("stats").size());
    assertEquals(3, json.get("segm").get("per_category_ap").size());
    assertTrue(json.get("segm").get("per_category_ap").get("3").isNull());
    assertEquals(4, json.get("photos").asInt());
    assertEquals(8, json.get("objects").asInt());
    assertEquals(6, json.get("tide").get("segm").get("main").size());
    assertTrue(json.has("kaggle2019") && json.has("boundary"), outcome.out());
    assertTrue(Files.readString(folder.resolve("report/report.html")).contains("mask_rcnn_tiny"));
    assertEquals(5, Files.readAllLines(folder.resolve("report/photos.csv")).size());
    try (Stream<Path> pictures = Files.list(folder.resolve("report/photos"))) {
      assertEquals(4, pictures.count());
    }
    try (Stream<Path> pictures = Files.list(tiny.run.resolve("pictures"))) {
      assertEquals(2, pictures.count());
    }
  }

  @Test
  void takesTheRunsOwnSplitUnlessToldOtherwise() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    String[] call = {"evaluate", "--data", tiny.data.toString(), "--weights", tiny.run.toString()};
    Outcome people = TinyRun.call(call);
    assertEquals(0, people.code(), people.err());
    assertTrue(people.out().contains("2 photos of data (valid), 4 objects"), people.out());
    assertTrue(people.out().contains("shoe"), people.out());
    Files.writeString(
        tiny.run.resolve("split.csv"),
        "ImageId,Part\n0.png,train\n1.png,valid\n2.png,train\n3.png,train\n");
    Outcome written = TinyRun.call(call);
    assertTrue(written.out().contains("1 photos of data (valid), 2 objects"), written.out());
    for (String[] another : new String[][] {{"--seed", "3"}, {"--set", "FOLD=1"}}) {
      Outcome anew = TinyRun.call(with(call, another));
      assertTrue(anew.out().contains("2 photos of data (valid), 4 objects"), anew.out());
    }
    Files.writeString(tiny.run.resolve("split.csv"), "ImageId,Part\nother.png,train\n");
    Outcome note = TinyRun.call(call);
    assertEquals(0, note.code(), note.err());
    assertTrue(
        note.err().contains("--split valid is a new split, not that of their training"),
        note.err());
    Files.writeString(tiny.run.resolve("split.csv"), "ImageId\n");
    Outcome damaged = TinyRun.call(call);
    assertEquals(2, damaged.code());
    assertTrue(damaged.err().contains("split.csv line 1: expected columns"), damaged.err());
  }

  private static String[] with(String[] call, String... more) {
    return Stream.concat(Stream.of(call), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void theBestEpochIsThatOfTraining() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    String[] call = {
      "evaluate",
      "--data",
      tiny.data.toString(),
      "--runs",
      tiny.runs.toString(),
      "--weights",
      "best"
    };
    Outcome none = TinyRun.call(call);
    assertEquals(2, none.code());
    assertTrue(none.err().contains("--weights best: expected "), none.err());
    Files.copy(
        tiny.run.resolve("mask_rcnn_tiny_0001.h5"), tiny.run.resolve("mask_rcnn_tiny_best.h5"));
    Outcome outcome = TinyRun.call(call);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("mask_rcnn_tiny_best.h5 on 2 photos"), outcome.out());
  }

  @Test
  void refusesADatasetWithOtherCategories() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    Path labels = tiny.data.resolve("label_descriptions.json");
    Files.writeString(labels, Files.readString(labels).replace("pants", "tights"));
    Outcome outcome =
        TinyRun.call("evaluate", "--data", tiny.data.toString(), "--weights", tiny.run.toString());
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("pants") && outcome.err().contains("tights"), outcome.err());
  }

  @Test
  void scoresFilesWithoutAModel() throws IOException {
    Path truth = folder.resolve("truth.json");
    Path results = folder.resolve("results.json");
    Files.writeString(
        truth,
        """
        {"images": [{"id": 7, "height": 20, "width": 30}],
         "categories": [{"id": 1, "name": "hat"}],
         "annotations": [{"id": 1, "image_id": 7, "category_id": 1, "iscrowd": 0, "area": 100,
           "bbox": [5, 5, 10, 10], "segmentation": [[5, 5, 15, 5, 15, 15, 5, 15]]}]}
        """);
    Files.writeString(
        results,
        """
        [{"image_id": 7, "category_id": 1, "score": 0.9, "bbox": [5, 5, 10, 10]}]
        """);
    String[] call = {
      "evaluate", "--truth", truth.toString(), "--detections", results.toString(), "--json"
    };
    Outcome outcome = TinyRun.call(call);
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    assertEquals(
        List.of(
            "bbox",
            "segm",
            "tide",
            "boundary",
            "kaggle2019",
            "confusion",
            "curves",
            "ap_by",
            "calibration"),
        names);
    assertEquals(1.0, json.get("kaggle2019").asDouble(), 1e-12);
    assertEquals(1.0, json.get("bbox").get("stats").get(0).asDouble(), 1e-12);
    assertEquals(1.0, json.get("segm").get("per_category_ap").get("1").asDouble(), 1e-12);
    Files.writeString(truth, Files.readString(truth).replaceAll(", \"segmentation.*]]", ""));
    outcome = TinyRun.call(call);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("has boxes and no masks"), outcome.err());
    json = new ObjectMapper().readTree(outcome.out());
    assertEquals(1.0, json.get("bbox").get("stats").get(0).asDouble(), 1e-12);
    for (String name : List.of("segm", "boundary", "kaggle2019")) {
      assertFalse(json.has(name), name);
    }
    assertFalse(json.get("tide").has("segm"));
    outcome = TinyRun.call(Arrays.copyOf(call, call.length - 1));
    assertTrue(outcome.out().contains("hat          1    1.000    1.000\n"), outcome.out());
    assertFalse(outcome.out().contains("mask"), outcome.out());
  }

  @Test
  void namesWrongOptions() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    String data = tiny.data.toString();
    String run = tiny.run.toString();
    assertRefused("--data", "--weights", run);
    assertRefused("--weights", "--data", data);
    assertRefused("--split", "--data", data, "--weights", run, "--split", "test");
    assertRefused("--min-score", "--data", data, "--weights", run, "--min-score", "2");
    assertRefused("--match-iou", "--data", data, "--weights", run, "--match-iou", "0");
    assertRefused("--match-score", "--data", data, "--weights", run, "--match-score", "x");
    assertRefused("--samples", "--data", data, "--weights", run, "--samples", "some");
    assertRefused("--detections", "--truth", run);
    assertRefused("--data", "--truth", run, "--detections", run, "--data", data);
    assertRefused("--threads", "--truth", run, "--detections", run, "--threads", "2");
    assertRefused("--seed", "--data", data, "--weights", run, "--split", "all", "--seed", "2");
    assertRefused("--runs", "--data", data, "--weights", run, "--runs", folder.toString());
    assertRefused("IMAGE_MAX_DIM", "--data", data, "--weights", run, "--set", "IMAGE_MAX_DIM=100");
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused("--out", "--data", data, "--weights", run, "--out", file.toString());
  }

  private static void assertRefused(String named, String... options) {
    Outcome outcome =
        TinyRun.call(
            Stream.concat(Stream.of("evaluate"), Stream.of(options)).toArray(String[]::new));
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(named), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
  }
}
