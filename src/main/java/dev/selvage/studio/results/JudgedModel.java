package dev.selvage.studio.results;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.analysis.Analysis;
import dev.selvage.eval.analysis.Analysis.Matching;
import dev.selvage.eval.analysis.Analysis.Photo;
import dev.selvage.eval.analysis.JudgedPhoto;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Evaluation;
import dev.selvage.predict.RawDetector;
import dev.selvage.predict.RawFile;
import dev.selvage.submission.OverlapRemover;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * What a model found in photos of a dataset, judged as {@code evaluate} does. Masks are not kept,
 * but made again of the raw detections. Thread-safe once it is made.
 */
final class JudgedModel {
  /** Least IoU of a match in the confusion matrix unless another is asked for. */
  static final double IOU = 0.5;

  private final Dataset dataset;
  private final Config config;
  private final RawDetector detector;
  private final Analysis analysis;
  private final CocoScores scores;

  /** For each judged photo its place in the raw file, and its index in the dataset; ascending. */
  private final int[] places;

  private final int[] images;

  private JudgedModel(
      Dataset dataset,
      Config config,
      RawDetector detector,
      Analysis analysis,
      CocoScores scores,
      int[] places,
      int[] images) {
    this.dataset = dataset;
    this.config = config;
    this.detector = detector;
    this.analysis = analysis;
    this.scores = scores;
    this.places = places;
    this.images = images;
  }

  /**
   * Judges all photos.
   *
   * @param images of the raw file, by their indices in the dataset
   * @param done takes how many photos are judged, and may throw to end the work
   * @throws UserError no photo can be used
   */
  static JudgedModel of(
      Dataset dataset, Config config, RawFile raw, int[] images, IntConsumer done) {
    float limit = config.DETECTION_MIN_CONFIDENCE;
    DetectionRules rules =
        DetectionRules.of(
            config.with("DETECTION_MIN_CONFIDENCE", Math.min(limit, Evaluation.MIN_SCORE)));
    Analysis analysis = new Analysis(dataset.categories(), new Matching(true, IOU, limit));
    Evaluation evaluation = new Evaluation(dataset, limit);
    List<Integer> used = new ArrayList<>();
    RawDetector detector =
        new RawDetector(raw, dataset, images, config, new Photos(config.EXIF_ORIENTATION), rules);
    for (int i = 0; i < images.length; i++) {
      Optional<List<Detection>> all = detector.find(i);
      if (all.isPresent()) {
        List<Detection> found = Evaluation.withMinScore(all.get(), Evaluation.MIN_SCORE);
        evaluation.add(images[i], found);
        analysis.add(
            new Photo(
                i,
                dataset.fileName(images[i]),
                dataset.height(images[i]),
                dataset.width(images[i])),
            dataset.instances(images[i]),
            found,
            OverlapRemover.firstWins(Evaluation.withMinScore(found, limit)));
        used.add(i);
      }
      done.accept(i + 1);
    }
    if (used.isEmpty()) {
      throw new UserError(
          "%s: expected at least one photo that can be used, found none".formatted(dataset.name()));
    }
    int[] places = used.stream().mapToInt(Integer::intValue).toArray();
    return new JudgedModel(
        dataset,
        config,
        detector,
        analysis,
        evaluation.scores(),
        places,
        Arrays.stream(places).map(place -> images[place]).toArray());
  }

  Dataset dataset() {
    return dataset;
  }

  Config config() {
    return config;
  }

  DetectionRules rules() {
    return detector.rules();
  }

  Analysis analysis() {
    return analysis;
  }

  CocoScores scores() {
    return scores;
  }

  /** SHA-256 of the weights. */
  String weights() {
    return detector.file().weights();
  }

  List<JudgedPhoto> photos() {
    return analysis.photos();
  }

  /** The index in the dataset of a judged photo. */
  int image(int photo) {
    return images[photo];
  }

  /** The judged photo of an index in the dataset; negative where it is none. */
  int photoOf(int image) {
    return Arrays.binarySearch(images, image);
  }

  PhotoSize size(int photo) {
    return new PhotoSize(dataset.height(images[photo]), dataset.width(images[photo]));
  }

  /** The true objects of a photo with their masks, as they were judged. */
  List<Instance> truths(int photo) {
    return dataset.instances(images[photo]);
  }

  /** The detections of a photo with their masks, as they were judged. */
  List<Detection> found(int photo) {
    List<Detection> all =
        detector
            .find(places[photo])
            .orElseThrow(
                () ->
                    new UserError(
                        "%s: expected a photo, found none that can be read any more"
                            .formatted(dataset.path(images[photo]))));
    return Evaluation.withMinScore(all, Evaluation.MIN_SCORE);
  }
}
