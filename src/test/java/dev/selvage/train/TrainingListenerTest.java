package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.run.RunFolder;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listener hears of a run of two epochs of three steps. */
class TrainingListenerTest {
  private static final BooleanSupplier NEVER = () -> false;
  private static final Config CONFIG =
      TinyDataset.config("EPOCHS=1,2", "EVAL_EVERY=2", "EVAL_PHOTOS=1");

  @TempDir Path dir;

  private KaggleDataset dataset;
  private RunFolder folder;

  /** Writes down what it hears. */
  private final class Recorder implements TrainingListener {
    final List<String> heard = new ArrayList<>();
    EpochProgress progress;

    @Override
    public void trainingBegan(int epochs) {
      heard.add("began after " + epochs);
    }

    @Override
    public void epochBegan(EpochProgress at) {
      assertEquals(2, at.epochs());
      assertEquals(3, at.steps());
      progress = at;
      heard.add("epoch %d from step %d".formatted(at.epoch(), at.step()));
    }

    @Override
    public void stepDone(EpochProgress at) {
      progress = at;
      heard.add("step " + at.step());
    }

    @Override
    public void measuring(String what) {
      heard.add(what);
    }

    @Override
    public void epochDone(EpochReport report) {
      assertTrue(Files.exists(folder.checkpoint(report.epoch())), "weights come before the report");
      assertTrue(!Files.exists(folder.state(report.epoch())), "the state comes after it");
      assertEquals(progress.meanLoss(), report.training().get("loss"));
      assertEquals(progress.imagesPerSecond(), report.imagesPerSecond());
      heard.add("epoch %d done%s".formatted(report.epoch(), report.best() ? ", best" : ""));
    }

    @Override
    public void trainingEnded() {
      heard.add("ended");
    }
  }

  @BeforeEach
  void writePhotos() throws IOException {
    dataset = KaggleDataset.open(TinyDataset.write(dir.resolve("tiny"), 9));
  }

  @Test
  void twoEpochsInOrder() {
    Recorder recorder = new Recorder();
    try (TrainingRun run = begin()) {
      run.train(1, recorder, NEVER);
    }
    assertEquals(
        List.of(
            "began after 0",
            "epoch 1 from step 0",
            "step 1",
            "step 2",
            "step 3",
            "losses",
            "epoch 1 done",
            "epoch 2 from step 0",
            "step 1",
            "step 2",
            "step 3",
            "losses",
            "mask AP",
            "epoch 2 done, best",
            "ended"),
        recorder.heard);
  }

  @Test
  void aStopAndAContinuation() {
    Recorder first = new Recorder();
    int[] questions = {4}; // after the three steps, before the two of validation
    try (TrainingRun run = begin()) {
      run.train(1, first, () -> questions[0]-- == 0);
    }
    assertEquals(
        List.of(
            "began after 0",
            "epoch 1 from step 0",
            "step 1",
            "step 2",
            "step 3",
            "losses",
            "ended"),
        first.heard);
    Recorder second = new Recorder();
    try (TrainingRun run = ResumedRun.open(folder, CONFIG, dataset, null, "train", line -> {})) {
      int[] one = {3}; // after both of validation, one step
      run.train(1, second, () -> one[0]-- == 1);
    }
    assertEquals(
        List.of(
            "began after 0",
            "epoch 1 from step 3",
            "losses",
            "epoch 1 done",
            "epoch 2 from step 0",
            "step 1",
            "ended"),
        second.heard);
  }

  /** The state is not written, so the epoch is trained again. */
  @Test
  void aListenerThatFailsEndsTheRunBeforeTheEpochCounts() {
    Recorder recorder = new Recorder();
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void epochDone(EpochReport report) {
            throw new UserError("log.csv: cannot be written");
          }
        };
    try (TrainingRun run = begin()) {
      TrainingListener both = new TrainingListeners(List.of(recorder, failing));
      assertThrows(UserError.class, () -> run.train(1, both, NEVER));
    }
    assertEquals("epoch 1 done", recorder.heard.get(recorder.heard.size() - 2));
    assertEquals("ended", recorder.heard.get(recorder.heard.size() - 1));
    Recorder again = new Recorder();
    try (TrainingRun run = ResumedRun.open(folder, CONFIG, dataset, null, "train", line -> {})) {
      run.train(1, again, () -> true);
    }
    assertEquals(List.of("began after 0", "epoch 1 from step 0", "step 1", "ended"), again.heard);
  }

  private TrainingRun begin() {
    TrainingRun run =
        NewRun.begin(dir.resolve("run"), CONFIG, dataset, new RunStart(5, "train"), line -> {});
    folder = run.folder();
    return run;
  }
}
