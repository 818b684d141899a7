package dev.selvage.cli;

import static dev.selvage.cli.RankProcesses.SECONDS_TO_END;
import static dev.selvage.cli.RankProcesses.awaitFile;
import static dev.selvage.cli.RankProcesses.begin;
import static dev.selvage.cli.RankProcesses.losses;
import static dev.selvage.cli.RankProcesses.mpirun;
import static dev.selvage.cli.RankProcesses.requireNamesAHungRank;
import static dev.selvage.cli.TrainingProcess.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.train.TinyDataset;
import dev.selvage.util.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Training by two processes, each on a simulated GPU of its own, whose gradients go through a
 * library that stands for NCCL.
 */
class TrainGpuRanksTest {
  private static final Path SIMULATED = Path.of(System.getProperty("cuda.simulated"));

  /** Batches of a step that the ranks share. */
  private static final List<String> SETTINGS =
      List.of(
          "ACCUMULATION_STEPS=2",
          "IMAGES_PER_GPU=1",
          "EPOCHS=1",
          "LRS=0.01",
          "LAYERS=all",
          "FLIPS=false",
          "STEPS_PER_EPOCH=2",
          "VALIDATION_STEPS=0");

  @TempDir static Path shared;

  private static Path data;

  @TempDir Path dir;

  @BeforeAll
  static void simulate() throws IOException {
    RankProcesses.requireMpi();
    for (String library : List.of("libselvage_cuda.so", "nccl/libnccl.so.2")) {
      Needs.simulatedGpu(SIMULATED.resolve(library), "training on several simulated GPUs");
    }
    data = TinyDataset.write(shared.resolve("tiny"), 9);
  }

  @Test
  void ranksGiveTheBitsOfOneProcessThatAccumulates() throws Exception {
    Path one = dir.resolve("one");
    Path two = dir.resolve("two");
    assertEquals(0, start(one, 1, Map.of(), List.of()).waitFor(), () -> said(one));
    assertEquals(0, start(two, 2, Map.of(), List.of()).waitFor(), () -> said(two));
    String weights = "mask_rcnn_tiny_0001.h5";
    assertEquals(-1, Files.mismatch(one.resolve(weights), two.resolve(weights)), () -> said(two));
    assertEquals(losses(one), losses(two));
    assertTrue(said(two).contains("computing on cuda:0"), () -> said(two));
  }

  @Test
  void aRankThatHangsIsNamed() throws Exception {
    Path run = dir.resolve("run");
    Process launcher =
        start(run, 2, Map.of(), List.of("--rank-timeout", "5"), "STEPS_PER_EPOCH=1000000");
    awaitFile(run.resolve("split.html"), launcher);
    requireNamesAHungRank(launcher, run);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LD_LIBRARY_PATH=        | --device cuda   | several ranks on GPUs: NCCL 2 is missing (libnccl.so.2: cannot open shared object file: No such file or directory); install it with `apt-get install libnccl2` from NVIDIA's packages for Debian and Ubuntu
          FAKE_NCCL_LOST_AT=3     | --device cuda   | NCCL says remote process exited or there was a network error (6); NCCL_DEBUG=WARN in the environment makes it say more
          SIMT_GPUS=2             | --device cuda:0 | option --device: expected a GPU for each rank, found cuda:0 (0000:00:00.0) used by rank 0 and rank 1;
          SIMT_GPUS=2             | --conv auto     | option --conv: expected builtin or cudnn for a training of several ranks, found 'auto'
          """)
  void saysInOneSentenceWhyTheGpusCannotTrainTogether(String planted, String option, String why)
      throws Exception {
    Path run = dir.resolve("run");
    Map<String, String> fault = Map.of(planted.split("=")[0], planted.replaceFirst(".*?=", ""));
    Process launcher = start(run, 2, fault, List.of(option.split(" ")));
    assertTrue(launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), () -> said(run));
    assertEquals(2, launcher.exitValue(), () -> said(run));
    assertTrue(said(run).contains(why), () -> said(run));
    assertFalse(said(run).contains("Exception"), () -> said(run));
  }

  private Process start(
      Path run, int ranks, Map<String, String> planted, List<String> options, String... settings)
      throws IOException {
    List<String> all =
        Stream.of(TinyDataset.SETTINGS, SETTINGS, List.of(settings)).flatMap(List::stream).toList();
    List<String> java = List.of("-Dselvage.cuda=" + SIMULATED);
    List<String> line = new ArrayList<>(ranks == 1 ? List.of() : mpirun(ranks));
    line.addAll(TrainingProcess.command(data, run, java, all));
    line.addAll(options);
    if (!options.contains("--device")) {
      line.addAll(List.of("--device", "cuda"));
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("SIMT_GPUS", "2");
    environment.put("LD_LIBRARY_PATH", SIMULATED.resolve("nccl").toString());
    environment.put("FAKE_NCCL_FOLDER", dir.toString());
    environment.putAll(planted);
    return begin(run, line, environment);
  }
}
