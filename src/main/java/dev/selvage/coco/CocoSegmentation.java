package dev.selvage.coco;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Box;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Polygons;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * COCO's three ways of writing a mask: polygons, run lengths as numbers, and run lengths compressed
 * into text.
 *
 * @param polygons each flat x1,y1,x2,y2,... in pixels; null for run lengths
 * @param runs null for polygons
 */
public record CocoSegmentation(List<double[]> polygons, Rle runs) {
  private static final int SHOWN = 60;

  /**
   * Reads the value of an entry's "segmentation".
   *
   * @throws UserError it is no mask
   */
  public static CocoSegmentation of(JsonNode node) {
    return node.isArray()
        ? new CocoSegmentation(polygons(node), null)
        : new CocoSegmentation(null, runs(node));
  }

  /** The area of a box, its corners in pixels of the photo. */
  public static CocoSegmentation of(Box box) {
    double right = box.x() + box.width();
    double bottom = box.y() + box.height();
    return new CocoSegmentation(
        List.of(new double[] {box.x(), box.y(), box.x(), bottom, right, bottom, right, box.y()}),
        null);
  }

  private static List<double[]> polygons(JsonNode node) {
    List<double[]> polygons = new ArrayList<>(node.size());
    JsonNode line = null;
    for (JsonNode list : node) {
      if (!list.isArray() || list.size() % 2 != 0) {
        throw expected("a polygon of at least 3 points x, y", list);
      }
      double[] polygon = new double[list.size()];
      for (int i = 0; i < polygon.length; i++) {
        if (!list.get(i).isNumber() || !Double.isFinite(list.get(i).asDouble())) {
          throw expected("numbers", list.get(i));
        }
        polygon[i] = list.get(i).asDouble();
      }
      if (polygon.length < 6) {
        line = list; // a point or a line has no area, so it adds nothing to other polygons
      } else {
        polygons.add(polygon);
      }
    }
    if (polygons.isEmpty() && line != null) {
      throw expected("a polygon of at least 3 points x, y", line);
    }
    if (polygons.isEmpty()) {
      throw expected("at least one polygon, or run lengths", node);
    }
    return polygons;
  }

  private static Rle runs(JsonNode node) {
    JsonNode size = node.path("size");
    JsonNode counts = node.path("counts");
    if (size.size() != 2
        || !size.path(0).canConvertToInt()
        || !size.path(1).canConvertToInt()
        || !(counts.isTextual() || counts.isArray())) {
      throw expected("polygons or {\"size\": [height, width], \"counts\": ...}", node);
    }
    int height = size.get(0).asInt();
    int width = size.get(1).asInt();
    if (counts.isTextual()) {
      return CocoRle.read(counts.textValue(), height, width);
    }
    int[] runs = new int[counts.size()];
    for (int i = 0; i < runs.length; i++) {
      if (!counts.get(i).isIntegralNumber() || !counts.get(i).canConvertToInt()) {
        throw expected("counts of whole numbers", counts.get(i));
      }
      runs[i] = counts.get(i).intValue();
    }
    return new Rle(height, width, withLastRun(runs, (long) height * width));
  }

  /**
   * The run lengths, with the last run of zeros where it is missing: some programs leave it out,
   * and pycocotools reads what they write.
   */
  private static int[] withLastRun(int[] runs, long pixels) {
    long sum = Arrays.stream(runs).asLongStream().sum();
    boolean endsInOnes = runs.length > 0 && runs.length % 2 == 0;
    if (!endsInOnes || sum >= pixels || pixels > Integer.MAX_VALUE) {
      return runs;
    }
    int[] whole = Arrays.copyOf(runs, runs.length + 1);
    whole[runs.length] = (int) (pixels - sum);
    return whole;
  }

  private static UserError expected(String wanted, JsonNode found) {
    String text = found.toString();
    return new UserError(
        "segmentation must be %s, found %s"
            .formatted(wanted, text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text));
  }

  /** What is needed to decide whether this is a mask of a photo. */
  public Extent extent() {
    if (runs != null) {
      return new Extent(runs.height(), runs.width(), 0);
    }
    double reach = 0;
    for (double[] polygon : polygons) {
      for (double coordinate : polygon) {
        reach = Math.max(reach, Math.abs(coordinate));
      }
    }
    return new Extent(-1, -1, reach);
  }

  /**
   * Size of a mask.
   *
   * @param height of its run lengths; -1 for polygons
   * @param width of its run lengths; -1 for polygons
   * @param reach the largest absolute coordinate of its polygons; 0 for run lengths
   */
  public record Extent(int height, int width, double reach) {
    /**
     * Checks that a mask of this extent can be one of a photo.
     *
     * @throws UserError its size is another one, or its polygons reach far outside the photo
     */
    public void requireFit(int photoHeight, int photoWidth) {
      if (height >= 0 && (height != photoHeight || width != photoWidth)) {
        throw new UserError(
            "segmentation size [height,width] must be the photo's [%s,%s], found [%s,%s]"
                .formatted(photoHeight, photoWidth, height, width));
      }
      // the time to draw an outline grows with its length, so it must not reach far outside
      double most = Math.min(2.0 * Math.max(photoHeight, photoWidth), Polygons.FARTHEST);
      if (reach > most) {
        throw new UserError(
            "a polygon's coordinates must lie in or near the photo of %s x %s (height x width), found %s"
                .formatted(photoHeight, photoWidth, reach));
      }
    }
  }

  /**
   * The mask in a photo of this size.
   *
   * @throws UserError as {@link Extent#requireFit} does
   */
  public Rle mask(int height, int width) {
    extent().requireFit(height, width);
    return runs != null ? runs : Polygons.rasterise(polygons, height, width);
  }

  /**
   * A mask as the value of an entry's "segmentation": {"size": [height, width], "counts": ...}.
   *
   * @param compressed whether the run lengths become a string, as pycocotools writes them, or a
   *     list of numbers
   */
  public static ObjectNode toJson(Rle mask, boolean compressed) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.putArray("size").add(mask.height()).add(mask.width());
    if (compressed) {
      node.put("counts", CocoRle.write(mask));
    } else {
      ArrayNode counts = node.putArray("counts");
      for (int count : mask.counts()) {
        counts.add(count);
      }
    }
    return node;
  }
}
