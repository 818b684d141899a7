package dev.selvage.studio.runs;

import dev.selvage.config.Config;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunLock;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes rows of the table from the files of runs. Files are read again when their size or time has
 * changed.
 */
final class RunReader {
  /** Recent epochs whose seconds say how long the next ones take. */
  private static final int RECENT = 5;

  /** Files or, where they are damaged, the error. */
  private record Known(List<Long> stamp, RunFiles files, UserError error) {}

  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  /**
   * The files of a run.
   *
   * @throws UserError if one of them is damaged
   */
  RunFiles files(Path dir) {
    List<Long> stamp = RunFiles.stamp(dir);
    Known now = known.get(dir);
    if (now == null || !now.stamp.equals(stamp)) {
      now = read(dir, stamp);
      known.put(dir, now);
    }
    if (now.error != null) {
      throw now.error;
    }
    return now.files;
  }

  private static Known read(Path dir, List<Long> stamp) {
    try {
      return new Known(stamp, RunFiles.read(dir), null);
    } catch (UserError e) {
      return new Known(stamp, null, e);
    }
  }

  /**
   * The row of a folder.
   *
   * @param ours whether a training that the studio has started in it goes on, with or without the
   *     lock yet
   */
  RunRow row(Path dir, boolean ours) {
    if (!Files.isRegularFile(RunFiles.configFile(dir))) {
      return withoutSettings(dir, ours);
    }
    try {
      return row(files(dir), ours || RunLock.isHeld(dir));
    } catch (UserError e) {
      return RunRow.without(name(dir), RunState.BROKEN, e.getMessage());
    }
  }

  private static RunRow withoutSettings(Path dir, boolean ours) {
    if (ours || RunLock.isHeld(dir)) {
      return RunRow.without(name(dir), RunState.STARTING, "");
    }
    if (Files.isRegularFile(TrainingOutput.file(dir))) {
      return RunRow.without(name(dir), RunState.FAILED, TrainingOutput.lastLine(dir));
    }
    return RunRow.without(
        name(dir),
        RunState.BROKEN,
        "%s: expected a run with config.json, found none".formatted(dir));
  }

  private static RunRow row(RunFiles run, boolean running) {
    Config config = run.config();
    int epoch = run.lastEpoch();
    int epochs = config.EPOCHS.last();
    int best = bestRow(run);
    Integer bestEpoch = best < 0 ? null : run.log().epochs()[best];
    boolean over = epoch >= epochs || bestEpoch != null && endsEarly(config, epoch, bestEpoch);
    return new RunRow(
        name(run.folder().dir()),
        running ? RunState.RUNNING : over ? RunState.COMPLETE : RunState.STOPPED,
        "",
        epoch,
        epochs,
        running ? secondsLeft(run, epochs - epoch) : null,
        bestEpoch,
        run.at("val_mask_AP", best),
        run.at("val_mask_AP50", best),
        run.last("loss"),
        run.last("val_loss"),
        run.last("images_per_second"),
        run.info().map(RunInfo::started).orElse(""),
        run.settings());
  }

  /** The row of the log with the best mask AP; -1 where none was measured. */
  private static int bestRow(RunFiles run) {
    double[] scores = run.log().columns().getOrDefault("val_mask_AP", new double[0]);
    int best = -1;
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isNaN(scores[i]) && (best < 0 || scores[i] > scores[best])) {
        best = i;
      }
    }
    return best;
  }

  /** As the training decides it, by the epochs that were measured. */
  private static boolean endsEarly(Config config, int done, int bestEpoch) {
    return config.EARLY_STOP_EPOCHS > 0
        && done / config.EVAL_EVERY * config.EVAL_EVERY - bestEpoch >= config.EARLY_STOP_EPOCHS;
  }

  /**
   * A run that was never continued shows what an epoch takes with its measurements; of others only
   * the seconds of the steps are known.
   */
  private static Double secondsLeft(RunFiles run, int epochs) {
    double[] seconds = run.log().columns().getOrDefault("seconds", new double[0]);
    if (seconds.length == 0) {
      return null;
    }
    double perEpoch =
        Arrays.stream(seconds)
            .skip(Math.max(0, seconds.length - RECENT))
            .filter(Double::isFinite)
            .average()
            .orElse(0);
    try {
      Instant written = Files.getLastModifiedTime(run.folder().log()).toInstant();
      RunInfo info = run.info().orElse(null);
      if (info != null && info.started() != null && info.commands().size() == 1) {
        perEpoch = seconds(Instant.parse(info.started()), written) / seconds.length;
      }
      // tens of seconds, so that the row of a training does not change every second
      double left = Math.max(0, perEpoch * epochs - seconds(written, Instant.now()));
      return 10.0 * Math.round(left / 10);
    } catch (IOException | DateTimeException e) {
      return null;
    }
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1e3;
  }

  private static String name(Path dir) {
    return Objects.toString(dir.getFileName());
  }
}
