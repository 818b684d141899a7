package dev.selvage.coco;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.mask.Polygons;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads files in COCO's results format. */
public final class CocoResults {
  private CocoResults() {}

  /**
   * Reads the detections on the images of an annotation file. As in pycocotools, a result without
   * segmentation gets its box as mask, and one without bbox the box and the area of its mask.
   *
   * @return by image id, for each image that has any, in the file's order
   * @throws UserError with file, line, what was expected and what was found
   */
  public static Map<Long, List<Detection>> read(Path file, CocoAnnotations truth) {
    Map<Long, CocoImage> images = new HashMap<>();
    truth.images().forEach(image -> images.put(image.id(), image));
    Map<Long, List<Detection>> detections = new HashMap<>();
    try (CocoReader reader = CocoReader.ofResults(file)) {
      for (CocoEntry entry = reader.nextEntry(); entry != null; entry = reader.nextEntry()) {
        try {
          long imageId = entry.fields().integer("image_id");
          Detection detection = detection(entry.fields(), images.get(imageId), truth);
          detections.computeIfAbsent(imageId, id -> new ArrayList<>()).add(detection);
        } catch (UserError e) {
          throw new UserError("%s %s: %s".formatted(file, entry.place(), e.getMessage()), e);
        }
      }
    }
    return detections;
  }

  private static Detection detection(JsonFields fields, CocoImage image, CocoAnnotations truth) {
    if (image == null) {
      throw new UserError(CocoAnnotations.noImage(fields.integer("image_id")));
    }
    int categoryId = fields.smallInteger("category_id");
    Integer classId = truth.classOf(categoryId);
    if (classId == null) {
      throw new UserError(CocoAnnotations.noCategory(categoryId));
    }
    double score = fields.number("score");
    if (!fields.has("bbox")) {
      Rle mask = mask(fields, image);
      return new Detection(classId, score, Box.of(mask), mask.area(), mask);
    }
    Box box = fields.box("bbox");
    return new Detection(
        classId,
        score,
        box,
        fields.has("segmentation") ? mask(fields, image) : rectangle(box, image));
  }

  private static Rle mask(JsonFields fields, CocoImage image) {
    return CocoSegmentation.of(fields.require("segmentation", "polygons or run lengths"))
        .mask(image.size().height(), image.size().width());
  }

  private static Rle rectangle(Box box, CocoImage image) {
    double right = box.x() + box.width();
    double bottom = box.y() + box.height();
    double[] outline = {box.x(), box.y(), box.x(), bottom, right, bottom, right, box.y()};
    return Polygons.rasterise(List.of(outline), image.size().height(), image.size().width());
  }
}
