package dev.selvage.train;

import dev.selvage.UserError;
import dev.selvage.augment.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.Batch;
import dev.selvage.data.BatchLoader;
import dev.selvage.model.Losses;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.NonFinite;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The training loop: stages of epochs, each epoch so many steps, a validation and a checkpoint. A
 * new stage begins as Keras' newly compiled model does, with momenta of zero.
 */
final class Trainer {
  private final Config config;
  private final Schedule schedule;
  private final Parameters parameters;
  private final Averages averages;
  private final MaskRcnn model;
  private final MaskRcnn validated;
  private final BatchLoader training;
  private final Optional<BatchLoader> validation;
  private final Scoring scoring;
  private final RunFiles files;
  private final ProgressDisplay display;

  /**
   * @param validation empty where nothing is held out
   */
  Trainer(
      Config config,
      Parameters parameters,
      Averages averages,
      BatchLoader training,
      Optional<BatchLoader> validation,
      Scoring scoring,
      RunFiles files,
      ProgressDisplay display) {
    this.config = config;
    this.parameters = parameters;
    this.averages = averages;
    this.training = training;
    this.validation = validation;
    this.scoring = scoring;
    this.files = files;
    this.display = display;
    schedule = new Schedule(config);
    model = new MaskRcnn(config, parameters);
    validated = averages.areKept() ? new MaskRcnn(config, averages.weights()) : model;
  }

  /**
   * Trains from a position until the run is over or stop says so after a step; what has been done
   * by then is saved in either case.
   *
   * @throws UserError if a loss is not finite or a file cannot be written
   */
  void run(Position at, BooleanSupplier stop) {
    training.startAt(at.photos, schedule.stage(at.epoch()).augmentation());
    boolean rehearsed = false;
    while (!schedule.isOver(at)) {
      Schedule.Stage stage = schedule.stage(at.epoch());
      if (at.step() == 0 && schedule.beginsStage(at.epoch())) {
        parameters.setTrainable(stage.layers());
        parameters.resetMomenta();
        training.setAugmentation(stage.augmentation());
        rehearsed = false;
      }
      if (!rehearsed) {
        Rehearsal.run(config, parameters, model);
        rehearsed = true;
      }
      display.begin(at, schedule.epochs());
      while (at.step() < config.STEPS_PER_EPOCH) {
        step(at, stage);
        if (stop.getAsBoolean()) {
          files.saveMidway(at);
          return;
        }
      }
      Optional<EpochRow> row = validate(at, stop).flatMap(held -> measure(at, held, stop));
      if (row.isEmpty()) {
        files.saveMidway(at); // the epoch's validation begins again when the run goes on
        return;
      }
      at.endEpoch();
      files.saveEpoch(at, row.get());
      display.end(row.get(), at.bestEpoch == at.epochs);
    }
  }

  private void step(Position at, Schedule.Stage stage) {
    long begin = System.nanoTime();
    long stalled = training.stallNanos();
    String where = "epoch %d step %d".formatted(at.epoch(), at.step() + 1);
    List<Batch> batches = new ArrayList<>(); // kept to look for what went wrong in them
    try {
      List<Losses> losses = new ArrayList<>();
      for (int i = 0; i < config.ACCUMULATION_STEPS; i++) {
        batches.add(training.next());
        losses.add(model.accumulate(batches.get(i), training::upcoming));
        requireFinite(losses.get(i).byName(), where, batches.subList(i, i + 1), true);
      }
      parameters.divideGradients(config.ACCUMULATION_STEPS);
      double norm =
          Sgd.step(
              parameters,
              schedule.rate(at.epoch(), at.step(), at.totalSteps),
              stage.momentum(),
              config.GRADIENT_CLIP_NORM,
              config.WEIGHT_DECAY);
      requireFinite(Map.of("norm of the gradients", norm), where, batches, true);
      averages.follow(at.totalSteps);
      at.losses.add(Losses.mean(losses));
    } finally {
      batches.forEach(Batch::close);
    }
    at.totalSteps++;
    at.photos = training.position();
    at.stallNanos += training.stallNanos() - stalled;
    at.nanos += System.nanoTime() - begin;
    display.step(at);
  }

  /**
   * The mean losses over the first VALIDATION_STEPS batches held out, the same every time; empty if
   * stop said so before the last of them.
   */
  private Optional<LossMean> validate(Position at, BooleanSupplier stop) {
    LossMean mean = new LossMean();
    if (validation.isEmpty()) {
      return Optional.of(mean);
    }
    display.validating();
    averages.countPenalty();
    for (int i = 0; i < config.VALIDATION_STEPS; i++) {
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      try (Batch batch = validation.get().next()) {
        Losses losses = validated.losses(batch);
        String where = "epoch %d validation step %d".formatted(at.epoch(), i + 1);
        requireFinite(losses.byName(), where, List.of(batch), false);
        mean.add(losses);
      }
    }
    validation.get().startAt(0, Augmentation.NONE);
    return Optional.of(mean);
  }

  /** The epoch's row, its mask AP measured where it is due; empty if stop said so. */
  private Optional<EpochRow> measure(Position at, LossMean held, BooleanSupplier stop) {
    display.measuring();
    return scoring
        .after(at.epoch(), stop)
        .map(
            scores -> {
              at.measured(scores.getOrDefault(Scoring.NAMES.get(0), Double.NaN));
              return row(at, held, scores);
            });
  }

  private EpochRow row(Position at, LossMean held, Map<String, Double> scores) {
    double seconds = at.nanos / 1e9;
    return new EpochRow(
        at.epoch(),
        schedule.rate(at.epoch(), at.step() - 1, at.totalSteps - 1),
        at.losses.byName(),
        held.steps() == 0 ? Map.of() : held.byName(),
        scores,
        at.step() * (double) Schedule.imagesPerStep(config) / seconds,
        at.stallNanos / (double) at.nanos,
        seconds);
  }

  /** The total comes first in the map and is looked at last, since it only sums the others up. */
  private void requireFinite(
      Map<String, Double> values, String where, List<Batch> batches, boolean backward) {
    String[] names = values.keySet().toArray(String[]::new);
    for (int i = 1; i <= names.length; i++) {
      String name = names[i % names.length];
      if (!Double.isFinite(values.get(name))) {
        throw new UserError(
            "%s: expected a finite %s, found %s, %s; the last checkpoint is good, and a lower LRS or GRADIENT_CLIP_NORM may help"
                .formatted(
                    where,
                    name,
                    values.get(name),
                    (backward
                            ? new NonFinite(model, parameters, true)
                            : new NonFinite(validated, averages.weights(), false))
                        .trace(batches)));
      }
    }
  }
}
