package dev.selvage.predict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Dataset;
import dev.selvage.data.split.Split;
import dev.selvage.data.split.SplitCode;
import dev.selvage.run.ModelSettings;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What raw detections are of: the weights, the settings that decide what is kept, and the photos.
 * Two files with equal headers hold the same.
 *
 * @param weights SHA-256 of the weight files, joined by "+"
 * @param settings the values that matter, as JSON, by key; those of several models joined by " + "
 *     where they differ
 * @param categories names in class order
 * @param dataset its name
 * @param photos which of the dataset's photos
 * @param sizes a checksum of the photos' sizes in bytes and pixels
 * @param count of the photos
 */
record RawHeader(
    String weights,
    Map<String, String> settings,
    List<String> categories,
    String dataset,
    SplitCode photos,
    String sizes,
    int count) {
  /** Settings of the choice of detections, beside those that give the weights another meaning. */
  private static final List<String> CHOICE =
      List.of(
          "NUM_CLASSES",
          "PRE_NMS_LIMIT",
          "POST_NMS_ROIS_INFERENCE",
          "RPN_NMS_THRESHOLD",
          "DETECTION_MAX_INSTANCES",
          "DETECTION_NMS_THRESHOLD",
          "DETECTION_ALL_CLASSES",
          "EXIF_ORIENTATION",
          "PRECISION");

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The header of some photos of a dataset.
   *
   * @param weights as in the header
   * @param configs of the models, in the order of their weights
   * @param images indices into the dataset, ascending
   */
  static RawHeader of(
      String weights, List<Config> configs, List<View> views, Dataset dataset, int[] images) {
    Map<String, String> settings = new TreeMap<>();
    List<JsonNode> models =
        configs.stream().map(config -> tree(ConfigWriter.toJson(config, Map.of()))).toList();
    for (List<String> keys : List.of(ModelSettings.KEYS, CHOICE)) {
      keys.forEach(key -> settings.put(key, values(models, key)));
    }
    settings.put("--views", views.size() == 1 ? "none" : View.text(views));
    return new RawHeader(
        weights,
        settings,
        dataset.categories().stream().map(c -> c.id() + " " + c.name()).toList(),
        dataset.name(),
        SplitCode.of(new Split(new int[0], images), dataset),
        sizes(dataset, images),
        images.length);
  }

  private static String values(List<JsonNode> models, String key) {
    List<String> values = models.stream().map(model -> model.get(key).toString()).toList();
    return values.stream().distinct().count() == 1 ? values.get(0) : String.join(" + ", values);
  }

  private static String sizes(Dataset dataset, int[] images) {
    CRC32C crc = new CRC32C();
    for (int i : images) {
      long bytes;
      try {
        bytes = Files.size(dataset.path(i));
      } catch (IOException e) {
        bytes = -1; // it cannot be decoded either
      }
      String line =
          "%s %s %s %s%n"
              .formatted(dataset.fileName(i), dataset.height(i), dataset.width(i), bytes);
      crc.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Long.toHexString(crc.getValue());
  }

  String toJson() {
    return JSON.valueToTree(this).toString();
  }

  /** Reads {@link #toJson}; what is no header is an IllegalArgumentException. */
  static RawHeader read(String json) {
    return JSON.convertValue(tree(json), RawHeader.class);
  }

  /**
   * Refuses a file of something else.
   *
   * @param wanted what the command is about
   * @throws UserError names the file and what differs
   */
  void requireSame(RawHeader wanted, Path file) {
    List<String> other = new ArrayList<>();
    if (!weights.equals(wanted.weights)) {
      other.add("other weights");
    }
    if (!categories.equals(wanted.categories)) {
      other.add("other categories");
    }
    if (!photos.names().equals(wanted.photos.names())) {
      other.add("another dataset (%s)".formatted(dataset));
    } else if (!photos.equals(wanted.photos)) {
      other.add("%d other photos of %s".formatted(count, dataset));
    } else if (!sizes.equals(wanted.sizes)) {
      other.add("photos of other sizes");
    }
    wanted.settings.forEach(
        (key, value) -> {
          if (!value.equals(settings.get(key))) {
            other.add("%s=%s, not %s".formatted(key, settings.get(key), value));
          }
        });
    if (!other.isEmpty()) {
      throw new UserError(
          "%s: expected raw detections of these weights and photos, found those of %s; choose another --raw, or delete the file"
              .formatted(file, String.join("; ", other)));
    }
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
