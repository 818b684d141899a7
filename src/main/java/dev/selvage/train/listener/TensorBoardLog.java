package dev.selvage.train.listener;

import dev.selvage.nn.Parameter;
import dev.selvage.tensorboard.EventFile;
import dev.selvage.tensorboard.SummaryValue;
import dev.selvage.tensorboard.ValueHistogram;
import dev.selvage.train.EpochReport;
import dev.selvage.train.TrainingListener;
import dev.selvage.train.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes TensorBoard's event file: a point of each curve for every epoch and, every
 * TENSORBOARD_EVERY epochs, pictures of photos held out and a histogram of each array of the
 * weights. A histogram costs a kilobyte and two passes over the array.
 */
public final class TensorBoardLog implements TrainingListener {
  private final TrainingRun run;
  private final Optional<TensorBoardImages> images;
  private EventFile events;

  public TensorBoardLog(TrainingRun run) {
    this.run = run;
    images =
        run.config().TENSORBOARD_EVERY == 0
            ? Optional.empty()
            : Optional.of(
                new TensorBoardImages(
                    run.config(), run.weights(), run.dataset(), run.split().valid()));
  }

  /** Begins the file, or drops the records of later epochs. */
  @Override
  public void trainingBegan(int epochs) {
    events = new EventFile(run.folder().events(), epochs - 1);
  }

  @Override
  public void epochDone(EpochReport report) {
    int step = report.epoch() - 1; // Keras counts epochs from 0 here
    events.append(step, report.curves());
    images
        .filter(i -> report.epoch() % run.config().TENSORBOARD_EVERY == 0)
        .ifPresent(
            i -> {
              i.forEach(picture -> events.append(step, List.of(picture)));
              appendHistograms(step);
            });
  }

  private void appendHistograms(int step) {
    List<SummaryValue> histograms = new ArrayList<>();
    for (Parameter parameter : run.weights().list()) {
      ValueHistogram histogram = ValueHistogram.of(parameter.download());
      histograms.add(SummaryValue.histogram(parameter.name(), histogram));
    }
    events.appendEach(step, histograms);
  }
}
