package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Dataset;
import dev.selvage.data.loader.DatasetLint;
import dev.selvage.data.split.Split;
import dev.selvage.data.split.SplitFile;
import dev.selvage.model.Initializer;
import dev.selvage.run.ModelSettings;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunLock;
import dev.selvage.run.RunSplit;
import dev.selvage.run.Versions;
import dev.selvage.run.WeightsInfo;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import dev.selvage.weights.files.KerasFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Begins a run: splits the dataset, initializes the weights and writes the folder. */
public final class NewRun {
  private NewRun() {}

  /**
   * Begins a run in a folder of its own, named by NAME and the time.
   *
   * @param runs the folder of all runs
   */
  public static TrainingRun beginIn(
      Path runs, Config config, Dataset dataset, RunStart start, Consumer<String> remarks) {
    return begin(() -> RunFolder.makeFresh(runs, config.NAME), config, dataset, start, remarks);
  }

  /**
   * Begins a run and writes its folder, so that a run that cannot be saved fails before it trains.
   *
   * @param dir the run's folder, which must hold no run
   * @param remarks takes sentences for the user
   * @throws UserError if the folder holds a run or cannot be written, another training has it, the
   *     weights or the split cannot be read, or nothing is left to train on or to hold out
   */
  public static TrainingRun begin(
      Path dir, Config config, Dataset dataset, RunStart start, Consumer<String> remarks) {
    return begin(() -> make(dir), config, dataset, start, remarks);
  }

  private static TrainingRun begin(
      Supplier<Path> maker,
      Config config,
      Dataset dataset,
      RunStart start,
      Consumer<String> remarks) {
    RunInfo info =
        new RunInfo(
            List.of(start.command()),
            RunInfo.now(),
            Versions.all(),
            start.seed(),
            start.weights() == null ? "none" : start.weights().toString(),
            dataset.name(),
            dataset.size(),
            RunInfo.fingerprint(dataset),
            dataset.categories());
    List<String> findings = DatasetLint.check(dataset, config);
    Split split = split(dataset, config, start);
    EmaWeights averages = new EmaWeights(config);
    RunFolder folder;
    RunLock lock;
    try {
      initialize(averages, start.weights(), config, start.seed(), remarks);
      folder = RunFolder.of(maker.get(), config.NAME);
      lock = lock(folder);
    } catch (RuntimeException e) {
      averages.close();
      throw e;
    }
    TrainingRun run =
        new TrainingRun(folder, lock, config, averages, dataset, split, start.seed(), remarks);
    try {
      run.saveBeginning();
      SplitFile.write(RunSplit.file(folder.dir()), split, dataset);
      ConfigWriter.write(config, info.about(), folder.config()); // makes the folder a run
    } catch (RuntimeException e) {
      deleteBeginning(folder);
      lock.deleteWithFolder();
      run.close();
      throw e;
    }
    remarks.accept(
        "%s: new run on %d photos of %s, %d of them held out"
            .formatted(folder.dir(), dataset.size(), dataset.name(), split.valid().length));
    remarkOnEmptyPhotos(dataset, config, remarks);
    findings.forEach(remarks);
    return run;
  }

  private static Path make(Path dir) {
    try {
      return Files.createDirectories(dir);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(dir, e);
    }
  }

  /** Takes the lock before anything is written. */
  private static RunLock lock(RunFolder folder) {
    RunLock lock;
    try {
      lock = RunLock.take(folder.dir());
    } catch (RuntimeException e) {
      folder.dir().toFile().delete(); // does nothing unless the folder is empty
      throw e;
    }
    // another training may have begun and ended since the options were read
    if (Files.exists(folder.config()) || folder.lastComplete().isPresent()) {
      lock.close();
      throw new UserError(
          "%s: expected a folder without a run, found %s"
              .formatted(
                  folder.dir(),
                  Files.exists(folder.config())
                      ? "one"
                      : "the epochs of one, whose config.json is missing"));
    }
    return lock;
  }

  private static void deleteBeginning(RunFolder folder) {
    for (Path file : List.of(folder.config(), RunSplit.file(folder.dir()), folder.midEpoch())) {
      file.toFile().delete();
    }
  }

  private static Split split(Dataset dataset, Config config, RunStart start) {
    if (start.split() != null) {
      Split split = SplitFile.read(start.split()).of(dataset);
      if (split.train().length == 0 || split.valid().length == 0) {
        throw new UserError(
            "%s: expected at least one photo to train on and one to hold out, found %d and %d"
                .formatted(start.split(), split.train().length, split.valid().length));
      }
      return split;
    }
    Split split = Split.of(dataset, config, start.seed());
    if (split.train().length == 0 || config.VALIDATION_FRACTION > 0 && split.valid().length == 0) {
      throw new UserError(
          "VALIDATION_FRACTION: expected at least one photo to train on and one to hold out, found %d and %d (%s of the %d photos of %s)"
              .formatted(
                  split.train().length,
                  split.valid().length,
                  config.VALIDATION_FRACTION,
                  dataset.size(),
                  dataset.name()));
    }
    return split;
  }

  private static void initialize(
      EmaWeights averages, Path weights, Config config, long seed, Consumer<String> remarks) {
    Initializer.initialize(averages.training(), seed);
    if (weights != null) {
      remarkOnSettings(weights, config, remarks);
      List<String> report = KerasFile.load(weights, averages.training(), true).lines();
      remarks.accept(weights + ":");
      report.forEach(line -> remarks.accept("  " + line));
    }
    averages.reset();
  }

  /** Weights that were trained with other anchors or another size begin worse than they could. */
  private static void remarkOnSettings(Path weights, Config config, Consumer<String> remarks) {
    List<String> differences =
        WeightsInfo.of(weights, KerasFile.origin(weights).texts())
            .map(info -> ModelSettings.differences(info.json(), config))
            .orElse(List.of());
    if (!differences.isEmpty()) {
      remarks.accept("%s was trained with %s".formatted(weights, String.join("; ", differences)));
    }
  }

  private static void remarkOnEmptyPhotos(
      Dataset dataset, Config config, Consumer<String> remarks) {
    long empty =
        IntStream.range(0, dataset.size()).filter(i -> dataset.classIds(i).length == 0).count();
    if (empty > 0) {
      remarks.accept(
          "%d photos show no object; %s"
              .formatted(
                  empty,
                  config.SKIP_EMPTY_PHOTOS
                      ? "SKIP_EMPTY_PHOTOS leaves them out"
                      : "they are trained on, and SKIP_EMPTY_PHOTOS=true leaves them out"));
    }
  }
}
