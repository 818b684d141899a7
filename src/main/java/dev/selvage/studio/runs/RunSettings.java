package dev.selvage.studio.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The settings of runs as JSON by key, and what differs between them. */
final class RunSettings {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each run has its own, so they say nothing about what differs. */
  private static final String NAME = "NAME";

  private RunSettings() {}

  /** All settings in the order of the configuration. */
  static Map<String, JsonNode> of(Config config) {
    try {
      Map<String, JsonNode> settings = new LinkedHashMap<>();
      JSON.readTree(ConfigWriter.toJson(config, Map.of()))
          .properties()
          .forEach(member -> settings.put(member.getKey(), member.getValue()));
      return settings;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings are no JSON", e);
    }
  }

  /** The keys that do not have the same value in all runs; those without settings do not count. */
  static Set<String> differing(Collection<Map<String, JsonNode>> runs) {
    List<Map<String, JsonNode>> known = runs.stream().filter(run -> !run.isEmpty()).toList();
    Set<String> keys = new LinkedHashSet<>();
    known.forEach(run -> keys.addAll(run.keySet()));
    keys.remove(NAME);
    keys.removeIf(key -> known.stream().map(run -> run.get(key)).distinct().count() < 2);
    return keys;
  }

  /**
   * The preset with the fewest settings that differ from those of a run, and what differs: {@code
   * --preset P} and {@code --set KEY=VALUE} for each make the same settings.
   *
   * @return the words of the command line
   */
  static List<String> options(Config config) {
    Map<String, JsonNode> wanted = of(config);
    List<String> best = null;
    for (String preset : ConfigReader.PRESETS) {
      Map<String, JsonNode> given = of(ConfigReader.read(preset, null, List.of()));
      List<String> words = new ArrayList<>(List.of("--preset", preset));
      wanted.forEach(
          (key, value) -> {
            if (!value.equals(given.get(key))) {
              words.addAll(List.of("--set", key + "=" + text(value)));
            }
          });
      if (best == null || words.size() < best.size()) {
        best = words;
      }
    }
    return best;
  }

  /** A value as {@code --set} takes it: lists with commas. */
  static String text(JsonNode value) {
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .map(RunSettings::text)
            .collect(Collectors.joining(","))
        : value.asText();
  }
}
