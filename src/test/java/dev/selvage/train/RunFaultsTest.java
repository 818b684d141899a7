package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.split.SplitFile;
import dev.selvage.model.Losses;
import dev.selvage.nn.Parameter;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunLog;
import dev.selvage.run.RunSplit;
import dev.selvage.tensor.Tensor;
import dev.selvage.train.listener.RunListeners;
import dev.selvage.util.DiskFaults;
import dev.selvage.util.UserError;
import dev.selvage.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every file operation of a run fails once. Nothing that was saved before is lost, and continued
 * the run ends in the same bytes.
 */
class RunFaultsTest {
  private static final int EPOCHS = 2;
  private static final Config CONFIG =
      TinyDataset.config(
          "BACKBONE_WIDTH=1",
          "TOP_DOWN_PYRAMID_SIZE=4",
          "RPN_CHANNELS=4",
          "MASK_CHANNELS=4",
          "FPN_CLASSIF_FC_LAYERS_SIZE=4",
          "EPOCHS=1," + EPOCHS,
          "KEEP_CHECKPOINTS=1",
          "STEPS_PER_EPOCH=1",
          "VALIDATION_STEPS=1",
          "EVAL_EVERY=1");

  /** Each operation fails, and from each fifth all; all writes are short from the first on. */
  private static final Map<DiskFaults.Kind, Integer> STEP =
      Map.of(
          DiskFaults.Kind.ONCE, 1,
          DiskFaults.Kind.FROM_THEN_ON, 5,
          DiskFaults.Kind.SHORT_WRITES, 10000);

  @TempDir static Path shared;

  private static KaggleDataset dataset;

  @TempDir Path dir;

  @BeforeAll
  static void open() throws IOException {
    dataset = KaggleDataset.open(TinyDataset.write(shared.resolve("tiny"), 3));
  }

  /** The steps are left out, which write nothing. */
  @ParameterizedTest
  @EnumSource(DiskFaults.Kind.class)
  void everyOperationFails(DiskFaults.Kind kind) throws IOException {
    Path reference = dir.resolve("reference");
    writeAsTrainingDoes(reference);
    boolean reached = true;
    for (int n = 1; reached; n += STEP.get(kind)) {
      Path run = dir.resolve("run" + n);
      reached = failsOnce(run, n, kind, () -> writeAsTrainingDoes(run));
      if (reached) {
        try (DiskFaults none = DiskFaults.none()) {
          writeAsTrainingDoes(run);
          assertFalse(none.happened());
        }
      }
      assertSame(reference, run);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 45, 70})
  void theRealTrainingToo(int n) throws IOException {
    Path reference = dir.resolve("reference");
    train(reference);
    Path run = dir.resolve("run");
    assertTrue(failsOnce(run, n, DiskFaults.Kind.FROM_THEN_ON, () -> train(run)));
    train(run);
    for (String name : List.of("mask_rcnn_tiny_0002.h5", "mask_rcnn_tiny_best.h5", "split.csv")) {
      assertEquals(-1, Files.mismatch(reference.resolve(name), run.resolve(name)), name);
    }
  }

  /** Whether the n-th operation was reached. */
  private static boolean failsOnce(Path dir, int n, DiskFaults.Kind kind, Runnable training)
      throws IOException {
    long live = Tensor.live();
    boolean reached;
    try (DiskFaults faults = DiskFaults.at(n, kind)) {
      try {
        training.run();
        reached = faults.happened();
        boolean harmless =
            !reached
                || kind == DiskFaults.Kind.SHORT_WRITES
                || faults.operation().equals("link"); // the file is copied then
        assertTrue(harmless, faults.operation());
      } catch (UserError e) {
        assertTrue(e.getMessage().contains(": cannot be written (a fault of "), e.getMessage());
        reached = true;
      }
    }
    assertEquals(live, Tensor.live());
    RunFolder.open(dir).ifPresent(RunFaultsTest::assertWhole);
    return reached;
  }

  /** Reads all files of a run that were complete when an operation failed. */
  private static void assertWhole(RunFolder run) {
    RunInfo.read(run.config());
    SplitFile.read(RunSplit.file(run.dir())).of(dataset);
    assertTrue(Files.exists(run.midEpoch()) || run.lastComplete().isPresent());
    run.complete().forEach(epoch -> Safetensors.open(run.state(epoch)).close());
    if (run.lastComplete().orElse(0) > 0) {
      int[] epochs = RunLog.read(run.log()).epochs();
      assertTrue(epochs.length >= run.lastComplete().getAsInt());
    }
  }

  private static TrainingRun open(Path dir) {
    return RunFolder.open(dir)
        .map(run -> ResumedRun.open(run, CONFIG, dataset, null, "train", line -> {}))
        .orElseGet(() -> NewRun.begin(dir, CONFIG, dataset, new RunStart(5, "train"), line -> {}));
  }

  private static void train(Path dir) {
    try (TrainingRun run = open(dir)) {
      run.train(1, RunListeners.quiet(run), () -> false);
      assertTrue(run.isComplete());
    }
  }

  private static void writeAsTrainingDoes(Path dir) {
    try (TrainingRun run = open(dir);
        EmaWeights averages = new EmaWeights(CONFIG)) {
      Checkpoints checkpoints =
          new Checkpoints(run.folder(), averages, CONFIG.KEEP_CHECKPOINTS, Map.of());
      TrainingState at =
          checkpoints.restore(
              new Schedule(CONFIG),
              line -> assertTrue(line.endsWith(".part: half-written, skipped"), line));
      TrainingListener listener = RunListeners.quiet(run);
      listener.trainingBegan(at.epochs);
      while (at.epochs < EPOCHS) {
        averages.training().setTrainable("all");
        Parameter bias = averages.training().get("mrcnn_class_logits/bias");
        float[] values = bias.download();
        values[0] += at.epoch();
        bias.upload(values);
        at.totalSteps++;
        at.measured(0.1 * at.epoch());
        EpochReport report = report(at);
        at.endEpoch();
        checkpoints.saveWeights(at.epochs);
        listener.epochDone(report);
        checkpoints.completeEpoch(at);
      }
      listener.trainingEnded();
    }
  }

  private static EpochReport report(TrainingState at) {
    Map<String, Double> losses = new LinkedHashMap<>();
    Losses.NAMES.forEach(name -> losses.put(name, 0.5));
    return new EpochReport(at.epoch(), 0.1, losses, losses, Map.of(), true, 3, 0.1, 2, 300);
  }

  private static void assertSame(Path reference, Path run) throws IOException {
    assertEquals(names(reference), names(run));
    for (String name : names(reference)) {
      if (name.startsWith("events")) { // which hold the time
        assertEquals(
            Files.size(RunFolder.of(reference, "tiny").events()),
            Files.size(RunFolder.of(run, "tiny").events()));
      } else if (!name.equals("config.json")) { // which has one more command
        assertEquals(-1, Files.mismatch(reference.resolve(name), run.resolve(name)), name);
      }
    }
  }

  private static List<String> names(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      List<String> names =
          new ArrayList<>(files.map(file -> file.getFileName().toString()).sorted().toList());
      names.removeIf(name -> name.endsWith(".part")); // reported, and replaced by the next write
      names.replaceAll(name -> name.startsWith("events") ? "events" : name);
      return names;
    }
  }
}
