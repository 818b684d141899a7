package dev.selvage.train;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.model.Losses;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.StepOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Measures losses and AP on held-out photos after the steps of an epoch. */
final class Validation implements Validator {
  private final Config config;
  private final Schedule schedule;
  private final EmaWeights averages;
  private final MaskRcnn model;
  private final Optional<BatchLoader> loader;
  private final ValidationAp scoring;
  private final TrainingListener listener;
  private final FiniteCheck finite;

  /**
   * Prepares.
   *
   * @param model over the averaged weights
   * @param loader of the photos held out; empty where none are, or no losses are wanted of them
   */
  Validation(
      Config config,
      EmaWeights averages,
      MaskRcnn model,
      Optional<BatchLoader> loader,
      ValidationAp scoring,
      TrainingListener listener) {
    this.config = config;
    this.averages = averages;
    this.model = model;
    this.loader = loader;
    this.scoring = scoring;
    this.listener = listener;
    schedule = new Schedule(config);
    finite = new FiniteCheck(new NonFiniteLocator(model, averages.weights(), false));
  }

  /** Measures losses, and the mask AP where it is due. */
  @Override
  public Optional<EpochReport> report(TrainingState at, BooleanSupplier stop) {
    Optional<LossMean> losses = losses(at.epoch(), stop);
    if (losses.isEmpty()) {
      return Optional.empty();
    }
    if (scoring.isDue(at.epoch())) {
      listener.measuring("mask AP");
    }
    return scoring
        .after(at.epoch(), stop)
        .map(
            scores -> {
              at.measured(scores.getOrDefault(EpochReport.SCORES.get(0), Double.NaN));
              double rate = schedule.rate(at.epoch(), at.step() - 1, at.totalSteps - 1);
              return EpochReport.of(at, rate, Schedule.imagesPerStep(config), losses.get(), scores);
            });
  }

  /**
   * Their mean over the first VALIDATION_STEPS steps of GPU_COUNT batches, the same every time;
   * empty if stopped.
   */
  private Optional<LossMean> losses(int epoch, BooleanSupplier stop) {
    LossMean mean = new LossMean();
    if (loader.isEmpty()) {
      return Optional.of(mean);
    }
    listener.measuring("losses");
    averages.countPenalty();
    for (int i = 0; i < config.VALIDATION_STEPS; i++) {
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      List<Losses> losses = new ArrayList<>();
      for (int gpu = 0; gpu < config.GPU_COUNT; gpu++) {
        losses.add(losses("epoch %d validation step %d".formatted(epoch, i + 1)));
      }
      mean.add(Losses.mean(losses));
    }
    loader.get().startAt(0, Augmentation.NONE);
    return Optional.of(mean);
  }

  private Losses losses(String where) {
    try (Batch batch = loader.get().next()) {
      Losses losses = model.losses(batch, StepOptions.DEFAULTS);
      finite.require(losses.byName(), where, List.of(batch));
      return losses;
    }
  }
}
