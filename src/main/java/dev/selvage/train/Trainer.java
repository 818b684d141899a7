package dev.selvage.train;

import dev.selvage.config.Config;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The training loop: stages of epochs, each epoch so many steps, a validation, a checkpoint. */
final class Trainer {
  private final Config config;
  private final Schedule schedule;
  private final TrainingStep step;
  private final Validator validation;
  private final CheckpointWriter checkpoints;
  private final TrainingListener listener;

  Trainer(
      Config config,
      TrainingStep step,
      Validator validation,
      CheckpointWriter checkpoints,
      TrainingListener listener) {
    this.config = config;
    this.step = step;
    this.validation = validation;
    this.checkpoints = checkpoints;
    this.listener = listener;
    schedule = new Schedule(config);
  }

  /**
   * Trains from a state until the run is complete or stop returns true after a step. Saves its
   * progress in both cases.
   *
   * @throws dev.selvage.util.UserError if a loss is not finite or a file cannot be written
   */
  void run(TrainingState at, BooleanSupplier stop) {
    step.resume(at, schedule.stage(at.epoch()));
    while (!schedule.isOver(at)) {
      if (at.step() == 0 && schedule.beginsStage(at.epoch())) {
        step.beginStage(schedule.stage(at.epoch()));
      }
      step.warmUp();
      listener.epochBegan(progress(at));
      Optional<EpochReport> report =
          takeSteps(at, stop) ? validation.report(at, stop) : Optional.empty();
      if (report.isEmpty()) {
        checkpoints.saveMidEpoch(at); // a validation that was stopped begins again
        return;
      }
      endEpoch(at, report.get());
    }
  }

  /** The rest of an epoch's steps; false if stop said so after one of them. */
  private boolean takeSteps(TrainingState at, BooleanSupplier stop) {
    while (at.step() < config.STEPS_PER_EPOCH) {
      step.run(at);
      listener.stepDone(progress(at));
      if (stop.getAsBoolean()) {
        return false;
      }
    }
    return true;
  }

  /** The state comes last: while it is not there, the epoch does not count and is trained again. */
  private void endEpoch(TrainingState at, EpochReport report) {
    at.endEpoch();
    checkpoints.saveWeights(at.epochs);
    listener.epochDone(report);
    checkpoints.completeEpoch(at);
  }

  private EpochProgress progress(TrainingState at) {
    return EpochProgress.of(at, schedule, config);
  }
}
