package dev.selvage.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigWriter;
import java.util.List;
import java.util.Map;

/** The settings that give the same weights another meaning; some change shapes too. */
public final class ModelSettings {
  public static final List<String> KEYS =
      List.of(
          "BACKBONE",
          "BACKBONE_STRIDES",
          "BACKBONE_WIDTH",
          "STRIDE_IN_1X1",
          "TOP_DOWN_PYRAMID_SIZE",
          "RPN_CHANNELS",
          "RPN_ANCHOR_SCALES",
          "RPN_ANCHOR_RATIOS",
          "RPN_ANCHOR_STRIDE",
          "RPN_BBOX_STD_DEV",
          "BBOX_STD_DEV",
          "IMAGE_RESIZE_MODE",
          "IMAGE_MIN_DIM",
          "IMAGE_MAX_DIM",
          "IMAGE_MIN_SCALE",
          "MEAN_PIXEL",
          "POOL_SIZE",
          "MASK_POOL_SIZE",
          "MASK_CHANNELS",
          "FPN_CLASSIF_FC_LAYERS_SIZE");

  private ModelSettings() {}

  /**
   * Compares the settings that weights were trained with and those of a model.
   *
   * @param trained settings by key, as JSON; keys that are not there are not compared
   * @return for each key with another value, both: {@code KEY=A, not B}
   */
  public static List<String> differences(String trained, Config model) {
    JsonNode expected = tree(trained);
    JsonNode found = tree(ConfigWriter.toJson(model, Map.of()));
    return KEYS.stream()
        .filter(expected::has)
        .filter(key -> !found.get(key).equals(expected.get(key)))
        .map(key -> "%s=%s, not %s".formatted(key, expected.get(key), found.get(key)))
        .toList();
  }

  private static JsonNode tree(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // it was read before
    }
  }
}
