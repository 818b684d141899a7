package dev.selvage.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Category;
import dev.selvage.predict.View;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client may know about the model.
 *
 * @param weights names of the files, without their folders, joined by " + "
 * @param sha256 of the files, in hexadecimal digits, joined by +
 * @param config the settings; of several models, those of one
 * @param categories in class order
 * @param device that computes, such as cpu
 * @param tuned whether detections are chosen by tuned rules
 * @param views that the model is shown of each photo, the plain one first
 */
public record ModelFacts(
    String weights,
    String sha256,
    Config config,
    List<Category> categories,
    String device,
    boolean tuned,
    List<View> views) {
  /** The facts by their names in JSON. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", config.NAME);
    json.put("weights", weights);
    json.put("sha256", sha256);
    json.put(
        "categories",
        categories.stream().map(c -> Map.of("id", c.id(), "name", c.name())).toList());
    json.put("device", device);
    json.put("precision", config.PRECISION.word());
    json.put("tuned", tuned);
    json.put("views", View.text(views));
    json.put("settings", settings());
    return json;
  }

  private JsonNode settings() {
    try {
      return new ObjectMapper().readTree(ConfigWriter.toJson(config, Map.of()));
    } catch (IOException e) {
      throw new IllegalStateException("settings that were just written cannot be read", e);
    }
  }
}
