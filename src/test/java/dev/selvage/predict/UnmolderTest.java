package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Rle;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnmolderTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Boxes, one of them empty after rounding, and masks as NumPy and scikit-image's resize lay them
   * onto the photo.
   */
  @Test
  void laysBoxesAndMasksAsMatterportDoes() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("unmold.json")) {
      JsonNode example = MAPPER.readTree(in);
      int[] window = MAPPER.convertValue(example.get("window"), int[].class);
      Molding molding =
          new Molding(
              example.get("moldedHeight").asInt(),
              example.get("moldedWidth").asInt(),
              window,
              example.get("height").asInt(),
              example.get("width").asInt());
      float[] boxes = MAPPER.convertValue(example.get("boxes"), float[].class);
      float[] masks = MAPPER.convertValue(example.get("masks"), float[].class);
      int count = boxes.length / 4;
      int[] ids = new int[count];
      float[] scores = new float[count];
      for (int i = 0; i < count; i++) {
        ids[i] = i + 1;
        scores[i] = 1 - 0.1f * i;
      }
      List<Detection> found =
          Unmolder.unmold(boxes, ids, scores, masks, example.get("side").asInt(), molding, 0.5);
      int at = 0;
      for (int i = 0; i < count; i++) {
        if (example.get("counts").get(i).isNull()) {
          continue;
        }
        Detection f = found.get(at++);
        assertEquals(i + 1, f.classId());
        assertEquals(scores[i], f.score());
        int[] pixels = MAPPER.convertValue(example.get("pixels").get(i), int[].class);
        double[] corners = {
          f.box().y(), f.box().x(), f.box().y() + f.box().height(), f.box().x() + f.box().width()
        };
        for (int k = 0; k < 4; k++) {
          assertEquals(pixels[k], corners[k], 0.5);
        }
        assertSamePixels(CocoRle.read(example.get("counts").get(i).asText(), 301, 199), f.mask());
      }
      assertEquals(at, found.size());
      assertEquals(count - 1, at);
    }
  }

  @Test
  void aFullMaskFillsItsBox() {
    float[] mask = new float[28 * 28];
    Arrays.fill(mask, 1);
    Molding molding = new Molding(64, 64, new int[] {0, 0, 64, 64}, 64, 64);
    float[] boxes = {10 / 63f, 20 / 63f, 29 / 63f, 49 / 63f};
    Detection found =
        Unmolder.unmold(boxes, new int[] {1}, new float[] {1}, mask, 28, molding, 0.5).get(0);
    Box box = found.box();
    double[] xywh = {box.x(), box.y(), box.width(), box.height()};
    assertArrayEquals(new double[] {20, 10, 30, 20}, xywh, 1e-5);
    assertArrayEquals(new int[] {10, 20, 30, 50}, found.mask().box());
    assertEquals(600, found.mask().area());
  }

  @Test
  void aPixelIsSetFromTheThresholdOn() {
    float[] mask = new float[28 * 28];
    Arrays.fill(mask, 0, 14 * 28, 0.4f); // the upper half
    Molding molding = new Molding(64, 64, new int[] {0, 0, 64, 64}, 64, 64);
    float[] boxes = {10 / 63f, 20 / 63f, 37 / 63f, 47 / 63f};
    double[] thresholds = {0.5, 0.3};
    int[] areas = {0, 14 * 28}; // a pixel is a cell of the mask here
    for (int i = 0; i < 2; i++) {
      Detection found =
          Unmolder.unmold(boxes, new int[] {1}, new float[] {1}, mask, 28, molding, thresholds[i])
              .get(0);
      assertEquals(areas[i], found.mask().area());
    }
  }

  /** Rounding may turn a pixel whose value is one half up to the last digit. */
  private static void assertSamePixels(Rle expected, Rle found) {
    int different = expected.area() + found.area() - 2 * expected.intersection(found);
    assertTrue(different <= 1, different + " pixels of " + expected.area() + " differ");
  }
}
