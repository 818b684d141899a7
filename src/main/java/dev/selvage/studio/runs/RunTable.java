package dev.selvage.studio.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The runs in a folder, read anew whenever they are asked for: the studio knows nothing that their
 * files do not say, but for the trainings that it has just started.
 */
final class RunTable {
  private final Path runs;
  private final RunReader reader = new RunReader();
  private final Predicate<Path> starting;

  /**
   * A table of a folder, which need not exist yet.
   *
   * @param starting whether a training that the studio has started in a run's folder goes on
   */
  RunTable(Path runs, Predicate<Path> starting) {
    this.runs = runs;
    this.starting = starting;
  }

  /** All runs by name, each with the settings that differ between them. */
  List<RunRow> rows() {
    List<RunRow> rows = folders().stream().map(dir -> reader.row(dir, starting.test(dir))).toList();
    Set<String> keys = RunSettings.differing(rows.stream().map(RunRow::settings).toList());
    return rows.stream().map(row -> row.with(only(row.settings(), keys))).toList();
  }

  /**
   * The folder of a run. Names are compared with those that are there, so that none leads
   * elsewhere.
   */
  Optional<Path> find(String id) {
    return folders().stream().filter(dir -> dir.getFileName().toString().equals(id)).findFirst();
  }

  /**
   * What the files of a run say.
   *
   * @throws UserError if one of them is damaged
   */
  RunFiles files(Path dir) {
    return reader.files(dir);
  }

  private static Map<String, JsonNode> only(Map<String, JsonNode> settings, Set<String> keys) {
    Map<String, JsonNode> kept = new LinkedHashMap<>(settings);
    kept.keySet().retainAll(keys);
    return kept;
  }

  private List<Path> folders() {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(runs)) {
      return files
          .filter(file -> Files.isDirectory(file))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(runs, e), e);
    }
  }
}
