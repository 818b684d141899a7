package dev.selvage.cli.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.coco.CocoAnnotations;
import dev.selvage.coco.CocoImage;
import dev.selvage.coco.CocoResults;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.data.image.Photos;
import dev.selvage.eval.CocoEval;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.EvalTable;
import dev.selvage.eval.analysis.Analysis;
import dev.selvage.eval.analysis.Analysis.Photo;
import dev.selvage.eval.analysis.AnalysisJson;
import dev.selvage.eval.analysis.AnalysisTable;
import dev.selvage.report.evaluation.PhotoSource;
import dev.selvage.submission.OverlapRemover;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.bytedeco.opencv.opencv_core.Mat;

/** Scores a file of detections against an annotation file, without a model. */
public final class FileEvaluation {
  private static final List<String> OPTIONS =
      List.of("truth", "detections", "json", "match-iou", "match-score", "report", "images");

  private final CocoAnnotations truth;
  private final Map<Long, List<Detection>> detections;
  private final Optional<AttributeEvaluation> attributes;
  private final CocoEval coco;
  private final Analysis analysis;

  private FileEvaluation(Path annotations, Path results, CommandLine line) {
    truth = CocoAnnotations.open(annotations);
    if (!truth.hasMasks()) {
      System.err.println(
          "selvage: %s: has boxes and no masks, so there are no statistics of masks"
              .formatted(annotations));
    }
    detections = CocoResults.read(results, truth, note -> System.err.println("selvage: " + note));
    attributes = AttributeEvaluation.of(truth, results);
    coco = new CocoEval(truth.categories());
    analysis =
        new Analysis(
            truth.categories(),
            MatchOptions.of(line, truth.hasMasks(), MatchOptions.DEFAULT_SCORE));
  }

  /** Runs {@code evaluate} with its options for files. */
  public static void run(CommandLine line) {
    for (Option option : line.getOptions()) {
      if (!OPTIONS.contains(option.getLongOpt())) {
        throw new UserError(
            "option --%s: expected only --json, --match-iou, --match-score, --report and --images with --truth and --detections"
                .formatted(option.getLongOpt()));
      }
    }
    Arguments.requireTogether(line, "images", "report");
    Path images = DatasetOptions.images(line);
    if (images != null && !Files.isDirectory(images)) {
      throw new UserError(
          "option --images: expected the folder of the photos, found none at " + images);
    }
    Optional<EvaluationReport> report = EvaluationReport.of(line);
    FileEvaluation evaluation =
        new FileEvaluation(
            Path.of(Arguments.required(line, "truth")),
            Path.of(Arguments.required(line, "detections")),
            line);
    evaluation.run();
    evaluation.print(line.hasOption(Arguments.JSON));
    report.ifPresent(r -> evaluation.write(r, line));
  }

  private void run() {
    for (CocoImage image : truth.images()) {
      List<Instance> truths = truth.instances(image);
      List<Detection> found = detections.getOrDefault(image.id(), List.of());
      coco.add(truths, found);
      String name = image.fileName().isEmpty() ? "image " + image.id() : image.fileName();
      analysis.add(
          new Photo(image.index(), name, image.size().height(), image.size().width()),
          truths,
          found,
          truth.hasMasks() ? submitted(found) : List.of());
      attributes.ifPresent(a -> a.add(image, truths, found));
    }
  }

  /** As a submission has them: of two that overlap that with the higher score keeps the pixels. */
  public static List<Detection> submitted(List<Detection> found) {
    return OverlapRemover.firstWins(
        found.stream().sorted(Comparator.comparingDouble(Detection::score).reversed()).toList());
  }

  private void write(EvaluationReport report, CommandLine line) {
    String title =
        "%s against %s".formatted(line.getOptionValue("detections"), line.getOptionValue("truth"));
    List<String> unusable = new ArrayList<>();
    Photos photos = new Photos((file, why) -> unusable.add(file + ": " + why));
    report.write(title, analysis, scores(), new Source(DatasetOptions.images(line), photos));
    if (!unusable.isEmpty()) {
      System.err.printf(
          "selvage: %d photos of the report cannot be used; for example, %s%n",
          unusable.size(), unusable.get(0));
    }
  }

  /** The files again, for the photos that the page shows. */
  private final class Source implements PhotoSource {
    private final Path folder;
    private final Photos photos;

    private Source(Path folder, Photos photos) {
      this.folder = folder;
      this.photos = photos;
    }

    @Override
    public Optional<Mat> photo(int photo, int longest) {
      CocoImage image = truth.images().get(photo);
      return folder == null || image.fileName().isEmpty()
          ? Optional.empty()
          : photos.atLeast(folder.resolve(image.fileName()), image.size(), longest);
    }

    @Override
    public List<Instance> truths(int photo) {
      return truth.instances(truth.images().get(photo));
    }

    @Override
    public List<Detection> found(int photo) {
      return detections.getOrDefault(truth.images().get(photo).id(), List.of());
    }
  }

  private CocoScores scores() {
    return truth.hasMasks() ? coco.scores() : coco.boxScores();
  }

  private void print(boolean json) {
    CocoScores scores = scores();
    if (json) {
      ObjectNode root = EvalTable.json(scores);
      AnalysisJson.add(root, analysis, scores);
      attributes.ifPresent(a -> a.addTo(root));
      Arguments.printJson(root);
    } else {
      System.out.println(EvalTable.statistics(scores));
      System.out.println(EvalTable.perClass(scores));
      System.out.print(AnalysisTable.of(analysis, scores));
      attributes.ifPresent(a -> System.out.print("\n" + a.text()));
    }
  }
}
