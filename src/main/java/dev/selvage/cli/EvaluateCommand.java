package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.evaluation.EvaluationReport;
import dev.selvage.cli.evaluation.FileEvaluation;
import dev.selvage.cli.evaluation.MatchOptions;
import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.model.TrainedModels.Loaded;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.eval.analysis.Analysis.Matching;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Evaluation;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.RawDetector;
import dev.selvage.predict.RawFile;
import dev.selvage.predict.View;
import dev.selvage.tune.Tuned;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** {@code evaluate}: scores a model, or a file of detections, against the ground truth. */
final class EvaluateCommand implements Command {
  private static final int SAMPLES = 8;

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
            DatasetPart.split("to evaluate"),
            DatasetPart.SEED,
            Arguments.value(
                "truth", "FILE", "COCO annotation file: score --detections without a model"),
            Arguments.value("detections", "FILE", "COCO results file for the photos of --truth"))
        .add(Section.MODEL, TrainedModels.OPTIONS)
        .add(
            Section.MODEL,
            TrainedModels.TUNED,
            TrainedModels.VIEWS,
            Arguments.value(
                "raw",
                "FILE",
                "take what the model says from this file, as `tune` keeps it, and run the model only"
                    + " on the photos that are missing there",
                "run the model, and keep nothing"))
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
    TrainedModels models = TrainedModels.find(line);
    String part = DatasetPart.of(line);
    int samples = Arguments.integer(line, "samples", line.hasOption("out") ? SAMPLES : 0, 1);
    float minScore = Arguments.fraction(line, "min-score", Evaluation.MIN_SCORE);
    Dataset dataset = DatasetOptions.open(line);
    List<Config> configs = models.fitTo(dataset.categories(), dataset.name());
    Optional<Tuned> tuned = models.tuned(line, dataset::categories);
    Optional<DetectionRules> rules = tuned.map(Tuned::rules);
    List<View> views = TrainedModels.views(line, tuned);
    int[] images = DatasetPart.images(line, part, models, dataset, configs);
    if (images.length == 0) {
      throw new UserError("--split %s: expected at least one photo, found none".formatted(part));
    }
    Path out = null;
    if (samples > 0) {
      Path nextToWeights = models.firstFile().toAbsolutePath().resolveSibling("pictures");
      out =
          OutputFolder.make(
              line.hasOption("out") ? Path.of(line.getOptionValue("out")) : nextToWeights);
    }
    Optional<EvaluationReport> report = EvaluationReport.of(line);
    DeviceOptions.choose(line);
    configs = TrainedModels.withPrecision(line, configs);
    if (rules.isPresent() && line.hasOption("min-score")) {
      throw new UserError("option --min-score: expected none with --tuned, which chooses by score");
    }
    if (rules.isPresent()) {
      minScore = 0; // all that the rules choose counts
    }
    float limit = rules.isPresent() ? 0 : configs.get(0).DETECTION_MIN_CONFIDENCE;
    Matching matching = MatchOptions.of(line, true, limit);
    // one pass serves both limits: a detection never removes one with a higher score
    if (rules.isEmpty()) {
      float least = Math.min(limit, minScore);
      configs = configs.stream().map(c -> c.with("DETECTION_MIN_CONFIDENCE", least)).toList();
    }
    try (Loaded loaded = models.load(configs)) {
      PhotoFailures failures = new PhotoFailures(images.length, System.err::println);
      Predictor settings =
          loaded.predictor(failures.photos(configs.get(0).EXIF_ORIENTATION)).over(views);
      Predictor predictor = rules.map(settings::by).orElse(settings);
      EvaluationJob job =
          new EvaluationJob(dataset, images, predictor, failures, limit, minScore, matching);
      if (line.hasOption("raw")) {
        Config first = configs.get(0);
        RawFile raw =
            RawDetections.of(
                Path.of(line.getOptionValue("raw")), models, configs, views, dataset, images);
        DetectionRules by = rules.orElse(DetectionRules.of(first));
        job.use(new RawDetector(raw, dataset, images, first, predictor.photos(), by));
      }
      job.draw(samples, out);
      report.ifPresent(r -> job.keepDetections());
      job.run();
      job.print(line.hasOption(Arguments.JSON), part, models.text());
      report.ifPresent(r -> job.write(r, part, models.names()));
    }
  }
}
