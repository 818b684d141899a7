package dev.selvage.tune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Category;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Overlaps;
import dev.selvage.predict.View;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Writes and reads {@link Tuned} as JSON. */
public final class TunedFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> KEYS =
      Set.of(
          "weights",
          "dataset",
          "photos",
          "measure",
          "before",
          "expected",
          "views",
          "all_classes",
          "nms",
          "nms_across_classes",
          "most_objects",
          "mask_threshold",
          "least_area",
          "overlaps",
          "maskness",
          "edges",
          "classes");

  private static final double MOST_MASKNESS = 10;

  private static final Set<String> CLASS_KEYS = Set.of("id", "name", "score");

  private final Path file;

  private TunedFile(Path file) {
    this.file = file;
  }

  /** The file's content as JSON. */
  public static ObjectNode toJson(Tuned tuned) {
    DetectionRules rules = tuned.rules();
    ObjectNode root = JSON.createObjectNode();
    root.put("weights", tuned.weights());
    root.put("dataset", tuned.dataset());
    root.put("photos", tuned.photos());
    root.put("measure", tuned.measure());
    root.put("before", tuned.before());
    root.put("expected", tuned.expected());
    root.put("views", View.text(tuned.views()));
    root.put("all_classes", rules.allClasses());
    root.put("nms", rules.nms());
    root.put("nms_across_classes", rules.nmsAcross());
    root.put("most_objects", rules.mostObjects());
    root.put("mask_threshold", rules.maskThreshold());
    root.put("least_area", rules.leastArea());
    root.put("overlaps", rules.overlaps().text());
    root.put("maskness", rules.maskness());
    root.put("edges", rules.edges());
    for (int c = 0; c < tuned.categories().size(); c++) {
      Category category = tuned.categories().get(c);
      root.withArray("classes")
          .addObject()
          .put("id", category.id())
          .put("name", category.name())
          .put("score", rules.scores()[c]);
    }
    return root;
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws UserError it cannot be written
   */
  public static void write(Path file, Tuned tuned) {
    try {
      String text = JSON.writer(new DefaultPrettyPrinter()).writeValueAsString(toJson(tuned));
      AtomicFile.write(file, text + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads what {@link #write} wrote, perhaps changed by hand.
   *
   * @throws UserError it cannot be read, lacks a key or has an unknown one, or a value is out of
   *     range
   */
  public static Tuned read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          "%s: expected a file that `tune` wrote, found no such file".formatted(file));
    }
    try {
      return new TunedFile(file).tuned(JSON.readTree(file.toFile()));
    } catch (IOException e) {
      String reason = e.getMessage().lines().findFirst().orElse("");
      throw new UserError("%s: expected JSON that `tune` wrote (%s)".formatted(file, reason), e);
    }
  }

  private Tuned tuned(JsonNode root) {
    requireKeys(root, KEYS, "");
    List<Category> categories = new ArrayList<>();
    JsonNode classes = root.get("classes");
    double[] scores = new double[classes.size()];
    for (int c = 0; c < scores.length; c++) {
      String place = "classes[%d].".formatted(c);
      JsonNode entry = classes.get(c);
      requireKeys(entry, CLASS_KEYS, place);
      scores[c] = number(entry, place, "score", 0, 1);
      String name = entry.get("name").asText();
      categories.add(
          new Category((int) number(entry, place, "id", 0, Integer.MAX_VALUE), name, ""));
    }
    double mask = number(root, "", "mask_threshold", 0, 1);
    if (mask == 0 || mask == 1) {
      throw wrong("mask_threshold", "a number between 0 and 1", root.get("mask_threshold"));
    }
    return new Tuned(
        root.get("weights").asText(),
        categories,
        root.get("measure").asText(),
        root.get("dataset").asText(),
        whole(root, "photos", 1),
        root.get("before").asDouble(),
        root.get("expected").asDouble(),
        views(root.get("views")),
        new DetectionRules(
            scores,
            flag(root, "all_classes"),
            number(root, "", "nms", 0, 1),
            number(root, "", "nms_across_classes", 0, 1),
            whole(root, "most_objects", 1),
            mask,
            whole(root, "least_area", 0),
            overlaps(root.get("overlaps")),
            number(root, "", "maskness", 0, MOST_MASKNESS),
            flag(root, "edges")));
  }

  private void requireKeys(JsonNode node, Set<String> keys, String place) {
    Set<String> found = new TreeSet<>();
    node.fieldNames().forEachRemaining(found::add);
    Set<String> unknown = new TreeSet<>(found);
    unknown.removeAll(keys);
    Set<String> missing = new TreeSet<>(keys);
    missing.removeAll(found);
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new UserError(
          "%s: expected the keys that `tune` writes, found %s"
              .formatted(
                  file,
                  unknown.isEmpty()
                      ? "none named " + place + missing.iterator().next()
                      : "the unknown " + place + unknown.iterator().next()));
    }
  }

  private double number(JsonNode node, String place, String key, double least, double most) {
    JsonNode value = node.get(key);
    if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
      throw wrong(
          place + key,
          most < Integer.MAX_VALUE
              ? "a number in %.0f..%.0f".formatted(least, most)
              : "a whole number of at least %.0f".formatted(least),
          value);
    }
    return value.asDouble();
  }

  private int whole(JsonNode node, String key, int least) {
    JsonNode value = node.get(key);
    if (!value.isInt() || value.asInt() < least) {
      throw wrong(key, "a whole number of at least " + least, value);
    }
    return value.asInt();
  }

  private boolean flag(JsonNode node, String key) {
    if (!node.get(key).isBoolean()) {
      throw wrong(key, "true or false", node.get(key));
    }
    return node.get(key).asBoolean();
  }

  private List<View> views(JsonNode value) {
    try {
      return value.asText().isEmpty() ? List.of(View.PLAIN) : View.parse(value.asText());
    } catch (UserError e) {
      throw wrong("views", "views as --views takes them", value);
    }
  }

  private Overlaps overlaps(JsonNode value) {
    if (!Overlaps.texts().contains(value.asText())) {
      throw wrong("overlaps", String.join(", ", Overlaps.texts()), value);
    }
    return Overlaps.valueOf(value.asText().toUpperCase(Locale.ROOT));
  }

  private UserError wrong(String key, String expected, JsonNode found) {
    return new UserError("%s: %s: expected %s, found %s".formatted(file, key, expected, found));
  }
}
