package dev.selvage.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.evaluation.EvaluationReport;
import dev.selvage.cli.evaluation.FileEvaluation;
import dev.selvage.cli.evaluation.KeptDetections;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.EvalTable;
import dev.selvage.eval.analysis.Analysis;
import dev.selvage.eval.analysis.Analysis.Matching;
import dev.selvage.eval.analysis.Analysis.Photo;
import dev.selvage.eval.analysis.AnalysisJson;
import dev.selvage.eval.analysis.AnalysisTable;
import dev.selvage.predict.Evaluation;
import dev.selvage.predict.PredictionPipeline;
import dev.selvage.predict.PredictionPipeline.Outcome;
import dev.selvage.predict.PredictionPipeline.Receiver;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.RawDetector;
import dev.selvage.report.Pictures;
import dev.selvage.report.evaluation.PhotoSource;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.opencv.opencv_core.Mat;

/** Detects objects in photos of a dataset, scores the detections, and draws some of the photos. */
final class EvaluationJob {
  private final Dataset dataset;
  private final int[] images;
  private final Predictor predictor;
  private final PhotoFailures failures;
  private final Evaluation evaluation;
  private final Analysis analysis;
  private final float limit;
  private final float minScore;
  private final Pictures pictures;
  private final String[] pictureNames;
  private final Set<Integer> sampled = new HashSet<>();

  /** Indices of the photos that were used, in their order. */
  private final List<Integer> used = new ArrayList<>();

  /** For the report; null without one. */
  private KeptDetections kept;

  /** Null where the model runs. */
  private RawDetector raw;

  private Path out;
  private double seconds;

  /**
   * A job that has not started.
   *
   * @param images indices into the dataset, ascending
   * @param failures of the predictor's photos
   * @param limit lowest score for Matterport's AP and the pictures: DETECTION_MIN_CONFIDENCE
   * @param minScore lowest score for the COCO metrics
   * @param matching for the confusion matrix
   */
  EvaluationJob(
      Dataset dataset,
      int[] images,
      Predictor predictor,
      PhotoFailures failures,
      float limit,
      float minScore,
      Matching matching) {
    this.dataset = dataset;
    this.images = images;
    this.predictor = predictor;
    this.failures = failures;
    this.limit = limit;
    this.minScore = minScore;
    evaluation = new Evaluation(dataset, limit);
    analysis = new Analysis(dataset.categories(), matching);
    pictures = new Pictures(dataset.categories().stream().map(Category::name).toList());
    pictureNames =
        OutputFolder.pictureNames(Arrays.stream(images).mapToObj(dataset::fileName).toList());
  }

  /**
   * Takes the detections from what a model said before, in place of running it.
   *
   * @param said of the same photos
   */
  void use(RawDetector said) {
    raw = said;
  }

  /** Chooses photos to draw, evenly spread. */
  void draw(int samples, Path folder) {
    out = folder;
    for (int s = 0; s < Math.min(samples, images.length); s++) {
      sampled.add((int) ((long) s * images.length / Math.min(samples, images.length)));
    }
  }

  /** Keeps what is found for {@link #write}. */
  void keepDetections() {
    kept = new KeptDetections();
  }

  /**
   * Runs the job. Photos that cannot be used are left out.
   *
   * @throws UserError these are too many
   */
  void run() {
    long begin = System.nanoTime();
    try (PhotoProgress progress = new PhotoProgress("evaluate")) {
      progress.photos(images.length);
      Receiver receiver =
          (i, outcome) -> {
            failures.requireFew();
            outcome.ifPresent(o -> take(i, o));
            progress.photo();
          };
      if (raw == null) {
        PredictionPipeline.over(
            Arrays.stream(images).mapToObj(dataset::path).toList(),
            i -> Optional.of(size(i)),
            predictor,
            receiver);
      } else {
        for (int i = 0; i < images.length; i++) {
          PhotoSize size = size(i);
          receiver.accept(i, raw.find(i).map(found -> new Outcome(size, found)));
        }
      }
    }
    if (evaluation.photos() == 0) {
      throw new UserError(
          "%s: expected at least one photo that can be used, found none among %d%s"
              .formatted(dataset.name(), images.length, failures.example()));
    }
    seconds = (System.nanoTime() - begin) / 1e9;
  }

