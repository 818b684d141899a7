package dev.selvage.train.listener;

import dev.selvage.train.TrainingListener;
import dev.selvage.train.TrainingListeners;
import dev.selvage.train.TrainingRun;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/** The listeners that write a run's files and show its epochs, for tests. */
public final class RunListeners {
  private RunListeners() {}

  /**
   * As the command has them, without a bar.
   *
   * @param out where epochs are shown
   */
  public static TrainingListener of(TrainingRun run, PrintStream out) {
    return new TrainingListeners(
        List.of(
            new SplitPageWriter(run),
            new EpochLog(run.folder().log()),
            new TensorBoardLog(run),
            new ProgressDisplay(out, false)));
  }

  /** The same, showing nothing. */
  public static TrainingListener quiet(TrainingRun run) {
    return of(run, new PrintStream(OutputStream.nullOutputStream()));
  }
}
