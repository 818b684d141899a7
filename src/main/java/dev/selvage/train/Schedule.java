package dev.selvage.train;

import dev.selvage.config.Config;
import java.util.ArrayList;
import java.util.List;

/** What is trained in which epoch, and how fast: the stage table of a configuration. */
final class Schedule {
  /**
   * Epochs that share their settings.
   *
   * @param until the last epoch of the stage, counted from 1 over the whole run
   * @param layers as in LAYERS
   */
  record Stage(int until, String layers, double rate, double momentum, boolean flip) {}

  private final List<Stage> stages = new ArrayList<>();
  private final int warmUpSteps;

  Schedule(Config config) {
    for (int i = 0; i < config.EPOCHS.length; i++) {
      // a list of one value serves every stage
      stages.add(
          new Stage(
              config.EPOCHS[i],
              config.LAYERS[Math.min(i, config.LAYERS.length - 1)],
              config.LRS[Math.min(i, config.LRS.length - 1)],
              config.MOMS[Math.min(i, config.MOMS.length - 1)],
              config.FLIPS[Math.min(i, config.FLIPS.length - 1)]));
    }
    warmUpSteps = config.WARMUP_STEPS;
  }

  /** Epochs of all stages together. */
  int epochs() {
    return stages.get(stages.size() - 1).until();
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
   * The learning rate of a step: a stage's own, but rising linearly to it over the first
   * WARMUP_STEPS of the run.
   *
   * @param step counted from 0 over the whole run
   */
  double rate(Stage stage, long step) {
    return step >= warmUpSteps ? stage.rate() : stage.rate() * (step + 1) / warmUpSteps;
  }
}
