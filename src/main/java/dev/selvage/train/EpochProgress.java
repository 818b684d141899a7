package dev.selvage.train;

import dev.selvage.config.Config;
import java.time.Duration;

/**
 * The progress of an epoch.
 *
 * @param epoch counted from 1
 * @param epochs of the whole run
 * @param step how many steps of the epoch are done
 * @param steps of an epoch
 * @param meanLoss of the steps done; NaN before the first
 * @param imagesPerSecond of the steps done; NaN before the first
 * @param stallShare of the steps' time that was spent waiting for batches, in 0..1; NaN before the
 *     first
 * @param time that the steps took
 */
public record EpochProgress(
    int epoch,
    int epochs,
    int step,
    int steps,
    double meanLoss,
    double imagesPerSecond,
    double stallShare,
    Duration time) {
  static EpochProgress of(TrainingState at, Schedule schedule, Config config) {
    return new EpochProgress(
        at.epoch(),
        schedule.epochs(),
        at.step(),
        config.STEPS_PER_EPOCH,
        at.losses.total(),
        at.imagesPerSecond(Schedule.imagesPerStep(config)),
        at.stallShare(),
        Duration.ofNanos(at.nanos));
  }
}
