package dev.selvage.coco;

import dev.selvage.data.image.PhotoNames;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the images that results are about. The ids of two files need not be the same: {@code
 * predict} counts photos from 0. So the photo's name decides where both files state one, with its
 * folders or, where these differ, without them.
 */
final class ResultImages {
  private final Map<Long, CocoImage> byId = new HashMap<>();
  private final Map<String, List<CocoImage>> byPath = new HashMap<>();
  private final Map<String, List<CocoImage>> byBase = new HashMap<>();

  /** For each image the name by which results have found it. */
  private final Map<Long, String> names = new HashMap<>();

  private int results;
  private int disagreeing;
  private String example;

  ResultImages(List<CocoImage> images) {
    for (CocoImage image : images) {
      byId.put(image.id(), image);
      if (!image.fileName().isEmpty()) {
        add(byPath, PhotoNames.normalise(image.fileName()), image);
        add(byBase, PhotoNames.base(image.fileName()), image);
      }
    }
  }

  private static void add(Map<String, List<CocoImage>> map, String name, CocoImage image) {
    map.computeIfAbsent(name, n -> new ArrayList<>()).add(image);
  }

  /**
   * The image of one result.
   *
   * @throws UserError it is not in the truth, or its name fits several images
   */
  CocoImage of(JsonFields result) {
    results++;
    long id = result.integer("image_id");
    CocoImage sameId = byId.get(id);
    if (!result.has("file_name")
        || byPath.isEmpty()
        || sameId != null && sameId.fileName().isEmpty()) {
      if (sameId == null) {
        throw new UserError(CocoAnnotations.noImage(id));
      }
      return sameId;
    }
    String name = PhotoNames.normalise(result.text("file_name"));
    CocoImage image = named(name, id);
    String before = names.putIfAbsent(image.id(), name);
    if (before != null && !before.equals(name)) {
      throw new UserError(
          "expected the results of image %s to name one photo, found %s and %s"
              .formatted(image.id(), before, name));
    }
    if (image.id() != id) {
      disagreeing++;
      if (example == null) {
        example = "%s has image_id %s there and id %s in the truth".formatted(name, id, image.id());
      }
    }
    return image;
  }

  private CocoImage named(String name, long id) {
    List<CocoImage> found =
        byPath.getOrDefault(name, byBase.getOrDefault(PhotoNames.base(name), List.of()));
    if (found.isEmpty()) {
      throw new UserError(
          "expected \"file_name\" to be the photo of an image of the truth, found " + name);
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    return found.stream()
        .filter(image -> image.id() == id)
        .findAny()
        .orElseThrow(
            () ->
                new UserError(
                    "expected \"file_name\" to be the photo of one image of the truth, found %s, which is that of images %s and %s"
                        .formatted(name, found.get(0).id(), found.get(1).id())));
  }

  /** Sentences about what may not be as meant. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (disagreeing > 0) {
      warnings.add(
          "%s of %s results were matched by file_name because their image_id is that of another image or of none; for example, %s"
              .formatted(disagreeing, results, example));
    }
    byPath.values().stream()
        .filter(images -> images.size() > 1)
        .findFirst()
        .ifPresent(
            images ->
                warnings.add(
                    "the truth has several images of one photo, each of which is scored on its own; for example, images %s and %s of %s"
                        .formatted(
                            images.get(0).id(), images.get(1).id(), images.get(0).fileName())));
    return warnings;
  }
}
