package dev.selvage.cli;

import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.coco.CocoAnnotations;
import dev.selvage.coco.CocoImage;
import dev.selvage.coco.CocoResults;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.split.Split;
import dev.selvage.eval.CocoEval;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.EvalTable;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Evaluation;
import dev.selvage.predict.Predictor;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunSplit;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code evaluate}: what a model, or a file of results, is worth against the truth. */
final class EvaluateCommand implements Command {
  private static final int SAMPLES = 8;
  private static final long DEFAULT_SEED = 1;

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "compares what a model finds with the truth: COCO's statistics, Matterport's AP,"
        + " pictures";
  }

  @Override
  public String usage() {
    return "--data D --weights W [options] | --truth COCO.json --detections RESULTS.json";
  }

  @Override
  public Options options() {
    return Arguments.with(
        DatasetOptions.DATA,
        DatasetOptions.IMAGES,
        TrainedModel.WEIGHTS,
        RunOptions.RUNS,
        Arguments.value(
            "split",
            "PART",
            "train, valid or all photos (default valid: those that the weights' run held out, by"
                + " its split.csv)"),
        Arguments.value(
            "seed",
            "N",
            "deals the split anew, by VALIDATION_FRACTION and FOLD (default: the run's split, else"
                + " 1)"),
        Arguments.value(
            "min-score",
            "S",
            "objects below this score do not count in COCO's statistics (default "
                + Evaluation.MIN_SCORE
                + "); Matterport's AP and the pictures have the limit DETECTION_MIN_CONFIDENCE"),
        Arguments.value(
            "samples",
            "N",
            "pictures of truth beside result, photos evenly spread (default "
                + SAMPLES
                + " with --out, else none)"),
        Arguments.value(
            "out", "DIR", "where the pictures go (default: pictures beside the weights)"),
        Arguments.value("truth", "FILE", "COCO's annotations: scores a file without a model"),
        Arguments.value("detections", "FILE", "COCO's results on the photos of --truth"),
        ConfigOptions.PRESET,
        ConfigOptions.CONFIG,
        ConfigOptions.SET,
        DeviceOptions.DEVICE,
        DeviceOptions.CONV,
        DeviceOptions.THREADS,
        PrecisionOption.OPTION,
        Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    if (line.hasOption("truth") || line.hasOption("detections")) {
      scoreFiles(line);
    } else {
      evaluate(line);
    }
  }

  private static void scoreFiles(CommandLine line) {
    for (String other : List.of("data", "images", "weights", "samples", "out", "split")) {
      if (line.hasOption(other)) {
        throw new UserError(
            "option --"
                + other
                + ": expected no model and no dataset beside --truth and --detections");
      }
    }
    Path annotations = Path.of(Arguments.required(line, "truth"));
    Path results = Path.of(Arguments.required(line, "detections"));
    CocoAnnotations truth = CocoAnnotations.open(annotations);
    Map<Long, List<Detection>> detections = CocoResults.read(results, truth);
    CocoEval eval = new CocoEval(truth.categories());
    for (CocoImage image : truth.images()) {
      eval.add(truth.instances(image), detections.getOrDefault(image.id(), List.of()));
    }
    CocoScores scores = eval.scores();
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(EvalTable.json(scores));
    } else {
      System.out.println(EvalTable.statistics(scores));
      System.out.print(EvalTable.perClass(scores));
    }
  }

  private static void evaluate(CommandLine line) {
    Arguments.required(line, "data");
    TrainedModel model = TrainedModel.find(line);
    String part = Arguments.choice(line, "split", "valid", "train", "valid", "all");
    int samples = Arguments.integer(line, "samples", line.hasOption("out") ? SAMPLES : 0, 0);
    float minScore = Arguments.fraction(line, "min-score", Evaluation.MIN_SCORE);
    Dataset dataset = DatasetOptions.open(line);
    Config config = model.fitTo(dataset.categories(), dataset.name());
    int[] images = images(line, part, model, dataset, config);
    if (images.length == 0) {
      throw new UserError("--split %s: expected at least one photo, found none".formatted(part));
    }
    Path out = null;
    if (samples > 0) {
      Path beside = model.file().toAbsolutePath().resolveSibling("pictures");
      out = OutputFolder.make(line.hasOption("out") ? Path.of(line.getOptionValue("out")) : beside);
    }
    DeviceOptions.choose(line);
    config = PrecisionOption.apply(line, config);
    float limit = config.DETECTION_MIN_CONFIDENCE;
    // one pass serves both limits: surer detections come first and are never displaced by others
    config = config.with("DETECTION_MIN_CONFIDENCE", Math.min(limit, minScore));
    try (Parameters parameters = model.load()) {
      DatasetEvaluation evaluation =
          new DatasetEvaluation(
              dataset, images, new Predictor(config, parameters), limit, minScore);
      evaluation.draw(samples, out);
      evaluation.run();
      evaluation.print(line.hasOption(Arguments.JSON), part, model.file());
    }
  }

  private static int[] images(
      CommandLine line, String part, TrainedModel model, Dataset dataset, Config config) {
    if (part.equals("all")) {
      return IntStream.range(0, dataset.size()).toArray();
    }
    Split split = split(line, part, model, dataset, config);
    return part.equals("train") ? split.train() : split.valid();
  }

  /** The split of the weights' run, unless the options or the dataset ask for another. */
  private static Split split(
      CommandLine line, String part, TrainedModel model, Dataset dataset, Config config) {
    long seed = Arguments.seed(line, model.run().map(RunInfo::seed).orElse(DEFAULT_SEED));
    if (model.run().isEmpty() || line.hasOption("seed")) {
      return Split.of(dataset, config, seed);
    }
    RunInfo run = model.run().get();
    Path folder = model.file().toAbsolutePath().getParent();
    if (!RunSplit.isFor(folder, run, dataset)) {
      System.err.printf(
          "the weights' run had the %d photos of %s, not these: --split %s says nothing about what"
              + " was trained on%n",
          run.photos(), run.dataset(), part);
      return Split.of(dataset, config, seed);
    }
    return RunSplit.asksForAnother(folder, config)
        ? Split.of(dataset, config, seed)
        : RunSplit.of(folder, dataset, config, seed);
  }
}
