package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.run.RunFolder;
import dev.selvage.runtime.Native;
import dev.selvage.train.listener.RunListeners;
import dev.selvage.util.Needs;
import dev.selvage.weights.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training with f16 maps, which only a GPU has, on the simulated one. */
class F16TrainingTest {
  private static final Path CUDA =
      Path.of(System.getProperty("cuda.simulated"), "libselvage_cuda.so");
  private static final long SEED = 5;
  private static final BooleanSupplier NEVER = () -> false;

  /** Losses so large that the first steps' gradients overflow. */
  private static final Config CONFIG =
      TinyDataset.config(
          "PRECISION=f16",
          "LOSS_WEIGHTS=64,64,64,64,64",
          "EPOCHS=1",
          "LRS=1e-6",
          "LAYERS=all",
          "FLIPS=false",
          "IMAGES_PER_GPU=1",
          "STEPS_PER_EPOCH=5",
          "VALIDATION_STEPS=0");

  @TempDir Path dir;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream log = new PrintStream(said, true);

  @BeforeAll
  static void simulate() {
    Needs.simulatedGpu(CUDA, "training in f16");
    Native.selectDevice("cuda", CUDA.toString());
  }

  @AfterAll
  static void backToTheCpu() {
    Native.selectDevice("cpu", "");
  }

  @Test
  void overflowsAreLeftOutAndTheScaleIsResumedExactly() throws IOException {
    KaggleDataset dataset = KaggleDataset.open(TinyDataset.write(dir.resolve("tiny"), 9));
    RunFolder whole = begin(dir.resolve("whole"), dataset, NEVER);
    String first = "epoch 1 step 1: skipped, because its gradients overflow f16;";
    assertTrue(said.toString().contains(first + " the loss scale is now 32768"), said::toString);
    long leftOut = said.toString().lines().filter(line -> line.contains(": skipped")).count();
    assertTrue(leftOut < CONFIG.STEPS_PER_EPOCH, said::toString);
    double scale = Math.scalb(65536., (int) -leftOut);
    assertEquals(scale, scaleIn(whole.state(1)));

    RunFolder parts = begin(dir.resolve("parts"), dataset, () -> true);
    assertEquals(32768, scaleIn(parts.midEpoch()));
    try (TrainingRun run = ResumedRun.open(parts, CONFIG, dataset, null, "train", log::println)) {
      run.train(1, RunListeners.of(run, log), NEVER);
    }
    TrainingRunTest.assertSame(whole, parts.dir());
    assertEquals(scale, scaleIn(parts.state(1)));
  }

  private RunFolder begin(Path folder, KaggleDataset dataset, BooleanSupplier stop)
      throws IOException {
    try (TrainingRun run =
        NewRun.begin(folder, CONFIG, dataset, new RunStart(SEED, "train"), log::println)) {
      byte[] before = weightsIn(run.folder().midEpoch());
      run.train(1, RunListeners.of(run, log), stop);
      if (!run.isComplete()) {
        byte[] after = weightsIn(run.folder().midEpoch());
        byte[] last = Arrays.copyOfRange(after, after.length - before.length, after.length);
        assertArrayEquals(before, last, "a step that is left out moves no weight");
      }
      return run.folder();
    }
  }

  private static double scaleIn(Path state) {
    try (Safetensors tensors = Safetensors.open(state)) {
      return Double.parseDouble(tensors.metadata().get("loss_scale"));
    }
  }

  /** All that follows the header; in the middle of an epoch the weights come last. */
  private static byte[] weightsIn(Path state) throws IOException {
    byte[] bytes = Files.readAllBytes(state);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(bytes, Long.BYTES + Math.toIntExact(header), bytes.length);
  }
}
