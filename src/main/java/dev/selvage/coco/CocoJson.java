package dev.selvage.coco;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.data.Category;
import dev.selvage.eval.CocoDetection;
import dev.selvage.eval.CocoImage;
import dev.selvage.eval.CocoTruth;
import dev.selvage.eval.GroundTruthObject;
import dev.selvage.eval.Xywh;
import dev.selvage.mask.CocoSegmentation;
import dev.selvage.mask.Polygons;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads COCO's files (cocodataset.org, "Data format" and "Results format"). Ids may be sparse;
 * every complaint is a {@link UserError} with file and line.
 */
public final class CocoJson {
  private CocoJson() {}

  /**
   * Reads a truth file: images, categories, and annotations with polygons, either kind of run
   * lengths, and crowds.
   */
  public static CocoTruth readTruth(Path file) {
    Map<String, List<JsonEntry>> parts =
        JsonEntries.ofObject(file, List.of("images", "annotations", "categories"));
    List<Category> categories = categories(parts.get("categories"));
    Map<Long, CocoImage> images = images(parts.get("images"));
    Set<Integer> ids = new HashSet<>(categories.stream().map(Category::id).toList());
    for (JsonEntry entry : parts.get("annotations")) {
      CocoImage image = image(entry, images);
      image.truths().add(truth(entry, image, category(entry, ids)));
    }
    List<CocoImage> sorted =
        images.values().stream().sorted(Comparator.comparingLong(CocoImage::id)).toList();
    return new CocoTruth(sorted, categories);
  }

  /**
   * Reads results on the photos of a truth file. As in pycocotools a result without segmentation
   * gets its box as mask, and one without bbox the box and the area of its mask.
   *
   * @return the detections of each photo that has any, in the file's order
   */
  public static Map<Long, List<CocoDetection>> readResults(Path file, CocoTruth truth) {
    Map<Long, CocoImage> images = new HashMap<>();
    truth.images().forEach(image -> images.put(image.id(), image));
    Set<Integer> ids = new HashSet<>(truth.categories().stream().map(Category::id).toList());
    Map<Long, List<CocoDetection>> detections = new HashMap<>();
    for (JsonEntry entry : JsonEntries.ofArray(file)) {
      CocoImage image = image(entry, images);
      CocoDetection detection = detection(entry, image, category(entry, ids));
      detections.computeIfAbsent(image.id(), id -> new ArrayList<>()).add(detection);
    }
    return detections;
  }

  private static List<Category> categories(List<JsonEntry> entries) {
    Map<Integer, Category> categories = new HashMap<>();
    for (JsonEntry entry : entries) {
      Category category = new Category(entry.smallInteger("id"), entry.text("name"), "");
      if (categories.put(category.id(), category) != null) {
        throw entry.wrong(
            "expected every category id once, found %d again".formatted(category.id()));
      }
    }
    return categories.values().stream().sorted(Comparator.comparingInt(Category::id)).toList();
  }

  private static Map<Long, CocoImage> images(List<JsonEntry> entries) {
    Map<Long, CocoImage> images = new HashMap<>();
    for (JsonEntry entry : entries) {
      String name = entry.has("file_name") ? entry.text("file_name") : "";
      int height = entry.smallInteger("height");
      int width = entry.smallInteger("width");
      CocoImage image = new CocoImage(entry.integer("id"), name, height, width, new ArrayList<>());
      if (images.put(image.id(), image) != null) {
        throw entry.wrong("expected every image id once, found %d again".formatted(image.id()));
      }
    }
    return images;
  }

  private static GroundTruthObject truth(JsonEntry entry, CocoImage image, int categoryId) {
    Rle mask = mask(entry, image);
    double[] box = entry.has("bbox") ? entry.box("bbox") : Xywh.of(mask);
    double area = entry.has("area") ? entry.number("area") : mask.area();
    return new GroundTruthObject(
        categoryId, box, area, mask, entry.has("iscrowd") && entry.number("iscrowd") != 0);
  }

  private static CocoDetection detection(JsonEntry entry, CocoImage image, int categoryId) {
    double score = entry.number("score");
    if (!entry.has("bbox")) {
      Rle mask = mask(entry, image);
      return new CocoDetection(categoryId, score, Xywh.of(mask), mask.area(), mask);
    }
    double[] box = entry.box("bbox");
    Rle mask =
        entry.has("segmentation")
            ? mask(entry, image)
            : rectangle(entry, box, image.height(), image.width());
    return CocoDetection.of(categoryId, score, box, mask);
  }

  private static Rle mask(JsonEntry entry, CocoImage image) {
    JsonNode value = entry.require("segmentation", "polygons or run lengths");
    try {
      return CocoSegmentation.of(value).mask(image.height(), image.width());
    } catch (UserError e) {
      throw entry.wrong(e.getMessage());
    }
  }

  private static Rle rectangle(JsonEntry entry, double[] box, int height, int width) {
    double right = box[0] + box[2];
    double bottom = box[1] + box[3];
    double[] outline = {box[0], box[1], box[0], bottom, right, bottom, right, box[1]};
    try {
      return Polygons.rasterise(List.of(outline), height, width);
    } catch (UserError e) {
      throw entry.wrong(e.getMessage());
    }
  }

  private static CocoImage image(JsonEntry entry, Map<Long, CocoImage> images) {
    long id = entry.integer("image_id");
    CocoImage image = images.get(id);
    if (image == null) {
      throw entry.wrong(
          "expected \"image_id\" to be one of the truth's %d images, found %d"
              .formatted(images.size(), id));
    }
    return image;
  }

  private static int category(JsonEntry entry, Set<Integer> ids) {
    int id = entry.smallInteger("category_id");
    if (!ids.contains(id)) {
      throw entry.wrong(
          "expected \"category_id\" to be one of the %d categories, found %d"
              .formatted(ids.size(), id));
    }
    return id;
  }
}
