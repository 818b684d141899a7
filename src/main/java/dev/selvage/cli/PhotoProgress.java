package dev.selvage.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Counts photos, on stderr as a bar where that is a terminal, and ends the verb after a photo where
 * a signal asks for it.
 */
final class PhotoProgress implements AutoCloseable {
  private static final int INTERVAL_MILLIS = 500;

  private final StopSignal stop =
      StopSignal.open("ends after the photos at hand, without a result");
  private final ProgressBar bar;

  PhotoProgress(String task, int photos) {
    bar =
        !Terminal.isStderr()
            ? null
            : new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(photos)
                .setUnit(" photos", 1)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(INTERVAL_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .clearDisplayOnFinish()
                .build();
  }

  /**
   * One photo is done.
   *
   * @throws StopSignal.Stopped where the verb was asked to stop
   */
  void step() {
    stop.check();
    if (bar != null) {
      bar.step();
    }
  }

  /** Takes the bar away and lets the signals go. */
  @Override
  public void close() {
    stop.close();
    if (bar != null) {
      bar.close();
    }
  }
}
