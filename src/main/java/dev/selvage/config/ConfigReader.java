package dev.selvage.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.util.JsonErrors;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads settings from a preset, a file and single keys, of which the later source wins. */
public final class ConfigReader {
  /** Names of the presets that come with Selvage. */
  public static final List<String> PRESETS = List.of("fashion", "coco", "sample", "street");

  /** The preset where nothing names one. */
  public static final String DEFAULT_PRESET = "street";

  /**
   * The one member of a configuration file that is not a setting: it holds the command line, the
   * versions, the seed and so on.
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
   * @param settings each {@code KEY=VALUE}, with commas between the values of a list
   * @throws UserError an unknown preset or key, a value of the wrong type or out of range, settings
   *     that contradict each other, an unreadable file
   */
  public static Config read(String preset, Path file, List<String> settings) {
    SettingSources sources = new SettingSources(Map.of());
    if (preset != null) {
      sources.add(settings(preset(preset), "preset " + preset), true);
    }
    if (file != null) {
      sources.add(settings(parse(file), file.toString()), true);
    }
    sources.add(fromCommandLine(settings), false);
    return sources.config();
  }

  /**
   * Reads and checks a configuration that does not lie in a file of its own.
   *
   * @param json any of the keys
   * @param source where it comes from, for messages
   * @param settings as for {@link #read}
   * @throws UserError as {@link #read}
   */
  public static Config readText(String json, String source, List<String> settings) {
    SettingSources sources = new SettingSources(Map.of());
    try {
      sources.add(settings(JSON.readTree(json), source), true);
    } catch (JsonProcessingException e) {
      throw new UserError(
          "%s: expected settings in JSON, found %s".formatted(source, JsonErrors.reason(e)), e);
    }
    sources.add(fromCommandLine(settings), false);
    return sources.config();
  }

  /**
   * Whether a file or a single setting gives a key a value; presets do not count.
   *
   * @param file as for {@link #read}, or null
   */
  public static boolean names(String key, Path file, List<String> settings) {
    return settings.stream().anyMatch(setting -> setting.matches("\\s*" + key + "\\s*=.*"))
        || file != null && parse(file).has(key);
  }

  private static Map<String, Setting> fromCommandLine(List<String> settings) {
    Map<String, Setting> byKey = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new UserError("--set must be KEY=VALUE, found " + setting);
      }
      String key = setting.substring(0, equals).trim();
      byKey.put(key, Setting.ofText(key, "--set", setting.substring(equals + 1)));
    }
    return byKey;
  }

  private static Map<String, Setting> settings(JsonNode object, String source) {
    if (!object.isObject()) {
      throw new UserError(
          "%s: expected a JSON object of settings, found %s"
              .formatted(source, object.getNodeType()));
    }
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String key = member.getKey();
      if (!key.equals(ABOUT)) {
        Setting setting = Setting.ofJson(key, source, member.getValue());
        // Matterport gives these weights by name
        settings.put(key, key.equals("LOSS_WEIGHTS") ? setting.inOrder(Config.LOSSES) : setting);
      }
    }
    return settings;
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
          "%s line %d: expected JSON, found %s".formatted(file, line, JsonErrors.reason(e)), e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }
}
