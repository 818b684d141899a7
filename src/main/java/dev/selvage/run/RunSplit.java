package dev.selvage.run;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Dataset;
import dev.selvage.data.split.Split;
import dev.selvage.data.split.SplitFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which photos a run holds out: chosen when it begins, saved in split.csv, and from then on read
 * from there.
 */
public final class RunSplit {
  private RunSplit() {}

  /** The file of a run's folder. */
  public static Path file(Path dir) {
    return dir.resolve("split.csv");
  }

  /**
   * The split of a run that has begun.
   *
   * @param dir its folder
   * @param config its settings
   * @throws dev.selvage.util.UserError the file is damaged, or of other photos than the dataset's
   */
  public static Split of(Path dir, Dataset dataset, Config config, long seed) {
    if (Files.exists(file(dir))) {
      return SplitFile.read(file(dir)).of(dataset);
    }
    // runs from before the splits were stratified have no such setting
    return ConfigReader.names("FOLD", dir.resolve("config.json"), List.of())
        ? Split.of(dataset, config, seed)
        : Split.random(dataset.size(), config.VALIDATION_FRACTION, seed);
  }

  /**
   * Whether a dataset is the one that a run has split: the same photos or, where no split is
   * written down, as many of the same name.
   *
   * @throws dev.selvage.util.UserError the file is damaged
   */
  public static boolean isFor(Path dir, RunInfo run, Dataset dataset) {
    return Files.exists(file(dir))
        ? SplitFile.read(file(dir)).isFor(dataset)
        : run.photos() == dataset.size() && run.dataset().equals(dataset.name());
  }

  /**
   * Whether a dataset has the photos and the annotations that a run began with. Older versions knew
   * a photo by the name that the dataset states, such as {@code ./a.jpg}.
   *
   * @throws dev.selvage.util.UserError the split is damaged
   */
  public static boolean isUnchanged(Path dir, RunInfo run, Dataset dataset) {
    if (run.fingerprint().equals(RunInfo.fingerprint(dataset))) {
      return true;
    }
    if (!Files.exists(file(dir))) {
      return false;
    }
    SplitFile split = SplitFile.read(file(dir));
    return run.fingerprint().equals(RunInfo.fingerprint(dataset, i -> split.name(dataset, i)));
  }

  /** Whether settings hold out another share than the run in a folder did. */
  public static boolean asksForAnother(Path dir, Config config) {
    Config run = ConfigReader.read(null, dir.resolve("config.json"), List.of());
    return run.VALIDATION_FRACTION != config.VALIDATION_FRACTION || run.FOLD != config.FOLD;
  }
}
