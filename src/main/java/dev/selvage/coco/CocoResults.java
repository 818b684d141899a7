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
import java.util.function.Consumer;

/** Reads files in COCO's results format. */
public final class CocoResults {
  private CocoResults() {}

  /**
   * Reads the detections on the images of an annotation file. As in pycocotools, a result without
   * segmentation gets its box as mask, and one without bbox the box and the area of its mask. A
   * result belongs to the image with its file_name, and to that with its image_id where one of the
   * files states no names.
   *
   * @param warnings takes a sentence where names and ids disagree, or images share a photo
   * @return by the truth's image id, for each image that has any, in the file's order
   * @throws UserError with file, line, what was expected and what was found
   */
  public static Map<Long, List<Detection>> read(
      Path file, CocoAnnotations truth, Consumer<String> warnings) {
    ResultImages images = new ResultImages(truth.images());
    Map<Long, List<Detection>> detections = new HashMap<>();
    try (CocoReader reader = CocoReader.ofResults(file)) {
      for (CocoEntry entry = reader.nextEntry(); entry != null; entry = reader.nextEntry()) {
        try {
          CocoImage image = images.of(entry.fields());
          Detection detection = detection(entry.fields(), image, truth);
          detections.computeIfAbsent(image.id(), id -> new ArrayList<>()).add(detection);
        } catch (UserError e) {
          throw new UserError("%s %s: %s".formatted(file, entry.place(), e.getMessage()), e);
        }
      }
    }
    images.warnings().forEach(sentence -> warnings.accept(file + ": " + sentence));
    return detections;
  }

  private static Detection detection(JsonFields fields, CocoImage image, CocoAnnotations truth) {
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
    return Polygons.rasterise(
        CocoSegmentation.of(box).polygons(), image.size().height(), image.size().width());
  }
}
