package dev.selvage.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolygonsTest {
  /**
   * Random polygons, some reaching outside the photo, with what pycocotools' frPyObjects and merge
   * make of them.
   */
  @Test
  void rasterisesAsCocoDoes() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    try (InputStream in = getClass().getResourceAsStream("polygons.json")) {
      for (JsonNode example : mapper.readTree(in)) {
        int height = example.get("size").get(0).asInt();
        int width = example.get("size").get(1).asInt();
        List<double[]> polygons = new ArrayList<>();
        for (JsonNode polygon : example.get("polygons")) {
          polygons.add(mapper.convertValue(polygon, double[].class));
        }
        Rle mask = Polygons.rasterise(polygons, height, width);
        assertEquals(example.get("counts").asText(), CocoRle.write(mask));
        assertEquals(example.get("area").asInt(), mask.area());
        int[] box = mask.box();
        int[] xywh = {box[1], box[0], box[3] - box[1], box[2] - box[0]};
        assertArrayEquals(mapper.convertValue(example.get("bbox"), int[].class), xywh);
      }
    }
  }

  @Test
  void aSquareCoversItsPixels() {
    Rle mask = Polygons.rasterise(List.of(new double[] {1, 1, 4, 1, 4, 3, 1, 3}), 5, 6);
    assertEquals(6, mask.area());
    assertArrayEquals(new int[] {1, 1, 3, 4}, mask.box());
  }
}
