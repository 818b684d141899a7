package dev.selvage.cli;

import dev.selvage.train.ProgressDisplay;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on stderr that counts photos; none where stderr is no terminal. */
final class PhotoBar implements AutoCloseable {
  private static final int INTERVAL_MILLIS = 500;

  private final ProgressBar bar;

  PhotoBar(String task, int photos) {
    bar =
        !ProgressDisplay.stderrIsTerminal()
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

  void step() {
    if (bar != null) {
      bar.step();
    }
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
