package dev.selvage.studio.data;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Dataset;
import dev.selvage.data.split.Split;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunSplit;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The runs of a folder, and which photos each holds out. Thread-safe. */
public final class RunSplits {
  private final Path runs;

  /**
   * By the run's name and state, see {@link #state}; reading the names of all photos takes long.
   */
  private final Map<String, Split> splits = new ConcurrentHashMap<>();

  private final Map<String, Boolean> fitting = new ConcurrentHashMap<>();

  /**
   * The runs of a folder.
   *
   * @param runs the folder, which may not exist yet
   */
  public RunSplits(Path runs) {
    this.runs = runs;
  }

  /** The folder of all runs. */
  public Path folder() {
    return runs;
  }

  /** The names of the runs' folders, in their order. */
  public List<String> names() {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve("config.json")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(runs, e), e);
    }
  }

  /**
   * A run by the name of its folder, which is looked up among all, so that no other name opens
   * anything.
   *
   * @throws UserError there is none
   */
  public RunFolder run(String name) {
    if (!names().contains(name)) {
      throw new UserError("expected a run in %s, found none named '%s'".formatted(runs, name));
    }
    return RunFolder.open(runs.resolve(name)).orElseThrow();
  }

  /** The settings of a run. */
  public Config config(String name) {
    return ConfigReader.read(null, run(name).config(), List.of());
  }

  /** Whether a run was trained on a dataset; false where its files do not say so or are damaged. */
  public boolean isFor(String name, Dataset dataset) {
    try {
      RunFolder run = run(name);
      return fitting.computeIfAbsent(
          state(run),
          n ->
              RunInfo.find(run.config())
                  .map(info -> RunSplit.isFor(run.dir(), info, dataset))
                  .orElse(false));
    } catch (UserError e) {
      return false;
    }
  }

  /** Differs when another run gets the same name, or a run its split. */
  private static String state(RunFolder run) {
    Path split = RunSplit.file(run.dir());
    Path file = Files.exists(split) ? split : run.config();
    try {
      return "%s %s".formatted(file, Files.getLastModifiedTime(file));
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }

  /** The names of the runs that were trained on a dataset. */
  public List<String> of(Dataset dataset) {
    List<String> trained = new ArrayList<>();
    for (String name : names()) {
      if (isFor(name, dataset)) {
        trained.add(name);
      }
    }
    return trained;
  }

  /**
   * The split of a run.
   *
   * @throws UserError there is no such run, or it was trained on another dataset
   */
  public Split split(String name, Dataset dataset) {
    RunFolder run = run(name);
    if (!isFor(name, dataset)) {
      throw new UserError(
          "%s: expected a run that was trained on %s, found one of other photos"
              .formatted(name, dataset.name()));
    }
    return splits.computeIfAbsent(
        state(run),
        n -> RunSplit.of(run.dir(), dataset, config(name), RunInfo.read(run.config()).seed()));
  }

  /**
   * The photos of one part.
   *
   * @param part train or valid
   */
  BitSet photos(String name, String part, Dataset dataset) {
    Split split = split(name, dataset);
    BitSet photos = new BitSet();
    IntStream.of(part.equals("train") ? split.train() : split.valid()).forEach(photos::set);
    return photos;
  }
}
