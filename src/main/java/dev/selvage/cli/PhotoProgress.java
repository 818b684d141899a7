package dev.selvage.cli;

import dev.selvage.inspect.Inspector;
import dev.selvage.resize.Resizer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Counts photos, with a progress bar if stderr is a terminal. After SIGTERM or Ctrl-C it ends the
 * command before the next photo.
 */
final class PhotoProgress implements Inspector.Progress, Resizer.Progress, AutoCloseable {
  private static final int INTERVAL_MILLIS = 500;

  private final String task;
  private StopSignal stop;
  private ProgressBar bar;

  /**
   * A count that has not started.
   *
   * @param task the name next to the bar
   */
  PhotoProgress(String task) {
    this.task = task;
  }

  /** Starts to count so many photos, and to catch the signals. */
  @Override
  public void photos(int count) {
    stop = StopSignal.open("stopping after the current photos, without a result");
    if (Terminal.isStderr()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(count)
              .setUnit(" photos", 1)
              .showSpeed()
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(INTERVAL_MILLIS)
              .setConsumer(new ConsoleProgressBarConsumer(PrintableStream.unescaped(System.err)))
              .clearDisplayOnFinish()
              .build();
    }
  }

  /**
   * Counts one photo.
   *
   * @throws StopSignal.Stopped a signal asked to stop
   */
  @Override
  public void photo() {
    stop.check();
    if (bar != null) {
      bar.step();
    }
  }

  /** Removes the bar, and lets the signals do what they did before. */
  @Override
  public void close() {
    if (stop != null) {
      stop.close();
    }
    if (bar != null) {
      bar.close();
    }
  }
}
