package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunLog;
import dev.selvage.tensor.Tensor;
import dev.selvage.train.listener.RunListeners;
import dev.selvage.util.UserError;
import dev.selvage.weights.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every part of the recipe at once, interrupted and continued. */
class RecipeTest {
  private static final long SEED = 5;
  private static final BooleanSupplier NEVER = () -> false;
  private static final String[] RECIPE = {
    "LR_DECAY=cosine",
    "ACCUMULATION_STEPS=2",
    "EMA_DECAY=0.5",
    "EVAL_EVERY=2",
    "KEEP_CHECKPOINTS=2",
    "REPEAT_THRESHOLD=0.9",
  };

  @TempDir static Path shared;

  private static KaggleDataset dataset;

  /** A run with all of it that was never interrupted. */
  private static RunFolder reference;

  @TempDir Path dir;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream log = new PrintStream(said, true);

  @BeforeAll
  static void trainTheReference() throws IOException {
    Path tiny = TinyDataset.write(shared.resolve("tiny"), 9);
    List<String> rows = Files.readAllLines(tiny.resolve("train.csv"));
    rows.removeIf(row -> row.endsWith(",7") && !row.matches("photo[15].*")); // to be repeated
    Files.write(tiny.resolve("train.csv"), rows);
    dataset = KaggleDataset.open(tiny);
    long live = Tensor.live();
    Config config = TinyDataset.config(RECIPE);
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    try (TrainingRun run = begin(shared.resolve("reference"), config, nowhere)) {
      run.train(1, RunListeners.quiet(run), NEVER);
      assertTrue(run.isComplete());
      reference = run.folder();
    }
    assertEquals(live, Tensor.live(), "native tensors that were not freed");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void stoppingAnywhereChangesNothing(long seed) throws IOException {
    Random random = new Random(seed);
    Config config = TinyDataset.config(RECIPE);
    begin(dir, config, log).close();
    boolean complete = false;
    for (int i = 0; i < 50 && !complete; i++) {
      int[] questions = {random.nextInt(10)};
      try (TrainingRun run = resume(dir, config)) {
        run.train(1 + i % 3, RunListeners.of(run, log), () -> questions[0]-- == 0);
        complete = run.isComplete();
      }
    }
    assertTrue(complete);
    TrainingRunTest.assertSame(reference, dir);
  }

  @Test
  void killedBetweenTheFilesOfAnEpoch() throws IOException {
    Config config = TinyDataset.config(RECIPE);
    begin(dir, config, log).close();
    int[] questions = {3 + 2 + 3}; // in the second epoch
    try (TrainingRun run = resume(dir, config)) {
      run.train(2, RunListeners.of(run, log), () -> questions[0]-- == 0);
    }
    Files.delete(dir.resolve("state_midway.safetensors"));
    Files.copy(
        reference.checkpoint(2),
        dir.resolve("mask_rcnn_tiny_0002.h5")); // its state was not written
    try (TrainingRun run = resume(dir, config)) {
      run.train(2, RunListeners.of(run, log), NEVER);
    }
    assertTrue(said.toString().contains("continued after epoch 1, step 0"), said.toString());
    TrainingRunTest.assertSame(reference, dir);
  }

  /** Without learning no epoch is better than the first. */
  @Test
  void aRunThatGetsNoBetterEndsAndKeepsItsBest() throws IOException {
    Config config =
        TinyDataset.config(
            "EPOCHS=5",
            "LRS=0",
            "LAYERS=all",
            "FLIPS=true",
            "EVAL_EVERY=1",
            "EVAL_PHOTOS=1",
            "EARLY_STOP_EPOCHS=2",
            "KEEP_CHECKPOINTS=1");
    try (TrainingRun run = begin(dir, config, log)) {
      run.train(1, RunListeners.of(run, log), NEVER);
      assertTrue(run.isComplete() && run.endedEarly());
      assertEquals(3, run.epochs());
      assertEquals(1, run.bestEpoch().orElseThrow());
    }
    assertEquals(
        List.of("mask_rcnn_tiny_0001.h5", "mask_rcnn_tiny_0003.h5", "mask_rcnn_tiny_best.h5"),
        names("mask_rcnn"));
    assertEquals(List.of("state_0003.safetensors"), names("state"));
    assertEquals(
        -1,
        Files.mismatch(
            dir.resolve("mask_rcnn_tiny_0001.h5"), dir.resolve("mask_rcnn_tiny_best.h5")));
    assertTrue(said.toString().contains("val_mask_AP50 0.0000 (best)"), said.toString());
    RunLog rows = RunLog.read(dir.resolve("log.csv"));
    assertArrayEquals(new double[3], rows.columns().get("val_mask_AP"));
    try (TrainingRun run = resume(dir, config)) {
      assertTrue(run.isComplete());
    }
  }

  /** A kill between the weights of an epoch and its state leaves a best that does not count. */
  @Test
  void theBestOfAnEpochThatDoesNotCountIsTakenBack() throws IOException {
    Config config = TinyDataset.config(RECIPE);
    begin(dir, config, log).close();
    Files.copy(reference.best(), dir.resolve("mask_rcnn_tiny_best.h5"));
    resume(dir, config).close();
    assertEquals(List.of(), names("mask_rcnn"));
  }

  @Test
  void scoresNeedPhotosHeldOut() {
    Config config = TinyDataset.config("VALIDATION_FRACTION=0", "EVAL_EVERY=1");
    try (TrainingRun run = begin(dir.resolve("run"), config, log)) {
      UserError error =
          assertThrows(UserError.class, () -> run.train(1, RunListeners.of(run, log), NEVER));
      assertEquals(
          "EVAL_EVERY: expected held-out photos to evaluate on, found none", error.getMessage());
    }
  }

  private List<String> names(String beginning) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(beginning))
          .filter(name -> !name.contains("midway"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theSavedWeightsAreAverages() throws IOException {
    Config config =
        TinyDataset.config("EMA_DECAY=0.5", "EPOCHS=1", "LRS=0.01", "LAYERS=all", "FLIPS=true");
    try (TrainingRun run = begin(dir.resolve("averaged"), config, log)) {
      run.train(1, RunListeners.of(run, log), NEVER);
    }
    Config plain = TinyDataset.config("EPOCHS=1", "LRS=0.01", "LAYERS=all", "FLIPS=true");
    try (TrainingRun run = begin(dir.resolve("plain"), plain, log)) {
      run.train(1, RunListeners.of(run, log), NEVER);
    }
    String weights = "mask_rcnn_tiny_0001.h5";
    assertNotEquals(
        -1,
        Files.mismatch(
            dir.resolve("plain").resolve(weights), dir.resolve("averaged").resolve(weights)));
    // the training itself is the same: without the average it goes on as the plain run does
    Config more = TinyDataset.config("EPOCHS=2", "LRS=0.01", "LAYERS=all", "FLIPS=true");
    for (String name : new String[] {"plain", "averaged"}) {
      try (TrainingRun run = resume(dir.resolve(name), more)) {
        run.train(1, RunListeners.of(run, log), NEVER);
      }
    }
    String later = "mask_rcnn_tiny_0002.h5";
    assertEquals(
        -1,
        Files.mismatch(
            dir.resolve("plain").resolve(later), dir.resolve("averaged").resolve(later)));
  }

  @Test
  void anAverageMayBeginLate() throws IOException {
    Config plain = TinyDataset.config("EPOCHS=1", "LRS=0.01", "LAYERS=all", "FLIPS=true");
    try (TrainingRun run = begin(dir, plain, log)) {
      run.train(1, RunListeners.of(run, log), NEVER);
    }
    Path state = dir.resolve("state_0001.safetensors");
    try (Safetensors tensors = Safetensors.open(state)) {
      assertFalse(tensors.holds("weight/"));
    }
    Config more =
        TinyDataset.config("EPOCHS=2", "LRS=0.01", "LAYERS=all", "FLIPS=true", "EMA_DECAY=0.5");
    try (TrainingRun run = resume(dir, more)) {
      run.train(1, RunListeners.of(run, log), NEVER);
    }
    try (Safetensors tensors = Safetensors.open(dir.resolve("state_0002.safetensors"))) {
      assertTrue(tensors.holds("weight/"));
    }
  }

  private static TrainingRun begin(Path run, Config config, PrintStream log) {
    return NewRun.begin(run, config, dataset, new RunStart(SEED, "train"), log::println);
  }

  private TrainingRun resume(Path run, Config config) {
    RunFolder folder = RunFolder.open(run).orElseThrow();
    return ResumedRun.open(folder, config, dataset, null, "train", log::println);
  }
}
