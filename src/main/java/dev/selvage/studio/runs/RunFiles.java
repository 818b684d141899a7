package dev.selvage.studio.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunLog;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the files of a run say.
 *
 * @param settings the configuration as JSON by key
 * @param info empty for a folder that has settings alone
 * @param log the epochs so far, which may be none
 */
record RunFiles(
    RunFolder folder,
    Config config,
    Map<String, JsonNode> settings,
    Optional<RunInfo> info,
    RunLog log) {
  private static final RunLog NO_EPOCH = new RunLog(new int[0], Map.of());

  static Path configFile(Path dir) {
    return dir.resolve("config.json");
  }

  /**
   * Reads them; a training may be writing them.
   *
   * @throws UserError if one of them is damaged
   */
  static RunFiles read(Path dir) {
    Path file = configFile(dir);
    Config config = ConfigReader.read(null, file, List.of());
    RunFolder folder = RunFolder.of(dir, config.NAME);
    RunLog log = Files.isRegularFile(folder.log()) ? RunLog.readAny(folder.log()) : NO_EPOCH;
    return new RunFiles(folder, config, RunSettings.of(config), RunInfo.find(file), log);
  }

  /** Sizes and times of the files; as long as they are equal, so is what the files say. */
  static List<Long> stamp(Path dir) {
    List<Long> stamp = new ArrayList<>();
    for (Path file : List.of(configFile(dir), dir.resolve("log.csv"))) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        stamp.add(attributes.size());
        stamp.add(attributes.lastModifiedTime().toMillis());
      } catch (IOException e) {
        stamp.add(-1L); // no such file
      }
    }
    return stamp;
  }

  int lastEpoch() {
    return log.epochs().length == 0 ? 0 : log.epochs()[log.epochs().length - 1];
  }

  /** The value of a column in the last epoch; null where there is none. */
  Double last(String column) {
    return at(column, log.epochs().length - 1);
  }

  /** The value of a column in a row; null where there is none. */
  Double at(String column, int row) {
    double[] values = log.columns().get(column);
    return values == null || row < 0 || !Double.isFinite(values[row]) ? null : values[row];
  }
}
