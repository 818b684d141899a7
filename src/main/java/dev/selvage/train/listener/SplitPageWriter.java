package dev.selvage.train.listener;

import dev.selvage.inspect.SplitComparison;
import dev.selvage.report.SplitPage;
import dev.selvage.train.TrainingListener;
import dev.selvage.train.TrainingRun;
import java.nio.file.Files;

/** Writes the page that compares the photos to train on with those held out, if it is not there. */
public final class SplitPageWriter implements TrainingListener {
  private final TrainingRun run;

  public SplitPageWriter(TrainingRun run) {
    this.run = run;
  }

  @Override
  public void trainingBegan(int epochs) {
    if (!Files.exists(run.folder().splitPage())) {
      SplitPage.write(
          run.folder().splitPage(),
          run.dataset().name(),
          SplitComparison.of(run.split(), run.dataset(), run.config(), run.seed()));
    }
  }
}
