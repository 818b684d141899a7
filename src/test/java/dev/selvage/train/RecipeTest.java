package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.KaggleDataset;
import dev.selvage.tensor.Tensor;
import dev.selvage.weights.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.BooleanSupplier;
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
    "LR_DECAY=cosine", "ACCUMULATION_STEPS=2", "EMA_DECAY=0.5",
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
    dataset = KaggleDataset.open(TinyDataset.write(shared.resolve("tiny"), 9));
    long live = Tensor.live();
    Config config = TinyDataset.config(RECIPE);
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    try (TrainingRun run = begin(shared.resolve("reference"), config, nowhere)) {
      run.train(1, false, NEVER);
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
      int[] questions = {random.nextInt(8)};
      try (TrainingRun run = resume(dir, config)) {
        run.train(1 + i % 3, false, () -> questions[0]-- == 0);
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
      run.train(2, false, () -> questions[0]-- == 0);
    }
    Files.delete(dir.resolve("state_midway.safetensors"));
    Files.copy(
        reference.checkpoint(2), dir.resolve("mask_rcnn_tiny_0002.h5")); // its state was not written
    try (TrainingRun run = resume(dir, config)) {
      run.train(2, false, NEVER);
    }
    assertTrue(said.toString().contains("continued after epoch 1, step 0"), said.toString());
    TrainingRunTest.assertSame(reference, dir);
  }

  @Test
  void theSavedWeightsAreAverages() throws IOException {
    Config config = TinyDataset.config("EMA_DECAY=0.5", "EPOCHS=1", "LRS=0.01", "LAYERS=all", "FLIPS=true");
    try (TrainingRun run = begin(dir.resolve("averaged"), config, log)) {
      run.train(1, false, NEVER);
    }
    Config plain = TinyDataset.config("EPOCHS=1", "LRS=0.01", "LAYERS=all", "FLIPS=true");
    try (TrainingRun run = begin(dir.resolve("plain"), plain, log)) {
      run.train(1, false, NEVER);
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
        run.train(1, false, NEVER);
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
      run.train(1, false, NEVER);
    }
    Path state = dir.resolve("state_0001.safetensors");
    try (Safetensors tensors = Safetensors.open(state)) {
      assertFalse(tensors.holds("weight/"));
    }
    Config more = TinyDataset.config("EPOCHS=2", "LRS=0.01", "LAYERS=all", "FLIPS=true", "EMA_DECAY=0.5");
    try (TrainingRun run = resume(dir, more)) {
      run.train(1, false, NEVER);
    }
    try (Safetensors tensors = Safetensors.open(dir.resolve("state_0002.safetensors"))) {
      assertTrue(tensors.holds("weight/"));
    }
  }

  private static TrainingRun begin(Path run, Config config, PrintStream log) {
    return TrainingRun.begin(run, config, dataset, null, SEED, "train", log);
  }

  private TrainingRun resume(Path run, Config config) {
    RunFolder folder = RunFolder.open(run).orElseThrow();
    return TrainingRun.resume(folder, config, dataset, null, "train", log);
  }
}
