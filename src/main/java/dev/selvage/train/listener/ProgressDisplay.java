package dev.selvage.train.listener;

import dev.selvage.train.EpochProgress;
import dev.selvage.train.EpochReport;
import dev.selvage.train.TrainingListener;
import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how training goes on: a bar for the epoch under way where the stream is a terminal, and one
 * line for each complete epoch.
 */
public final class ProgressDisplay implements TrainingListener {
  private static final int INTERVAL_MILLIS = 500;

  private final PrintStream out;
  private final boolean terminal;
  private ProgressBar bar;
  private int epochs;
  private long began;

  /**
   * A display.
   *
   * @param terminal whether a person watches the stream, who then sees a bar
   */
  public ProgressDisplay(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void epochBegan(EpochProgress at) {
    epochs = at.epochs();
    began = System.nanoTime() - at.time().toNanos();
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("epoch %d/%d".formatted(at.epoch(), epochs))
              .setInitialMax(at.steps())
              .startsFrom(at.step(), at.time())
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(INTERVAL_MILLIS)
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .clearDisplayOnFinish()
              .build();
    }
  }

  @Override
  public void stepDone(EpochProgress at) {
    if (bar != null) {
      bar.setExtraMessage(
          String.format(
              Locale.ROOT,
              " loss %.2f %.1f images/s stall %.0f%%",
              at.meanLoss(),
              at.imagesPerSecond(),
              100 * at.stallShare()));
      bar.stepTo(at.step());
    }
  }

  @Override
  public void stepSkipped(int epoch, int step, double lossScale) {
    out.printf(
        Locale.ROOT,
        "epoch %d step %d: skipped, because its gradients overflow f16; the loss scale is now %.0f%n",
        epoch,
        step,
        lossScale);
  }

  @Override
  public void measuring(String what) {
    if (bar != null) {
      bar.setExtraMessage(" measuring " + what);
    }
  }

  @Override
  public void epochDone(EpochReport report) {
    closeBar();
    long left = (epochs - report.epoch()) * (System.nanoTime() - began) / 1_000_000_000L;
    out.printf(
        Locale.ROOT,
        "epoch %d/%d: loss %.4f%s%s, lr %.3g, %.1f images/s, loader stall %.1f%%, %.0f s,"
            + " %d:%02d:%02d left%n",
        report.epoch(),
        epochs,
        report.training().get("loss"),
        report.validation().isEmpty()
            ? ""
            : String.format(Locale.ROOT, ", val_loss %.4f", report.validation().get("loss")),
        scores(report),
        report.rate(),
        report.imagesPerSecond(),
        100 * report.stallShare(),
        report.seconds(),
        left / 3600,
        left / 60 % 60,
        left % 60);
  }

  private static String scores(EpochReport report) {
    StringBuilder text = new StringBuilder();
    report
        .scores()
        .forEach(
            (name, value) -> text.append(String.format(Locale.ROOT, ", %s %.4f", name, value)));
    return text.append(report.best() ? " (best)" : "").toString();
  }

  @Override
  public void trainingEnded() {
    closeBar();
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