  private PhotoSize size(int i) {
    return new PhotoSize(dataset.height(images[i]), dataset.width(images[i]));
  }

  private void take(int i, Outcome outcome) {
    List<Detection> found = Evaluation.withMinScore(outcome.found(), minScore);
    evaluation.add(images[i], found);
    analysis.add(
        new Photo(i, dataset.fileName(images[i]), outcome.size().height(), outcome.size().width()),
        dataset.instances(images[i]),
        found,
        FileEvaluation.submitted(Evaluation.withMinScore(outcome.found(), limit)));
    used.add(images[i]);
    if (kept != null) {
      kept.add(found);
    }
    if (sampled.contains(i)) {
      predictor
          .photos()
          .atLeast(dataset.path(images[i]), outcome.size(), Pictures.MOST_HALF)
          .ifPresent(
              photo -> {
                try (photo) {
                  pictures
                      .sideBySide(
                          photo,
                          outcome.size().height(),
                          outcome.size().width(),
                          dataset.instances(images[i]),
                          Evaluation.withMinScore(outcome.found(), limit),
                          limit)
                      .write(out.resolve(pictureNames[i]));
                }
              });
    }
  }

  /** Writes the report. */
  void write(EvaluationReport report, String part, String weights) {
    String title = "%s on %s (%s)".formatted(weights, dataset.name(), part);
    report.write(title, analysis, evaluation.scores(), new Source());
  }

  /** The photos and objects again that the report shows. */
  private final class Source implements PhotoSource {
    @Override
    public Optional<Mat> photo(int photo, int longest) {
      int image = used.get(photo);
      PhotoSize size = new PhotoSize(dataset.height(image), dataset.width(image));
      return predictor.photos().atLeast(dataset.path(image), size, longest);
    }

    @Override
    public List<Instance> truths(int photo) {
      return dataset.instances(used.get(photo));
    }

    @Override
    public List<Detection> found(int photo) {
      return kept.of(photo);
    }
  }

  /** Prints the scores on stdout. */
  void print(boolean json, String part, String weights) {
    predictor
        .photos()
        .orientations()
        .sentence()
        .ifPresent(s -> System.err.println("selvage: " + s));
    CocoScores scores = evaluation.scores();
    int skipped = images.length - evaluation.photos();
    if (json) {
      ObjectNode root = EvalTable.json(scores);
      double ap = evaluation.matterportAp();
      AnalysisJson.add(root, analysis, scores);
      root.put("matterport_ap50", Double.isNaN(ap) ? null : ap);
      root.put("photos", evaluation.photos());
      root.put("skipped", skipped);
      root.put("objects", evaluation.objects());
      root.put("split", part);
      root.put("weights", weights);
      root.put("min_score", minScore);
      root.put("seconds", seconds);
      Arguments.printJson(root);
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s on %d photos of %s (%s), %d objects, %d photos skipped, %.2f photos/s%n%n",
        weights,
        evaluation.photos(),
        dataset.name(),
        part,
        evaluation.objects(),
        skipped,
        evaluation.photos() / seconds);
    System.out.println(EvalTable.statistics(scores));
    System.out.printf(
        Locale.ROOT,
        "Matterport's AP (mask IoU 0.50, scores of %.2f or more, mean over photos): %.3f%n%n",
        limit,
        evaluation.matterportAp());
    System.out.println(EvalTable.perClass(scores));
    System.out.print(AnalysisTable.of(analysis, scores));
    if (!sampled.isEmpty()) {
      System.out.printf("%n%d pictures in %s%n", sampled.size(), out);
    }
  }
}
