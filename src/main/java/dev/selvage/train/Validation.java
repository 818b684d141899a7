package dev.selvage.train;

import dev.selvage.augment.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.model.Losses;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.NonFiniteLocator;
import dev.selvage.model.StepOptions;
import dev.selvage.tensorboard.SummaryValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What is measured on photos held out when an epoch's steps are done. */
final class Validation {
  private final int steps;
  private final EmaWeights averages;
  private final MaskRcnn model;
  private final Optional<BatchLoader> loader;
  private final TensorBoardImages exhibits;
  private final ValidationAp scoring;
  private final ProgressDisplay display;
  private final FiniteCheck finite;

  /**
   * Prepares.
   *
   * @param model over the averages' weights
   * @param loader of the photos held out; empty where none are, or no losses are wanted of them
   */
  Validation(
      Config config,
      EmaWeights averages,
      MaskRcnn model,
      Optional<BatchLoader> loader,
      TensorBoardImages exhibits,
      ValidationAp scoring,
      ProgressDisplay display) {
    steps = config.VALIDATION_STEPS;
    this.averages = averages;
    this.model = model;
    this.loader = loader;
    this.exhibits = exhibits;
    this.scoring = scoring;
    this.display = display;
    finite = new FiniteCheck(new NonFiniteLocator(model, averages.weights(), false));
  }

  /**
   * Measures losses, and the mask AP where it is due, and remembers an AP that is the best so far.
   *
   * @param rate the learning rate of the epoch's last step
   * @param images of a training step
   * @return what is to be written down about the epoch; empty if stop said so before all was done
   * @throws dev.selvage.util.UserError if a loss is not finite
   */
  Optional<EpochReport> of(TrainingState at, double rate, int images, BooleanSupplier stop) {
    Optional<LossMean> losses = losses(at.epoch(), stop);
    Optional<List<SummaryValue>> shown = losses.flatMap(l -> exhibits.after(at.epoch(), stop));
    if (shown.isEmpty()) {
      return Optional.empty();
    }
    display.measuring();
    Optional<Map<String, Double>> scores = scoring.after(at.epoch(), stop);
    scores.ifPresent(s -> at.measured(s.getOrDefault(ValidationAp.NAMES.get(0), Double.NaN)));
    return scores
        .map(s -> EpochRow.of(at, rate, images, losses.get(), s))
        .map(row -> new EpochReport(row, shown.get()));
  }

  /** Their mean over the first VALIDATION_STEPS batches, the same every time; empty if stopped. */
  private Optional<LossMean> losses(int epoch, BooleanSupplier stop) {
    LossMean mean = new LossMean();
    if (loader.isEmpty()) {
      return Optional.of(mean);
    }
    display.validating();
    averages.countPenalty();
    for (int i = 0; i < steps; i++) {
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      try (Batch batch = loader.get().next()) {
        Losses losses = model.losses(batch, StepOptions.DEFAULTS);
        finite.require(
            losses.byName(), "epoch %d validation step %d".formatted(epoch, i + 1), List.of(batch));
        mean.add(losses);
      }
    }
    loader.get().startAt(0, Augmentation.NONE);
    return Optional.of(mean);
  }
}
