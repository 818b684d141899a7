package dev.selvage.coco;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.mask.PixelOutline;
import dev.selvage.mask.Rle;

/** One detection in COCO's results format, with the category's name next to its id. */
public final class DetectionJson {
  /** How a mask is written. */
  public enum Segmentation {
    /** As run lengths, compressed into text. */
    RLE,
    /**
     * As outlines along the edges of pixels; COCO's polygons have no holes, so these are filled.
     */
    POLYGONS,
    /** Not at all. */
    NONE
  }

  private DetectionJson() {}

  /** The keys category_id, category_name, score, bbox and segmentation. */
  public static ObjectNode of(Detection found, Category category, Segmentation form) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("category_id", category.id());
    node.put("category_name", category.name());
    // the model's scores are floats, of which the shortest decimals are written
    node.put("score", (float) found.score());
    Box box = found.box();
    node.putArray("bbox").add(box.x()).add(box.y()).add(box.width()).add(box.height());
    switch (form) {
      case RLE -> node.set("segmentation", CocoSegmentation.toJson(found.mask(), true));
      case POLYGONS -> node.set("segmentation", polygons(found.mask()));
      case NONE -> {}
    }
    return node;
  }

  private static ArrayNode polygons(Rle mask) {
    ArrayNode polygons = JsonNodeFactory.instance.arrayNode();
    for (double[] ring : PixelOutline.rings(mask, false)) {
      ArrayNode polygon = polygons.addArray();
      for (double coordinate : ring) {
        polygon.add((int) coordinate);
      }
    }
    return polygons;
  }
}
