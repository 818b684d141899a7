package dev.selvage.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings as texts, to look at and to compare. */
public final class ConfigValues {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ConfigValues() {}

  /** Every key with its value as JSON, in the order of {@link Config}. */
  public static Map<String, String> of(Config config) {
    Map<String, String> values = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Field> key : ConfigKeys.all().entrySet()) {
        values.put(key.getKey(), JSON.writeValueAsString(key.getValue().get(config)));
      }
    } catch (IllegalAccessException | JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return values;
  }
}
