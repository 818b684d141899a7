package dev.selvage.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads settings: Matterport's defaults, then a preset, then a file, then single keys; the later
 * wins.
 */
public final class ConfigReader {
  /** Names of the presets that come with Selvage. */
  public static final List<String> PRESETS = List.of("fashion", "coco", "sample", "street");

  /**
   * The one member of a configuration file that is no setting: command line, versions, seed and the
   * like.
   */
  static final String ABOUT = "about";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private ConfigReader() {}

  /**
   * Reads and checks a configuration.
   *
   * @param preset one of {@link #PRESETS}, or null for Matterport's defaults
   * @param file JSON with any of the keys, or null
   * @param settings {@code KEY=VALUE} each, lists with commas
   * @throws UserError an unknown preset or key, a value of the wrong type or out of range, an
   *     unreadable file
   */
  public static Config read(String preset, Path file, List<String> settings) {
    Config config = new Config();
    if (preset != null) {
      apply(preset(preset), config, "preset " + preset);
    }
    if (file != null) {
      apply(parse(file), config, file.toString());
    }
    Set<String> single = new LinkedHashSet<>();
    for (String setting : settings) {
      single.add(applyText(setting, config));
    }
    SingleRates.spread(config, single, "--set", false);
    ConfigChecks.check(config);
    return config;
  }

  /**
   * Whether a file or single settings name a key; presets do not count.
   *
   * @param file as for {@link #read}, or null
   */
  public static boolean names(String key, Path file, List<String> settings) {
    return settings.stream().anyMatch(setting -> setting.matches("\\s*" + key + "\\s*=.*"))
        || file != null && parse(file).has(key);
  }

  /** Sets one key and names it. */
  private static String applyText(String setting, Config config) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      throw new UserError("--set expects KEY=VALUE, found " + setting);
    }
    Field field = ConfigKeys.require(setting.substring(0, equals).trim(), "--set");
    JsonNode value = SettingParser.fromText(setting.substring(equals + 1), field.getType());
    set(field, config, SettingParser.parse(value, field, "--set"));
    return field.getName();
  }

  private static void apply(JsonNode settings, Config config, String source) {
    if (!settings.isObject()) {
      throw new UserError(
          "%s: expected a JSON object of settings, found %s"
              .formatted(source, settings.getNodeType()));
    }
    Set<String> keys = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      if (!setting.getKey().equals(ABOUT)) {
        Field field = ConfigKeys.require(setting.getKey(), source);
        set(field, config, SettingParser.parse(setting.getValue(), field, source));
        keys.add(field.getName());
      }
    }
    SingleRates.spread(config, keys, source, true);
  }

  private static void set(Field field, Config config, Object value) {
    try {
      field.set(config, value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode preset(String name) {
    if (!PRESETS.contains(name)) {
      throw new UserError(
          "--preset must be one of %s, found %s; the nearest is %s"
              .formatted(String.join(", ", PRESETS), name, NearestName.of(name, PRESETS)));
    }
    try (InputStream in = ConfigReader.class.getResourceAsStream(name + ".json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("preset " + name + " cannot be read", e);
    }
  }

  private static JsonNode parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError("%s: expected a configuration file, found none".formatted(file));
    }
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new UserError(
          "%s line %d: expected JSON, found %s".formatted(file, line, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }
}
