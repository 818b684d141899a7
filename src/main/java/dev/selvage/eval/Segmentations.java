package dev.selvage.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.UserError;
import dev.selvage.geometry.CocoCounts;
import dev.selvage.geometry.Polygons;
import dev.selvage.geometry.Rle;
import java.util.ArrayList;
import java.util.List;

/**
 * COCO's three ways of writing a mask: polygons, run lengths as numbers, and run lengths compressed
 * into text.
 */
final class Segmentations {
  private static final String FIELD = "segmentation";

  private Segmentations() {}

  /** The entry's mask, which must have the photo's size. */
  static Rle read(JsonEntry entry, int height, int width) {
    JsonNode segmentation = entry.require(FIELD, "polygons or run lengths");
    if (segmentation.isArray()) {
      return polygons(entry, segmentation, height, width);
    }
    JsonNode size = segmentation.path("size");
    JsonNode counts = segmentation.path("counts");
    if (!size.isArray() || size.size() != 2 || !(counts.isTextual() || counts.isArray())) {
      throw entry.expected(
          FIELD, "polygons or {\"size\": [height, width], \"counts\": ...}", segmentation);
    }
    if (size.get(0).asInt() != height || size.get(1).asInt() != width) {
      throw entry.expected(
          "segmentation/size", "the photo's [%d, %d]".formatted(height, width), size);
    }
    try {
      return counts.isTextual()
          ? CocoCounts.read(counts.asText(), height, width)
          : new Rle(height, width, runs(entry, counts));
    } catch (UserError e) {
      throw new UserError(entry.where() + ": " + e.getMessage(), e);
    }
  }

  private static Rle polygons(JsonEntry entry, JsonNode list, int height, int width) {
    List<double[]> polygons = new ArrayList<>();
    for (JsonNode polygon : list) {
      polygons.add(entry.numbers(FIELD, polygon, 0));
    }
    try {
      return Polygons.rasterise(polygons, height, width);
    } catch (UserError e) {
      throw entry.wrong(e.getMessage());
    }
  }

  private static int[] runs(JsonEntry entry, JsonNode counts) {
    int[] runs = new int[counts.size()];
    for (int i = 0; i < runs.length; i++) {
      if (!counts.get(i).canConvertToInt() || !counts.get(i).isIntegralNumber()) {
        throw entry.expected("segmentation/counts", "whole numbers", counts.get(i));
      }
      runs[i] = counts.get(i).asInt();
    }
    return runs;
  }
}
