package dev.selvage.inspect;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.inspect.Finding.Severity;
import dev.selvage.util.UserError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Statistics of all annotations. */
final class ObjectStatistics {
  /** Masks of fewer pixels are hardly ever meant. */
  static final int SMALL_MASK = 20;

  /** What is smaller in the model's image than a cell of its finest feature map. */
  static final int SMALL_BOX = 4;

  /** Classes with fewer objects are hardly learnt. */
  private static final int FEW = 20;

  /** What is kept of a photo. */
  private static final class Photo {
    private final PhotoSize size;

    /** Scale of the model's image; 0 where the configuration refuses the photo. */
    private final double scale;

    private int objects;

    /** For each object class, area and hash of the mask, against its place. */
    private final Map<List<Integer>, String> seen = new HashMap<>();

    Photo(PhotoSize size, double scale) {
      this.size = size;
      this.scale = scale;
    }
  }

  private final Config config;
  private final SortedMap<Integer, String> attributeNames;
  private final Findings findings;
  private final SortedMap<String, Photo> photos = new TreeMap<>();
  private final int[] classCounts;
  private final SortedMap<Integer, Integer> attributeCounts = new TreeMap<>();
  private final FloatList boxHeights = new FloatList();
  private final FloatList boxWidths = new FloatList();
  private int objects;

  ObjectStatistics(
      Config config,
      List<Category> categories,
      SortedMap<Integer, String> attributeNames,
      Findings findings) {
    this.config = config;
    this.attributeNames = attributeNames;
    this.findings = findings;
    classCounts = new int[categories.size() + 1];
    attributeNames.keySet().forEach(id -> attributeCounts.put(id, 0));
  }

  /** A photo that is there, perhaps without an object. */
  void photo(String name, PhotoSize size) {
    at(name, size);
  }

  /**
   * An object of a photo. One that is a crowd is not counted, as it teaches no class.
   *
   * @param attributes numbers parted by underscores, not checked; empty without any
   * @param where it is in the file, for a message
   */
  void object(String name, PhotoSize size, Instance instance, String attributes, String place) {
    Photo photo = at(name, size);
    if (instance.mask().area() == 0) {
      findings.add(Severity.ERROR, "empty masks", "%s: %s".formatted(place, name), name);
      return;
    }
    if (instance.crowd()) {
      findings.add(
          Severity.NOTE,
          "crowd annotations (not counted as objects)",
          "%s: %s".formatted(place, name),
          name);
      return;
    }
    objects++;
    photo.objects++;
    classCounts[instance.classId()]++;
    attributes(attributes, name, place);
    mask(instance, photo, name, place);
  }

  private Photo at(String name, PhotoSize size) {
    return photos.computeIfAbsent(name, n -> newPhoto(n, size));
  }

  private Photo newPhoto(String name, PhotoSize size) {
    try {
      return new Photo(size, ResizePlan.of(config, size.height(), size.width(), null).scale());
    } catch (UserError e) {
      findings.add(
          Severity.ERROR,
          "photos that the settings do not allow",
          name + ": " + e.getMessage(),
          name);
      return new Photo(size, 0);
    }
  }

  private void attributes(String attributes, String name, String place) {
    if (attributes.isEmpty()) {
      return;
    }
    for (String text : attributes.split("_", -1)) {
      try {
        int id = Integer.parseInt(text);
        if (!attributeNames.containsKey(id)) {
          findings.add(
              Severity.WARNING,
              "attributes missing from label_descriptions.json",
              "%s: %s".formatted(place, id),
              name);
        }
        attributeCounts.merge(id, 1, Integer::sum);
      } catch (NumberFormatException e) {
        findings.add(
            Severity.WARNING,
            "attributes that are not numbers",
            "%s: \"%s\"".formatted(place, attributes),
            name);
      }
    }
  }

  private void mask(Instance instance, Photo photo, String name, String place) {
    int area = instance.mask().area();
    int[] box = instance.mask().box();
    int height = box[2] - box[0];
    int width = box[3] - box[1];
    if (area < SMALL_MASK) {
      findings.add(
          Severity.WARNING,
          "masks of fewer than %s pixels".formatted(SMALL_MASK),
          "%s: %s, %s pixels".formatted(place, name, area),
          name);
    }
    if (photo.scale > 0) {
      boxHeights.add(height * photo.scale);
      boxWidths.add(width * photo.scale);
      if (Math.max(height, width) * photo.scale < SMALL_BOX) {
        findings.add(
            Severity.WARNING,
            "objects smaller than %s pixels in the model's input image".formatted(SMALL_BOX),
            "%s: %s, %s x %s in the photo".formatted(place, name, height, width),
            name);
      }
    }
    String before =
        photo.seen.putIfAbsent(
            List.of(instance.classId(), area, instance.mask().hashCode()), place);
    if (before != null) {
      findings.add(
          Severity.WARNING,
          "duplicate objects (same class, same mask)",
          "%s and %s: %s".formatted(before, place, name),
          name);
    }
  }

  int objects() {
    return objects;
  }

  int classCount(int classId) {
    return classCounts[classId];
  }

  SortedMap<Integer, Integer> attributeCounts() {
    return attributeCounts;
  }

  float[] objectsPerPhoto() {
    FloatList list = new FloatList();
    photos.values().forEach(photo -> list.add(photo.objects));
    return list.toArray();
  }

  float[] longestSides() {
    FloatList list = new FloatList();
    photos.values().forEach(photo -> list.add(Math.max(photo.size.height(), photo.size.width())));
    return list.toArray();
  }

  /** Pixels of the model's image. */
  float[] boxHeights() {
    return boxHeights.toArray();
  }

  float[] boxWidths() {
    return boxWidths.toArray();
  }

  /** Judges what can only be known after the last row. */
  void judge(List<Category> categories) {
    photos.forEach(
        (name, photo) -> {
          if (photo.objects > config.MAX_GT_INSTANCES) {
            findings.add(
                Severity.WARNING,
                "photos with more than MAX_GT_INSTANCES = %s objects"
                    .formatted(config.MAX_GT_INSTANCES),
                "%s: %s".formatted(name, photo.objects),
                name);
          } else if (photo.objects == 0) {
            findings.add(Severity.NOTE, "photos without objects", name, name);
          }
        });
    for (int c = 1; c < classCounts.length; c++) {
      String name = categories.get(c - 1).name();
      if (classCounts[c] == 0) {
        findings.add(Severity.NOTE, "classes without objects", name);
      } else if (classCounts[c] < FEW) {
        findings.add(
            Severity.NOTE,
            "classes with fewer than %s objects".formatted(FEW),
            "%s: %s".formatted(name, classCounts[c]));
      }
    }
  }
}
