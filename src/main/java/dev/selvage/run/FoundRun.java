package dev.selvage.run;

import dev.selvage.config.ConfigReader;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A run among others.
 *
 * @param dir its folder
 * @param name NAME of its settings; empty where they cannot be read
 * @param started when it was begun or continued last. Runs of older versions, and those whose
 *     settings cannot be read, have the time at which config.json was written.
 */
record FoundRun(Path dir, Optional<String> name, Instant started) {
  static final Comparator<FoundRun> BY_START =
      Comparator.comparing(FoundRun::started).thenComparing(FoundRun::dir);

  /** The run in a folder; empty where there is none. */
  static Optional<FoundRun> in(Path dir) {
    Path config = dir.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      return Optional.empty();
    }
    try {
      return RunInfo.find(config)
          .map(
              info ->
                  new FoundRun(
                      dir,
                      Optional.of(ConfigReader.read(null, config, List.of()).NAME),
                      info.started() == null ? written(config) : Instant.parse(info.started())));
    } catch (UserError | DateTimeException e) {
      // who opens it gets the error; without it an older run would be taken for the last one
      return Optional.of(new FoundRun(dir, Optional.empty(), written(config)));
    }
  }

  /** Whether its settings have a NAME, in capital or small letters. */
  boolean mayBe(String other) {
    return name.isEmpty()
        || name.get().toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
  }

  private static Instant written(Path config) {
    try {
      return Files.getLastModifiedTime(config).toInstant();
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(config, e), e);
    }
  }
}
