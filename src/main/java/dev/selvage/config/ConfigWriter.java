package dev.selvage.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.util.AtomicFile;
import java.nio.file.Path;
import java.util.Map;

/** Writes every setting as JSON, which {@link ConfigReader} reads again. */
public final class ConfigWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ConfigWriter() {}

  /**
   * The configuration as one JSON object with all keys.
   *
   * @param about what else describes the run (command line, versions, seed); left out where empty
   */
  public static String toJson(Config config, Map<String, ?> about) {
    ObjectNode root = JSON.createObjectNode();
    if (!about.isEmpty()) {
      root.set(ConfigReader.ABOUT, JSON.valueToTree(about));
    }
    root.setAll(config.values());
    try {
      return JSON.writer(new DefaultPrettyPrinter()).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes {@link #toJson} to a file, whole or not at all. */
  public static void write(Config config, Map<String, ?> about, Path target) {
    AtomicFile.write(target, toJson(config, about));
  }
}
