package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.data.loader.DatasetLint;
import dev.selvage.data.split.Split;
import dev.selvage.data.split.SplitFile;
import dev.selvage.inspect.SplitComparison;
import dev.selvage.model.Initializer;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.Parameters;
import dev.selvage.report.SplitPage;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunLock;
import dev.selvage.run.RunSplit;
import dev.selvage.run.Versions;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import dev.selvage.weights.files.KerasFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A run from its folder to its weights: begun or continued, trained, and described by its files.
 */
public final class TrainingRun implements AutoCloseable {
  /** Batches that are prepared ahead: enough for a photo that takes several steps to decode. */
  private static final int BATCHES_AHEAD = 4;

  private final RunFolder folder;
  private final Config config;
  private final RunInfo info;
  private final Dataset dataset;
  private final Parameters parameters;
  private final EmaWeights averages;
  private final Checkpoints checkpoints;
  private final Schedule schedule;
  private final PrintStream log;
  private Split split;
  private TrainingState position = new TrainingState();
  private RunLock lock;

  private TrainingRun(
      RunFolder folder, Config config, RunInfo info, Dataset dataset, PrintStream log) {
    this.folder = folder;
    this.config = config;
    this.info = info;
    this.dataset = dataset;
    this.log = log;
    schedule = new Schedule(config);
    parameters = new Parameters(ParameterTable.of(config));
    averages = new EmaWeights(config, parameters);
    checkpoints = new Checkpoints(folder, parameters, averages);
  }

  /**
   * Begins a run and writes its folder, so that one that cannot be saved ends before it is trained.
   *
   * @param dir the run's folder, which must hold no run
   * @param weights a weight file to load by name what it has, or null for none
   * @param command the command line, for the record
   * @param log where to say what happens
   */
  public static TrainingRun begin(
      Path dir,
      Config config,
      Dataset dataset,
      Path weights,
      long seed,
      String command,
      PrintStream log) {
    RunInfo info =
        new RunInfo(
            List.of(command),
            Versions.all(),
            seed,
            weights == null ? "none" : weights.toString(),
            dataset.name(),
            dataset.size(),
            RunInfo.fingerprint(dataset),
            dataset.categories());
    TrainingRun run = new TrainingRun(RunFolder.of(dir, config.NAME), config, info, dataset, log);
    try {
      List<String> remarks = DatasetLint.check(dataset, config);
      run.split = run.deal();
      run.initialize(weights);
      Files.createDirectories(dir);
      run.checkpoints.saveMidEpoch(run.position);
      SplitFile.write(RunSplit.file(dir), run.split, dataset);
      SplitPage.write(
          run.folder.splitPage(),
          dataset.name(),
          SplitComparison.of(run.split, dataset, config, seed));
      run.describe(info); // from now on the folder is a run
      run.lock = RunLock.take(dir);
      log.printf(
          "%s: a new run on %d photos of %s, %d of them held out%n",
          dir, dataset.size(), dataset.name(), run.split.valid().length);
      run.tellOfEmptyPhotos();
      remarks.forEach(log::println);
      return run;
    } catch (IOException e) {
      run.close();
      throw AtomicFile.cannotWrite(dir, e);
    } catch (RuntimeException e) {
      run.close();
      dir.toFile().delete(); // does nothing unless the folder is empty
      throw e;
    }
  }

  private void tellOfEmptyPhotos() {
    long empty =
        IntStream.range(0, dataset.size()).filter(i -> dataset.classIds(i).length == 0).count();
    if (empty > 0) {
      log.printf(
          "%d photos show no object and are %s%n",
          empty,
          config.SKIP_EMPTY_PHOTOS
              ? "left out (SKIP_EMPTY_PHOTOS)"
              : "trained on as such; SKIP_EMPTY_PHOTOS=true leaves them out");
    }
  }

