package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.evaluation.EvaluationReport;
import dev.selvage.cli.evaluation.FileEvaluation;
import dev.selvage.cli.evaluation.MatchOptions;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.split.Split;
import dev.selvage.eval.analysis.Analysis.Matching;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Evaluation;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.WeightsOrigin;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunSplit;
import dev.selvage.run.WeightsInfo;
import dev.selvage.run.WeightsInfo.Training;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.cli.CommandLine;

/** {@code evaluate}: scores a model, or a file of detections, against the ground truth. */
final class EvaluateCommand implements Command {
  private static final int SAMPLES = 8;

  private static final String OTHER_PHOTOS =
      "--split all takes all photos, --seed N a new split, which may have photos of the training";

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "measure detection quality: COCO metrics, Matterport's AP, pictures";
  }

  @Override
  public String usage() {
    return "(--data PATH --weights W | --truth FILE --detections FILE) [options]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "evaluate --data data/sample --weights last --out pictures",
        "evaluate --data data/sample --weights last --report report",
        "evaluate --truth instances_val.json --detections detections.json");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            DatasetOptions.DATA,
            DatasetOptions.IMAGES,
            Arguments.value(
                "split",
                "PART",
                "photos to evaluate: train, valid or all; the split is that of the weights' training",
                "valid"),
            Arguments.value(
                "seed",
                "N",
                "make a new split with this random seed",
                "the split of the weights' training"),
            Arguments.value(
                "truth", "FILE", "COCO annotation file: score --detections without a model"),
            Arguments.value("detections", "FILE", "COCO results file for the photos of --truth"))
        .add(Section.MODEL, TrainedModel.OPTIONS)
        .add(Section.DEVICE, DeviceOptions.with(PrecisionOption.OPTION))
        .add(
            Section.OUTPUT,
            Arguments.value(
                "min-score",
                "S",
                "lowest score that counts in the COCO metrics; Matterport's AP and the pictures use"
                    + " DETECTION_MIN_CONFIDENCE",
                Evaluation.MIN_SCORE),
            MatchOptions.IOU,
            MatchOptions.SCORE,
            Arguments.value(
                "samples",
                "N",
                "pictures to draw, ground truth next to detections",
                SAMPLES + " with --out, else none"),
            Arguments.value(
                "out", "DIR", "folder for the pictures", "pictures/ next to the weights"),
            EvaluationReport.OPTION,
            Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    if (line.hasOption("truth") || line.hasOption("detections")) {
      FileEvaluation.run(line);
    } else {
      evaluate(line);
    }
  }

  private static void evaluate(CommandLine line) {
    Arguments.required(line, "data");
    TrainedModel model = TrainedModel.find(line);
    String part = Arguments.choice(line, "split", "valid", "train", "valid", "all");
    if (part.equals("all") && line.hasOption("seed")) {
      throw new UserError("option --seed: expected --split train or valid, found --split all");
    }
    int samples = Arguments.integer(line, "samples", line.hasOption("out") ? SAMPLES : 0, 1);
    float minScore = Arguments.fraction(line, "min-score", Evaluation.MIN_SCORE);
    Dataset dataset = DatasetOptions.open(line);
    Config config = model.fitTo(dataset.categories(), dataset.name());
    int[] images = images(line, part, model, dataset, config);
    if (images.length == 0) {
      throw new UserError("--split %s: expected at least one photo, found none".formatted(part));
    }
    Path out = null;
    if (samples > 0) {
      Path nextToWeights = model.file().toAbsolutePath().resolveSibling("pictures");
      out =
          OutputFolder.make(
              line.hasOption("out") ? Path.of(line.getOptionValue("out")) : nextToWeights);
    }
    Optional<EvaluationReport> report = EvaluationReport.of(line);
    DeviceOptions.choose(line);
    config = PrecisionOption.apply(line, config);
    float limit = config.DETECTION_MIN_CONFIDENCE;
    Matching matching = MatchOptions.of(line, true, limit);
    // one pass serves both limits: a detection never removes one with a higher score
    config = config.with("DETECTION_MIN_CONFIDENCE", Math.min(limit, minScore));
    try (Parameters parameters = model.load(config)) {
      PhotoFailures failures = new PhotoFailures(images.length, System.err::println);
      Predictor predictor =
          new Predictor(config, parameters, failures.photos(config.EXIF_ORIENTATION));
      EvaluationJob job =
          new EvaluationJob(dataset, images, predictor, failures, limit, minScore, matching);
      job.draw(samples, out);
      report.ifPresent(r -> job.keepDetections());
      job.run();
      job.print(line.hasOption(Arguments.JSON), part, model.file());
      report.ifPresent(r -> job.write(r, part, model.file()));
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

  /** The split of the weights' training, unless the options or the dataset require another one. */
  private static Split split(
      CommandLine line, String part, TrainedModel model, Dataset dataset, Config config) {
    WeightsOrigin origin = model.origin();
    if (line.hasOption("seed")) {
      return anew(dataset, config, part, Arguments.seed(line, 0));
    }
    if (origin.run().isPresent()) {
      return splitOfRun(model.file(), origin.run().get(), part, dataset, config);
    }
    Training training =
        origin
            .inside()
            .flatMap(WeightsInfo::training)
            .orElseThrow(
                () ->
                    new UserError(
                        "--split %s: expected weights that say which photos were held out, found %s, which does not; %s"
                            .formatted(part, model.file(), OTHER_PHOTOS)));
    if (ConfigOptions.sets(line, "FOLD") || ConfigOptions.sets(line, "VALIDATION_FRACTION")) {
      return anew(dataset, config, part, training.seed());
    }
    return origin
        .inside()
        .get()
        .split(dataset)
        .orElseThrow(
            () ->
                new UserError(
                    "--split %s: expected the %d photos of %s, on which %s was trained, found %d photos of %s, with other names; %s"
                        .formatted(
                            part,
                            training.photos(),
                            training.dataset(),
                            model.file(),
                            dataset.size(),
                            dataset.name(),
                            OTHER_PHOTOS)));
  }

  private static Split splitOfRun(
      Path weights, RunInfo run, String part, Dataset dataset, Config config) {
    Path folder = weights.toAbsolutePath().getParent();
    if (!RunSplit.isFor(folder, run, dataset)) {
      System.err.printf(
          "selvage: the weights were trained on another dataset (%d photos of %s): --split %s is a"
              + " new split, not that of their training%n",
          run.photos(), run.dataset(), part);
      return Split.of(dataset, config, run.seed());
    }
    return RunSplit.asksForAnother(folder, config)
        ? anew(dataset, config, part, run.seed())
        : RunSplit.of(folder, dataset, config, run.seed());
  }

  private static Split anew(Dataset dataset, Config config, String part, long seed) {
    System.err.printf(
        "selvage: --split %s is a new split, in which there may be photos that the weights were"
            + " trained on%n",
        part);
    return Split.of(dataset, config, seed);
  }
}
