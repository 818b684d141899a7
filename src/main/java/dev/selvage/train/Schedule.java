package dev.selvage.train;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.config.RateDecay;
import java.util.ArrayList;
import java.util.List;

/** What is trained in which epoch, and how fast: the stage table of a configuration. */
final class Schedule {
  /**
   * Epochs that share their settings.
   *
   * @param after the epoch before the stage's first, 0 for the first stage
   * @param until the last epoch of the stage, counted from 1 over the whole run
   * @param layers as in LAYERS
   */
  record Stage(
      int after,
      int until,
      String layers,
      double rate,
      RateDecay decay,
      double momentum,
      Augmentation augmentation) {}

  private final List<Stage> stages = new ArrayList<>();
  private final int stepsPerEpoch;
  private final int warmUpSteps;
  private final int evalEvery;
  private final int earlyStop;

  Schedule(Config config) {
    for (int i = 0; i < config.EPOCHS.size(); i++) {
      stages.add(
          new Stage(
              i == 0 ? 0 : config.EPOCHS.get(i - 1),
              config.EPOCHS.get(i),
              config.LAYERS.at(i),
              config.LRS.at(i),
              config.LR_DECAY.at(i),
              config.MOMS.at(i),
              config.augmentation(i)));
    }
    stepsPerEpoch = config.STEPS_PER_EPOCH;
    warmUpSteps = config.WARMUP_STEPS;
    evalEvery = config.EVAL_EVERY;
    earlyStop = config.EARLY_STOP_EPOCHS;
  }

  /** Photos that one step learns from. */
  static int imagesPerStep(Config config) {
    return config.IMAGES_PER_GPU * config.GPU_COUNT * config.ACCUMULATION_STEPS;
  }

  /** Epochs of all stages together. */
  int epochs() {
    return stages.get(stages.size() - 1).until();
  }

  /** Whether all stages are done, or none of the last EARLY_STOP_EPOCHS had a better mask AP. */
  boolean isOver(TrainingState at) {
    return at.epochs >= epochs() || endsEarly(at);
  }

  private boolean endsEarly(TrainingState at) {
    if (earlyStop == 0 || at.bestEpoch == 0) {
      return false;
    }
    int measured = at.epochs / evalEvery * evalEvery; // the last epoch that was
    return measured - at.bestEpoch >= earlyStop;
  }

  /** The stage of an epoch, counted from 1; the last stage for epochs beyond the end. */
  Stage stage(int epoch) {
    return stages.stream()
        .filter(stage -> epoch <= stage.until())
        .findFirst()
        .orElse(stages.get(stages.size() - 1));
  }

  /** Whether a stage begins with an epoch. */
  boolean beginsStage(int epoch) {
    return epoch == 1 || stage(epoch) != stage(epoch - 1);
  }

  /**
   * The learning rate of a step: its stage's own, which rises linearly over the first WARMUP_STEPS
   * of the run and falls along half a cosine (Loshchilov and Hutter 2017, without restarts) where
   * LR_DECAY says so.
   *
   * @param epoch counted from 1
   * @param step of the epoch, counted from 0
   * @param totalSteps of the run before this one
   */
  double rate(int epoch, int step, long totalSteps) {
    Stage stage = stage(epoch);
    double done = epoch - 1 + (double) step / stepsPerEpoch; // epochs, whole and in part
    double decay =
        switch (stage.decay()) {
          case COSINE -> halfCosine((done - stage.after()) / (stage.until() - stage.after()));
          case RUN_COSINE -> halfCosine(done / epochs());
          case NONE -> 1;
        };
    double warmUp = totalSteps >= warmUpSteps ? 1 : (totalSteps + 1.0) / warmUpSteps;
    return stage.rate() * warmUp * decay;
  }

  /** From 1 at 0 to 0 at 1, where it stays. */
  private static double halfCosine(double share) {
    return 0.5 * (1 + Math.cos(Math.PI * Math.min(1, share)));
  }
}