  /**
   * Continues a run where it was last known to stand.
   *
   * @param seed null for the run's own
   * @throws UserError if the dataset or what the run cannot change has changed, or nothing of the
   *     run can be used
   */
  public static TrainingRun resume(
      RunFolder folder,
      Config config,
      Dataset dataset,
      Long seed,
      String command,
      PrintStream log) {
    RunInfo before = RunInfo.read(folder.config());
    Config old = ConfigReader.read(null, folder.config(), List.of());
    ResumeCompatibility.require(folder, before, old, dataset, config, seed);
    TrainingRun run = new TrainingRun(folder, config, before, dataset, log);
    try {
      run.lock = RunLock.take(folder.dir());
      List<String> remarks = DatasetLint.check(dataset, config);
      run.split = RunSplit.of(folder.dir(), dataset, config, before.seed());
      run.position = run.checkpoints.restore(run.schedule, log::println);
      SplitFile.write(RunSplit.file(folder.dir()), run.split, dataset);
      run.checkpoints.linkBest(run.position);
      run.describe(before.continuedBy(command));
      log.printf(
          "%s: continued after epoch %d, step %d%n",
          folder.dir(), run.position.epochs, run.position.step());
      ResumeCompatibility.changes(old, config).forEach(log::println);
      remarks.forEach(log::println);
      return run;
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  public RunFolder folder() {
    return folder;
  }

  /** Complete epochs. */
  public int epochs() {
    return position.epochs;
  }

  /** Whether all stages are done or the run has ended early. */
  public boolean isComplete() {
    return schedule.isOver(position);
  }

  /** Whether it is complete before all stages are done. */
  public boolean endedEarly() {
    return isComplete() && position.epochs < schedule.epochs();
  }

  /** The epoch with the best mask AP on photos held out; empty where none was measured. */
  public OptionalInt bestEpoch() {
    return position.bestEpoch == 0 ? OptionalInt.empty() : OptionalInt.of(position.bestEpoch);
  }

  /**
   * Trains until the run is complete or stop says so.
   *
   * @param loaders threads that prepare photos
   * @param terminal whether the log is shown to a person, who then sees a bar
   */
  public void train(int loaders, boolean terminal, BooleanSupplier stop) {
    MemoryGuard.available()
        .ifPresent(bytes -> MemoryGuard.check(config, bytes).ifPresent(log::println));
    int images = Schedule.imagesPerStep(config);
    try (BatchLoader training = loader(split.train(), loaders, true);
        BatchLoader held = validates() ? loader(split.valid(), loaders, false) : null;
        ProgressDisplay display =
            new ProgressDisplay(log, terminal, config.STEPS_PER_EPOCH, images)) {
      RunFiles files = new RunFiles(folder, checkpoints, position, config.KEEP_CHECKPOINTS);
      MaskRcnn model = new MaskRcnn(config, parameters);
      MaskRcnn validated = averages.areKept() ? new MaskRcnn(config, averages.weights()) : model;
      ValidationAp scoring = new ValidationAp(config, averages.weights(), dataset, split.valid());
      TensorBoardImages exhibits =
          new TensorBoardImages(config, averages.weights(), dataset, split.valid());
      Validation validation =
          new Validation(
              config, averages, validated, Optional.ofNullable(held), exhibits, scoring, display);
      new Trainer(config, parameters, averages, model, training, validation, files, display)
          .run(position, stop);
      reportSkipped(training.failures());
    }
  }

  private void reportSkipped(PhotoFailures failures) {
    if (failures.count() > 0) {
      log.printf(
          "%s: %d of %d photos to train on failed and were skipped, each named above%n",
          folder.dir(), failures.count(), split.train().length);
    }
  }

  @Override
  public void close() {
    averages.close();
    parameters.close();
    if (lock != null) {
      lock.close();
    }
  }

  private void initialize(Path weights) {
    Initializer.initialize(parameters, info.seed());
    if (weights != null) {
      List<String> report = KerasFile.load(weights, parameters, true).lines();
      log.println(weights + ":");
      report.forEach(line -> log.println("  " + line));
    }
    averages.reset();
  }

  private void describe(RunInfo about) {
    ConfigWriter.write(config, about.about(), folder.config());
  }

  private boolean validates() {
    return split.valid().length > 0 && config.VALIDATION_STEPS > 0;
  }

  private BatchLoader loader(int[] images, int threads, boolean shuffled) {
    return shuffled
        ? BatchLoader.training(dataset, images, config, info.seed(), threads, BATCHES_AHEAD)
        : BatchLoader.validation(dataset, images, config, info.seed(), threads, BATCHES_AHEAD);
  }

  private Split deal() {
    Split dealt = Split.of(dataset, config, info.seed());
    if (dealt.train().length == 0 || config.VALIDATION_FRACTION > 0 && dealt.valid().length == 0) {
      throw new UserError(
          "VALIDATION_FRACTION: expected photos to train on and photos to hold out, found %d and %d at %s of the %d photos of %s"
              .formatted(
                  dealt.train().length,
                  dealt.valid().length,
                  config.VALIDATION_FRACTION,
                  dataset.size(),
                  dataset.name()));
    }
    return dealt;
  }
}
