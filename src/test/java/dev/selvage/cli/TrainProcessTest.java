package dev.selvage.cli;

import static dev.selvage.cli.TrainingProcess.log;
import static dev.selvage.cli.TrainingProcess.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.train.TinyDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training in a process of its own, which is killed, stopped or runs out of room. */
class TrainProcessTest {
  /** More by {@code -Dkill.runs=50}. */
  private static final int KILLED_RUNS = Integer.getInteger("kill.runs", 1);

  private static final int MOST_KILLS = 6;
  private static final String LAST = "mask_rcnn_tiny_0003.h5";
  private static final String MIDWAY = "state_midway.safetensors";

  @TempDir static Path shared;

  private static Path data;
  private static Path reference;
  private static long referenceMillis;

  @TempDir Path dir;

  @BeforeAll
  static void trainTheReference() throws Exception {
    data = TinyDataset.write(shared.resolve("tiny"), 9);
    reference = shared.resolve("reference");
    long begin = System.nanoTime();
    assertEquals(0, start(reference, "").waitFor(), () -> said(reference));
    referenceMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }

  static List<Integer> seeds() {
    List<Integer> seeds = new ArrayList<>();
    for (int seed = 1; seed <= KILLED_RUNS; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  /** The moments depend on the machine; what must come of them does not. */
  @ParameterizedTest
  @MethodSource("seeds")
  void killedAtAnyMomentItEndsTheSame(int seed) throws Exception {
    Random random = new Random(seed);
    Path run = dir.resolve("run");
    int kills = 0;
    while (!Files.exists(run.resolve("state_0003.safetensors"))) {
      Process process = start(run, "");
      if (kills < MOST_KILLS) {
        // most of the time goes by before the first step
        long wait = (long) (referenceMillis * (0.4 + 0.6 * random.nextDouble()));
        if (!process.waitFor(wait, TimeUnit.MILLISECONDS)) {
          process.destroyForcibly().waitFor();
          kills++;
          continue;
        }
      }
      assertEquals(0, process.waitFor(), () -> said(run));
    }
    assertEquals(-1, Files.mismatch(reference.resolve(LAST), run.resolve(LAST)));
  }

  /** A terminal that is closed sends SIGHUP, and so does its shell. */
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP HUP"})
  void aSignalSavesAndEndsWell(String signals) throws Exception {
    Path run = dir.resolve("run");
    Process process = start(run, "", "STEPS_PER_EPOCH=1000000");
    while (!Files.exists(run.resolve("log.csv"))) {
      assertTrue(process.isAlive(), () -> said(run));
      Thread.sleep(20);
    }
    for (String signal : signals.split(" ")) {
      String pid = Long.toString(process.pid());
      assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
    }
    assertEquals(0, process.waitFor(), () -> said(run));
    assertTrue(said(run).contains("the step is finished and the run saved"), () -> said(run));
    assertTrue(Files.exists(run.resolve(MIDWAY)));
    assertEquals(0, start(run, "", "EPOCHS=1,2", "STEPS_PER_EPOCH=1").waitFor(), () -> said(run));
    assertTrue(said(run).matches("(?s).*continued after epoch 0, step [1-9].*"), () -> said(run));
  }

  /** A step that never ends is not waited for a second time. */
  @Test
  void aSecondSignalStopsAtOnceAndLosesTheStepAlone() throws Exception {
    Path run = dir.resolve("run");
    Process process = start(run, "", "ACCUMULATION_STEPS=1000000");
    while (!Files.exists(run.resolve("log.csv"))) {
      assertTrue(process.isAlive(), () -> said(run));
      Thread.sleep(20);
    }
    process.destroy(); // SIGTERM
    while (!said(run).contains("a second signal stops at once")) {
      assertTrue(process.isAlive(), () -> said(run));
      Thread.sleep(20);
    }
    assertTrue(process.isAlive(), () -> said(run));
    process.destroy();
    assertEquals(Main.KILLED, process.waitFor(), () -> said(run));
    assertEquals(0, start(run, "", "ACCUMULATION_STEPS=1").waitFor(), () -> said(run));
    assertEquals(-1, Files.mismatch(reference.resolve(LAST), run.resolve(LAST)));
  }

  @Test
  void withoutRoomNothingIsLostOrHalfWritten() throws Exception {
    Path nowhere = dir.resolve("nowhere");
    assertEquals(2, start(nowhere, "ulimit -f 64;").waitFor(), () -> said(nowhere));
    assertTrue(said(nowhere).contains(MIDWAY + ": cannot be written"), () -> said(nowhere));
    assertFalse(Files.exists(nowhere));

    // the first state fits and the first weights do not
    Path run = dir.resolve("run");
    long room = Files.size(reference.resolve(LAST)) / 1024;
    assertEquals(2, start(run, "ulimit -f %d;".formatted(room)).waitFor(), () -> said(run));
    assertTrue(said(run).contains("mask_rcnn_tiny_0001.h5: "), () -> said(run));
    assertTrue(Files.exists(run.resolve(MIDWAY)));
    assertFalse(Files.exists(run.resolve("mask_rcnn_tiny_0001.h5.part")));
    assertEquals(0, start(run, "").waitFor(), () -> said(run));
    assertEquals(-1, Files.mismatch(reference.resolve(LAST), run.resolve(LAST)));
  }

  /** Starts training; what it says goes to a file beside the run. */
  private static Process start(Path run, String before, String... settings) throws IOException {
    List<String> all = new ArrayList<>(TinyDataset.SETTINGS);
    all.addAll(List.of(settings));
    List<String> line = TrainingProcess.command(data, run, List.of(), all);
    // under nohup, children would ignore it too
    List<String> shell =
        new ArrayList<>(
            List.of("bash", "-c", before + " exec env --default-signal=HUP \"$@\"", "train"));
    shell.addAll(line);
    Path log = log(run);
    return new ProcessBuilder(shell).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }
}
