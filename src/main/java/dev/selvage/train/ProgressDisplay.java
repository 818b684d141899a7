package dev.selvage.train;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how training goes on: a bar for the epoch under way where the stream is a terminal, and one
 * line for each complete epoch.
 */
public final class ProgressDisplay implements AutoCloseable {
  private static final int INTERVAL_MILLIS = 500;

  private final PrintStream out;
  private final boolean terminal;
  private final int stepsPerEpoch;
  private final int imagesPerStep;
  private ProgressBar bar;
  private int epochs;
  private long began;

  ProgressDisplay(PrintStream out, boolean terminal, int stepsPerEpoch, int imagesPerStep) {
    this.out = out;
    this.terminal = terminal;
    this.stepsPerEpoch = stepsPerEpoch;
    this.imagesPerStep = imagesPerStep;
  }

  /** Whether stderr is shown to a person; Java itself tells only of stdin and stdout together. */
  public static boolean stderrIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  void begin(TrainingState at, int allEpochs) {
    epochs = allEpochs;
    began = System.nanoTime() - at.nanos;
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("epoch %d/%d".formatted(at.epoch(), epochs))
              .setInitialMax(stepsPerEpoch)
              .startsFrom(at.step(), Duration.ofNanos(at.nanos))
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(INTERVAL_MILLIS)
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .clearDisplayOnFinish()
              .build();
    }
  }

  void step(TrainingState at) {
    if (bar != null) {
      bar.setExtraMessage(
          String.format(
              Locale.ROOT,
              " loss %.2f %.1f images/s stall %.0f%%",
              at.losses.total(),
              at.step() * imagesPerStep / (at.nanos / 1e9),
              100.0 * at.stallNanos / at.nanos));
      bar.stepTo(at.step());
    }
  }

  /** A step's gradients have overflowed. */
  void leftOut(String step, LossScale next) {
    out.printf(
        Locale.ROOT,
        "%s: left out, since its gradients are too large for f16; losses times %.0f from here on%n",
        step,
        next.factor());
  }

  void validating() {
    if (bar != null) {
      bar.setExtraMessage(" validating");
    }
  }

  void measuring() {
    if (bar != null) {
      bar.setExtraMessage(" measuring mask AP");
    }
  }

  /**
   * One epoch is complete.
   *
   * @param best whether its mask AP is the best so far
   */
  void end(EpochRow row, boolean best) {
    close();
    long left = (epochs - row.epoch()) * (System.nanoTime() - began) / 1_000_000_000L;
    out.printf(
        Locale.ROOT,
        "epoch %d/%d: loss %.4f%s%s, lr %.3g, %.1f images/s, loader stall %.1f%%, %.0f s,"
            + " %d:%02d:%02d left%n",
        row.epoch(),
        epochs,
        row.training().get("loss"),
        row.validation().isEmpty()
            ? ""
            : String.format(Locale.ROOT, ", val_loss %.4f", row.validation().get("loss")),
        scores(row, best),
        row.rate(),
        row.imagesPerSecond(),
        100 * row.stallShare(),
        row.seconds(),
        left / 3600,
        left / 60 % 60,
        left % 60);
  }

  private static String scores(EpochRow row, boolean best) {
    StringBuilder text = new StringBuilder();
    row.scores()
        .forEach(
            (name, value) -> text.append(String.format(Locale.ROOT, ", %s %.4f", name, value)));
    return text.append(best ? " (best)" : "").toString();
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
