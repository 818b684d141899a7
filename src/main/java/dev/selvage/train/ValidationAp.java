package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.EvenSample;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.eval.CocoStatistics;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Evaluation;
import dev.selvage.predict.PredictionPipeline;
import dev.selvage.predict.Predictor;
import dev.selvage.util.UserError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * COCO's mask AP on photos held out, every EVAL_EVERY epochs, as {@code evaluate} measures it: it
 * costs one detection per photo.
 */
final class ValidationAp {
  private final Config config;
  private final int lastEpoch;
  private final Dataset dataset;
  private final int[] photos;
  private final Predictor predictor;
  private final PhotoFailures failures;

  /**
   * Prepares.
   *
   * @param weights to measure; they may go on changing between measurements
   * @param heldOut image indices, ascending
   * @throws UserError if there is to be measuring and nothing to measure on
   */
  ValidationAp(Config config, Parameters weights, Dataset dataset, int[] heldOut) {
    if (config.EVAL_EVERY > 0 && heldOut.length == 0) {
      throw new UserError("EVAL_EVERY: expected held-out photos to evaluate on, found none");
    }
    this.config = config;
    this.dataset = dataset;
    lastEpoch = config.EPOCHS.last();
    photos = EvenSample.of(heldOut, config.EVAL_PHOTOS);
    Config lenient =
        config.with(
            "DETECTION_MIN_CONFIDENCE",
            Math.min(config.DETECTION_MIN_CONFIDENCE, Evaluation.MIN_SCORE));
    failures = new PhotoFailures(photos.length, System.err::println);
    predictor =
        config.EVAL_EVERY == 0
            ? null
            : new Predictor(lenient, weights, failures.photos(config.EXIF_ORIENTATION));
  }

  /** Whether the photos are measured after an epoch: after every EVAL_EVERYth and the last. */
  boolean isDue(int epoch) {
    return predictor != null && (epoch % config.EVAL_EVERY == 0 || epoch == lastEpoch);
  }

  /**
   * The scores after an epoch by {@link EpochReport#SCORES}, NaN where the photos show no object;
   * none after an epoch that is not measured; empty if stop said so before the last photo. Photos
   * that cannot be used are reported and left out.
   *
   * @throws UserError too many photos cannot be used
   */
  Optional<Map<String, Double>> after(int epoch, BooleanSupplier stop) {
    if (!isDue(epoch)) {
      return Optional.of(Map.of());
    }
    Evaluation evaluation = new Evaluation(dataset, config.DETECTION_MIN_CONFIDENCE);
    try {
      PredictionPipeline.over(
          Arrays.stream(photos).mapToObj(dataset::path).toList(),
          i -> Optional.of(new PhotoSize(dataset.height(photos[i]), dataset.width(photos[i]))),
          predictor,
          (i, outcome) -> {
            if (stop.getAsBoolean()) {
              throw new CancellationException();
            }
            failures.requireFew();
            outcome.ifPresent(
                o ->
                    evaluation.add(
                        photos[i], Evaluation.withMinScore(o.found(), Evaluation.MIN_SCORE)));
          });
    } catch (CancellationException e) {
      return Optional.empty();
    }
    CocoStatistics masks = evaluation.scores().segm();
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put(EpochReport.SCORES.get(0), masks.ap() < 0 ? Double.NaN : masks.ap());
    scores.put(EpochReport.SCORES.get(1), masks.ap50() < 0 ? Double.NaN : masks.ap50());
    return Optional.of(scores);
  }
}
