package dev.selvage.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** The settings as texts, to print and to compare. */
public final class ConfigValues {
  private ConfigValues() {}

  /** Every key with its value as JSON, in the order of {@link Config}. */
  public static Map<String, String> of(Config config) {
    Map<String, String> values = new LinkedHashMap<>();
    config.values().forEach((key, value) -> values.put(key, value.toString()));
    return values;
  }
}
