package dev.selvage.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarmentDetectorTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private Path weights;
  private Path photo;

  @BeforeEach
  void prepare() throws IOException {
    tiny = new TinyRun(folder);
    weights = tiny.run.resolve("mask_rcnn_tiny_0001.h5");
    photo = tiny.data.resolve("train/0.png");
  }

  @Test
  void findsWhatPredictWrites() throws IOException {
    long before = Tensor.live();
    List<Garment> garments;
    try (GarmentDetector detector = GarmentDetector.load(weights)) {
      assertEquals(List.of("shirt, blouse", "pants", "shoe"), detector.categories());
      garments = detector.detect(photo);
    }
    assertEquals(before, Tensor.live());
    JsonNode results = predict();
    assertTrue(results.size() > 1, results::toString);
    assertEquals(results.size(), garments.size());
    for (int i = 0; i < results.size(); i++) {
      JsonNode expected = results.get(i);
      Garment garment = garments.get(i);
      assertEquals(expected.get("category_name").asText(), garment.category());
      assertEquals(expected.get("score").asDouble(), garment.score(), 1e-6);
      assertEquals(expected.get("bbox").get(0).asDouble(), garment.box().x(), 1e-2);
      assertEquals(expected.get("bbox").get(1).asDouble(), garment.box().y(), 1e-2);
      assertEquals(expected.get("bbox").get(2).asDouble(), garment.box().width(), 1e-2);
      assertEquals(expected.get("bbox").get(3).asDouble(), garment.box().height(), 1e-2);
      JsonNode mask = expected.get("segmentation");
      assertEquals(mask.get("size").get(0).asInt(), garment.mask().height());
      assertEquals(mask.get("size").get(1).asInt(), garment.mask().width());
      assertEquals(mask.get("counts").asText(), garment.mask().toCocoCounts());
    }
  }

  @Test
  void aMasksImageIsWhiteWhereTheGarmentIs() {
    List<Garment> garments;
    try (GarmentDetector detector = GarmentDetector.load(tiny.run)) {
      garments = detector.detect(photo);
    }
    Garment garment = garments.get(0);
    BufferedImage image = garment.mask().toImage();
    int white = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int value = image.getRaster().getSample(x, y, 0);
        assertTrue(value == 0 || value == 255);
        if (value == 255) {
          white++;
          // the mask lies in the box rounded to whole pixels
          assertTrue(x >= garment.box().x() - 0.5 && y >= garment.box().y() - 0.5);
          assertTrue(x <= garment.box().x() + garment.box().width() + 0.5);
          assertTrue(y <= garment.box().y() + garment.box().height() + 0.5);
        }
      }
    }
    assertEquals(70, image.getWidth());
    assertEquals(50, image.getHeight());
    assertTrue(white > 0);
    assertEquals(garment.mask().area(), white);
  }

  @Test
  void leavesOutLowerScores() {
    List<Garment> all;
    try (GarmentDetector detector = GarmentDetector.load(weights)) {
      all = detector.detect(photo);
    }
    double best = all.get(0).score();
    double last = all.get(all.size() - 1).score();
    assertTrue(last < best);
    double limit = (best + last) / 2;
    try (GarmentDetector detector = GarmentDetector.builder().minScore(limit).load(weights)) {
      List<Garment> sure = detector.detect(photo);
      assertEquals(
          all.stream().filter(g -> g.score() >= limit).map(Garment::score).toList(),
          sure.stream().map(Garment::score).toList());
    }
  }

  @Test
  void anyThreadMayCall() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try (GarmentDetector detector = GarmentDetector.builder().threads(2).load(weights)) {
      List<Double> expected = detector.detect(photo).stream().map(Garment::score).toList();
      List<Future<List<Garment>>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        calls.add(callers.submit(() -> detector.detect(photo)));
      }
      for (Future<List<Garment>> call : calls) {
        assertEquals(expected, call.get().stream().map(Garment::score).toList());
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void anInterruptedCallerGetsItsResultAndStaysInterrupted() {
    try (GarmentDetector detector = GarmentDetector.load(weights)) {
      Thread.currentThread().interrupt();
      List<Garment> garments = detector.detect(photo);
      assertTrue(Thread.interrupted());
      assertFalse(garments.isEmpty());
    }
  }

  @Test
  void aClosedDetectorRefuses() {
    GarmentDetector detector = GarmentDetector.load(weights);
    detector.close();
    detector.close();
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> detector.detect(photo));
    assertEquals("the detector is closed", e.getMessage());
  }

  @Test
  void takesSettingsFromElsewhere() throws IOException {
    Path alone = Files.createDirectory(folder.resolve("alone")).resolve("model.h5");
    Files.copy(weights, alone);
    String message = assertThrows(UserError.class, () -> GarmentDetector.load(alone)).getMessage();
    assertTrue(message.contains("config.json"), message);
    Path config = tiny.run.resolve("config.json");
    try (GarmentDetector detector = GarmentDetector.builder().config(config).load(alone)) {
      assertEquals(List.of("class 1", "class 2", "class 3"), detector.categories());
      assertEquals("class 2", detector.detect(photo).get(0).category());
    }
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    long before = Tensor.live();
    assertRefused("nowhere.h5", () -> GarmentDetector.load(Path.of("nowhere.h5")));
    assertRefused("config.json", () -> GarmentDetector.load(tiny.data));
    assertRefused(
        "NUM_CLASSES", () -> GarmentDetector.builder().set("NUM_CLASSES", "9").load(weights));
    assertRefused(
        "IMAGE_RESIZE_MODE",
        () -> GarmentDetector.builder().set("IMAGE_RESIZE_MODE", "crop").load(weights));
    Path text = Files.writeString(folder.resolve("text.jpg"), "no photo");
    try (GarmentDetector detector = GarmentDetector.load(weights)) {
      assertRefused("text.jpg", () -> detector.detect(text));
      assertRefused("absent.jpg", () -> detector.detect(folder.resolve("absent.jpg")));
    }
    assertThrows(IllegalArgumentException.class, () -> GarmentDetector.builder().threads(0));
    assertEquals(before, Tensor.live());
  }

  private static void assertRefused(String named, Runnable call) {
    String message = assertThrows(UserError.class, call::run).getMessage();
    assertTrue(message.contains(named), message);
    assertEquals(Collections.frequency(message.chars().boxed().toList(), (int) '\n'), 0);
  }

  private JsonNode predict() throws IOException {
    Path out = folder.resolve("out");
    TinyRun.Outcome outcome =
        TinyRun.call(
            "predict",
            "--weights",
            weights.toString(),
            "--images",
            photo.toString(),
            "--out",
            out.toString(),
            "--no-pictures");
    assertEquals(0, outcome.code(), outcome.err());
    return new ObjectMapper().readTree(out.resolve("detections.json").toFile());
  }
}
