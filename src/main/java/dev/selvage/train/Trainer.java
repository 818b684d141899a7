package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.model.Losses;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.NonFiniteLocator;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.tensor.DType;
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
  private final EmaWeights averages;
  private final MaskRcnn model;
  private final BatchLoader training;
  private final Validation validation;
  private final RunFiles files;
  private final ProgressDisplay display;
  private final FiniteCheck finite;
  private final boolean scalesLosses;

  /**
   * Prepares.
   *
   * @param model over the parameters
   * @param averages follow the parameters, and are what is validated and saved
   */
  Trainer(
      Config config,
      Parameters parameters,
      EmaWeights averages,
      MaskRcnn model,
      BatchLoader training,
      Validation validation,
      RunFiles files,
      ProgressDisplay display) {
    this.config = config;
    this.parameters = parameters;
    this.averages = averages;
    this.model = model;
    this.training = training;
    this.validation = validation;
    this.files = files;
    this.display = display;
    scalesLosses = DType.of(config.PRECISION) == DType.F16;
    schedule = new Schedule(config);
    finite = new FiniteCheck(new NonFiniteLocator(model, parameters, true));
  }

  /**
   * Trains from a position until the run is over or stop says so after a step; what has been done
   * by then is saved in either case.
   *
   * @throws dev.selvage.util.UserError if a loss is not finite or a file cannot be written
   */
  void run(TrainingState at, BooleanSupplier stop) {
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
        MemoryWarmup.run(config, parameters, model);
        rehearsed = true;
      }
      display.begin(at, schedule.epochs());
      while (at.step() < config.STEPS_PER_EPOCH) {
        step(at, stage);
        if (stop.getAsBoolean()) {
          files.saveMidEpoch(at);
          return;
        }
      }
      double rate = schedule.rate(at.epoch(), at.step() - 1, at.totalSteps - 1);
      Optional<EpochReport> report = validation.of(at, rate, Schedule.imagesPerStep(config), stop);
      if (report.isEmpty()) {
        files.saveMidEpoch(at); // the epoch's validation begins again when the run goes on
        return;
      }
      at.endEpoch();
      files.saveEpoch(at, report.get());
      display.end(report.get().row(), at.bestEpoch == at.epochs);
    }
  }

  private void step(TrainingState at, Schedule.Stage stage) {
    long begin = System.nanoTime();
    long stalled = training.stallNanos();
    String where = "epoch %d step %d".formatted(at.epoch(), at.step() + 1);
    List<Batch> batches = new ArrayList<>(); // kept to look for what went wrong in them
    StepOptions options =
        StepOptions.DEFAULTS
            .accumulating()
            .withLossScale(lossScale(at))
            .withUpcoming(training::upcoming);
    try {
      List<Losses> losses = new ArrayList<>();
      for (int i = 0; i < config.ACCUMULATION_STEPS; i++) {
        batches.add(training.next());
        losses.add(model.step(batches.get(i), options));
        finite.require(losses.get(i).byName(), where, batches.subList(i, i + 1));
      }
      update(at, stage, where, batches);
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

  /** Moves the weights by the gradients of the batches, unless these were too large for f16. */
  private void update(TrainingState at, Schedule.Stage stage, String where, List<Batch> batches) {
    parameters.divideGradients(config.ACCUMULATION_STEPS * lossScale(at));
    double norm =
        Sgd.step(
            parameters,
            schedule.rate(at.epoch(), at.step(), at.totalSteps),
            stage.momentum(),
            config.GRADIENT_CLIP_NORM,
            config.WEIGHT_DECAY);
    if (scalesLosses && !Double.isFinite(norm) && at.lossScale.halve()) {
      parameters.clearGradients();
      display.leftOut(where, at.lossScale);
      return;
    }
    finite.require(Map.of("norm of the gradients", norm), where, batches);
    averages.follow(at.totalSteps);
    if (scalesLosses) {
      at.lossScale.stepIsGood();
    }
  }

  private double lossScale(TrainingState at) {
    return scalesLosses ? at.lossScale.factor() : 1;
  }
}
