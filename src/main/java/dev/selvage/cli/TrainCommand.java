package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.cli.options.RankOptions;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.ranks.Communicator;
import dev.selvage.ranks.Together;
import dev.selvage.run.RunFolder;
import dev.selvage.tensor.Tensor;
import dev.selvage.train.FollowingRun;
import dev.selvage.train.NewRun;
import dev.selvage.train.ResumedRun;
import dev.selvage.train.RunStart;
import dev.selvage.train.TrainingListener;
import dev.selvage.train.TrainingListeners;
import dev.selvage.train.TrainingRun;
import dev.selvage.train.listener.EpochLog;
import dev.selvage.train.listener.ProgressDisplay;
import dev.selvage.train.listener.SplitPageWriter;
import dev.selvage.train.listener.TensorBoardLog;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** {@code train}: trains a new run, or continues one. */
final class TrainCommand implements Command {
  private static final int DEFAULT_SEED = 1;
  private static final int DEFAULT_LOADERS = 2;

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String summary() {
    return "train a model; continue the latest run if there is one";
  }

  @Override
  public String usage() {
    return "--data PATH [options]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "train --data data/sample --preset sample",
        "train --data DIR --preset fashion --weights mask_rcnn_coco.h5 --new");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(Section.DATA, DatasetOptions.DATA, DatasetOptions.IMAGES)
        .add(
            Section.MODEL,
            ConfigOptions.PRESET,
            ConfigOptions.CONFIG,
            ConfigOptions.SET,
            Arguments.value(
                "weights",
                "W",
                "initial weights of a new run: FILE.h5 (loaded by layer name), a run's folder (its last"
                    + " complete epoch), last or best (of the latest run), or none for random"
                    + " weights",
                "none"))
        .add(
            Section.RUN,
            Arguments.flag("new", "start a new run even if there is one to continue"),
            Arguments.value(
                "run",
                "DIR",
                "folder of the run",
                "the latest run in --runs, or a new folder there"),
            RunOptions.RUNS,
            Arguments.value(
                "seed",
                "N",
                "random seed of the initial weights, the split and the sampling",
                DEFAULT_SEED),
            Arguments.value(
                "split",
                "FILE",
                "hold out the photos that this file names: rows of ImageId,Part with train or valid,"
                    + " such as split.csv of another run",
                "by --seed, VALIDATION_FRACTION and FOLD"))
        .add(
            Section.DEVICE,
            DeviceOptions.DEVICE,
            DeviceOptions.CONV,
            DeviceOptions.THREADS,
            PrecisionOption.OPTION,
            Arguments.value("loaders", "N", "threads that load photos", DEFAULT_LOADERS),
            RankOptions.RANKS,
            RankOptions.TIMEOUT)
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Communicator joined = RankOptions.join(line);
    Together.run(joined, () -> train(line, joined));
  }

  private static void train(CommandLine line, Communicator joined) {
    Communicator ranks = RankOptions.chooseDevice(line, joined);
    Arguments.required(line, "data");
    RunOptions.requireUse(
        line,
        !line.hasOption("run")
            || List.of("last", "best").contains(line.getOptionValue("weights", "none")),
        "--weights last or best where --run names the run");
    int loaders = Arguments.integer(line, "loaders", DEFAULT_LOADERS, 1);
    if (ranks.rank() > 0) {
      follow(line, ranks, loaders);
      return;
    }
    long before = Tensor.live();
    Map<String, Object> result = new LinkedHashMap<>();
    try (StopSignal stop = StopSignal.open("the step is finished and the run saved");
        TrainingRun run = open(line, ranks)) {
      AtomicFile.delete(run.folder().lastWords()); // of an earlier start
      ranks.writeLastWords(run.folder().lastWords());
      run.train(ranks, loaders, listeners(run), stop::asked);
      result.put("run", run.folder().dir().toString());
      result.put("epochs", run.epochs());
      result.put("complete", run.isComplete());
      result.put("ended_early", run.endedEarly());
      run.bestEpoch().ifPresent(epoch -> result.put("best_epoch", epoch));
    }
    long leaked = Tensor.live() - before;
    if (leaked != 0) {
      System.err.println("selvage: " + leaked + " native tensors were not freed; please report it");
    }
    report(line, result);
  }

  /** Trains as another rank than 0, which has the run's files and speaks to the user. */
  private static void follow(CommandLine line, Communicator ranks, int loaders) {
    try (StopSignal stop = StopSignal.open("all ranks finish the step, and rank 0 saves the run")) {
      Dataset dataset = DatasetOptions.open(line);
      RankOptions.requireAlike(line, ranks, dataset);
      try (FollowingRun run = FollowingRun.join(ranks, dataset)) {
        run.train(loaders, stop::asked);
      }
    }
  }

  /** What writes and shows how the run goes on; an epoch is shown when it is written. */
  private static TrainingListener listeners(TrainingRun run) {
    return new TrainingListeners(
        List.of(
            new SplitPageWriter(run),
            new EpochLog(run.folder().log()),
            new TensorBoardLog(run),
            new ProgressDisplay(PrintableStream.unescaped(System.err), Terminal.isStderr())));
  }

  /** The run to train: one to continue if there is one, else a new one. */
  private static TrainingRun open(CommandLine line, Communicator ranks) {
    Optional<RunFolder> previous = line.hasOption("new") ? Optional.empty() : previous(line);
    ConfigOptions settings = ConfigOptions.read(line, previous.map(RunFolder::config).orElse(null));
    Dataset dataset = DatasetOptions.open(line);
    Config config = PrecisionOption.apply(line, settings.fitTo(dataset));
    DeviceOptions.requireGpus(config, ranks.size());
    RankOptions.requireAlike(line, ranks, dataset);
    TrainingRun.requireShares(config, ranks);
    String command = System.getProperty("sun.java.command", "train");
    if (previous.isPresent()) {
      for (String option : List.of("weights", "split")) {
        if (line.hasOption(option)) {
          System.err.printf(
              "--%s is for a new run and not used here, where one is continued; --new begins"
                  + " another%n",
              option);
        }
      }
      Long seed = line.hasOption("seed") ? Arguments.seed(line, DEFAULT_SEED) : null;
      return ResumedRun.open(previous.get(), config, dataset, seed, command, System.err::println);
    }
    String source = line.getOptionValue("weights", "none");
    Path weights = source.equals("none") ? null : RunOptions.weights(line, source);
    Path split = line.hasOption("split") ? Path.of(line.getOptionValue("split")) : null;
    RunStart start = new RunStart(weights, split, Arguments.seed(line, DEFAULT_SEED), command);
    if (line.hasOption("run")) {
      return NewRun.begin(newFolder(line), config, dataset, start, System.err::println);
    }
    return NewRun.beginIn(RunOptions.folder(line), config, dataset, start, System.err::println);
  }

  /** The run in {@code --run}, or the last one; of the given name where the options give one. */
  private static Optional<RunFolder> previous(CommandLine line) {
    if (line.hasOption("run")) {
      return RunFolder.open(Path.of(line.getOptionValue("run")));
    }
    String name =
        ConfigOptions.nameTheRun(line) ? ConfigOptions.read(line, null).config().NAME : null;
    return RunFolder.last(RunOptions.folder(line), name);
  }

  private static Path newFolder(CommandLine line) {
    Path dir = Path.of(line.getOptionValue("run"));
    if (RunFolder.open(dir).isPresent()) {
      throw new UserError(
          "--new: expected --run to name a folder without a run, found one in %s".formatted(dir));
    }
    return dir;
  }

  private static void report(CommandLine line, Map<String, Object> result) {
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(result);
      return;
    }
    String outlook = "the same command continues the run";
    if (Boolean.TRUE.equals(result.get("ended_early"))) {
      outlook = "EARLY_STOP_EPOCHS has ended the run, --new begins another";
    } else if (Boolean.TRUE.equals(result.get("complete"))) {
      outlook = "the run is complete, --new begins another";
    } else if (line.hasOption("new")) {
      outlook = "the same command without --new continues the run";
    }
    String best =
        result.containsKey("best_epoch")
            ? ", the best one is %s".formatted(result.get("best_epoch"))
            : "";
    System.out.printf(
        "%s: %s epochs trained%s; %s%n", result.get("run"), result.get("epochs"), best, outlook);
  }
}
