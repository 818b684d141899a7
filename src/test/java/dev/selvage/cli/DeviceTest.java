package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.model.TinyModel;
import dev.selvage.train.TinyDataset;
import dev.selvage.util.Needs;
import dev.selvage.util.TestJava;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code --device} in processes of their own, on a simulated GPU: the CUDA backend compiled so that
 * its kernels run on the CPU, behind a driver of a few lines. Environment variables plant what is
 * wrong with either.
 */
class DeviceTest {
  private static final Path SIMULATED = Path.of(System.getProperty("cuda.simulated"));

  /** The driver, and cuDNN. */
  private static final Map<String, String> CUDNN =
      Map.of(
          "LD_LIBRARY_PATH",
          SIMULATED.resolve("driver") + File.pathSeparator + SIMULATED.resolve("cudnn"));

  @TempDir Path dir;

  @BeforeAll
  static void simulate() {
    Needs.simulatedGpu(SIMULATED.resolve("libselvage_cuda.so"), "--device on a simulated GPU");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cuda   | SIMT_DRIVER=none   | cuda:0 cannot be used: no NVIDIA driver is installed, and this build's CUDA 13.0 needs driver 580 or newer
          cuda   | SIMT_DRIVER=12040  | cuda:0 cannot be used: the NVIDIA driver supports CUDA 12.4, and this build's CUDA 13.0 needs driver 580 or newer
          cuda   | SIMT_IMAGE=none    | cuda:0 cannot be used: this build's kernels do not load on compute capability 9.0 (CUDA says no kernel image is available for execution on the device); a newer driver may load them, or a build by an nvcc that knows this GPU
          cuda   | SIMT_GPUS=0        | cuda:0 cannot be used: the NVIDIA driver sees no GPU
          cuda   | SIMT_CAPABILITY=70 | cuda:0 cannot be used: its compute capability is 7.0, the kernels need 7.5 (Turing) or newer
          cuda:1 | SIMT_GPUS=1        | cuda:1 cannot be used: GPUs are counted from 0, and the driver sees 1, up to cuda:0
          """)
  void saysInOneSentenceWhyAGpuCannotBeUsed(String device, String planted, String why)
      throws Exception {
    Outcome outcome = run(SIMULATED, env(planted), "doctor", "--device", device);
    assertEquals(2, outcome.code(), outcome.said());
    assertEquals("selvage: option --device: " + why, outcome.said());
  }

  @Test
  void refusesACudaLibraryOfAnotherBuild() throws Exception {
    Path stale = SIMULATED.resolve("stale");
    Outcome outcome = run(stale, Map.of(), "doctor", "--device", "cuda");
    assertEquals(2, outcome.code(), outcome.said());
    assertEquals(
        "selvage: option --device: select_device: %s must come from the same build as libselvage.so"
            .formatted(stale.resolve("libselvage_cuda.so")),
        outcome.said());
  }

  @Test
  void saysThatABuildHasNoCudaLibrary() throws Exception {
    Outcome outcome = run(dir, Map.of(), "doctor", "--device", "cuda");
    assertEquals(2, outcome.code(), outcome.said());
    assertTrue(outcome.said().contains("this build has no CUDA library"), outcome.said());
    assertEquals(1, outcome.said().lines().count(), outcome.said());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FAKE_GPUS=1        | on cuda:0
          FAKE_GPUS=0        | on the CPU with 2 threads: the NVIDIA driver sees no GPU (error 100)
          FAKE_CAPABILITY=61 | on the CPU with 2 threads: the first GPU's compute capability is 6.1, the kernels need 7.5 (Turing) or newer
          SIMT_DRIVER=12040  | on the CPU with 2 threads: option --device: cuda:0 cannot be used: the NVIDIA driver supports CUDA 12.4, and this build's CUDA 13.0 needs driver 580 or newer
          """)
  void autoSaysFirstWhatItTookAndWhy(String planted, String what) throws Exception {
    Outcome outcome = run(SIMULATED, env(planted), "doctor", "--threads", "2");
    assertEquals(0, outcome.code(), outcome.said());
    assertEquals("selvage: computing " + what, outcome.said().lines().findFirst().orElseThrow());
  }

  /** The native tests' whole table, through the boundary that the model uses. */
  @Test
  void doctorHoldsEveryKernelToItsLimit() throws Exception {
    Outcome outcome = run(SIMULATED, Map.of(), "doctor", "--device", "cuda");
    assertEquals(0, outcome.code(), outcome.said());
    List<String> lines = Files.readAllLines(dir.resolve("out"));
    assertTrue(
        lines.stream().filter(l -> l.matches("\\S.* cases, .* pass")).count() > 40,
        lines::toString);
    assertTrue(
        lines.get(lines.size() - 1).matches("all \\d+ operations are computed correctly on cuda:0"),
        lines::toString);

    outcome = run(SIMULATED, env("SIMT_FAILS_AT=900"), "doctor", "--device", "cuda", "--json");
    assertEquals(2, outcome.code(), outcome.said());
  }

  @Test
  void doctorChecksTheCpuByTheSameTable() throws Exception {
    Outcome outcome = run(dir, Map.of(), "doctor", "--device", "cpu");
    assertEquals(0, outcome.code(), outcome.said());
    List<String> lines = Files.readAllLines(dir.resolve("out"));
    assertTrue(
        lines.stream().filter(l -> l.matches("\\S.* cases, .* pass")).count() > 40,
        lines::toString);
    assertTrue(
        lines.get(lines.size() - 1).matches("all \\d+ operations are computed correctly on cpu"),
        lines::toString);
  }

  /** The preloaded library takes the place of the real one; only its softmax is wrong. */
  @Test
  void doctorNamesAWrongOperation() throws Exception {
    Path wrong = SIMULATED.resolve("wrong/libselvage.so");
    Outcome outcome = run(dir, Map.of("LD_PRELOAD", wrong.toString()), "doctor", "--device", "cpu");
    assertEquals(2, outcome.code(), outcome.said());
    assertEquals(
        "selvage: doctor: expected every operation within its limit, found [softmax] beyond it",
        outcome.said().lines().reduce((a, b) -> b).orElseThrow(),
        outcome.said());
  }

  @Test
  void benchKernelsTimesCudnnNextToTheBuiltinKernels() throws Exception {
    String[] bench = {
      "bench",
      "kernels",
      "--op",
      "conv_block 1x16x16x64 by 1x1x64x64",
      "--size",
      "64",
      "--batch",
      "1",
      "--device",
      "cuda"
    };
    Outcome outcome = run(SIMULATED, CUDNN, bench);
    assertEquals(0, outcome.code(), outcome.said());
    List<String> lines = Files.readAllLines(dir.resolve("out"));
    assertTrue(lines.get(2).matches("conv_block .*% +[\\d.]+ +\\d+\\.\\d\\d"), lines::toString);

    outcome = run(SIMULATED, Map.of(), bench);
    assertEquals(0, outcome.code(), outcome.said());
    lines = Files.readAllLines(dir.resolve("out"));
    assertTrue(lines.get(2).endsWith("%"), lines::toString);
    assertTrue(outcome.said().contains("cuDNN is not timed: cuDNN 9 is missing"), outcome.said());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cudnn | LD_LIBRARY_PATH=           | option --conv: cuDNN 9 is missing (libcudnn.so.9: cannot open shared object file: No such file or directory); install it with `apt-get install libcudnn9-cuda-13` from NVIDIA's packages for Debian and Ubuntu
          cudnn | FAKE_CUDNN_VERSION=8907    | option --conv: expected cuDNN 9, found cuDNN 8.9.7; install it with `apt-get install libcudnn9-cuda-13` from NVIDIA's packages for Debian and Ubuntu
          cudnn | FAKE_CUDNN_VERSION=100203  | option --conv: expected cuDNN 9, found cuDNN 10.2.3; install it with `apt-get install libcudnn9-cuda-13` from NVIDIA's packages for Debian and Ubuntu
          cudnn | FAKE_CUDNN_FAILS=cudnnCreate | option --conv: cuDNN 9.19.0 cannot be used on this GPU: it says CUDNN_STATUS_EXECUTION_FAILED (5000)
          fast  | FAKE_GPUS=1                | option --conv: expected builtin, cudnn, auto, found 'fast'
          """)
  void saysInOneSentenceWhyCudnnCannotBeUsed(String engine, String planted, String why)
      throws Exception {
    Map<String, String> environment = new HashMap<>(CUDNN);
    environment.put(planted.split("=")[0], planted.replaceFirst(".*?=", ""));
    Outcome outcome =
        run(SIMULATED, environment, "bench", "step", "--device", "cuda", "--conv", engine);
    assertEquals(2, outcome.code(), outcome.said());
    assertEquals(
        "selvage: " + why, outcome.said().lines().reduce((a, b) -> b).orElse(""), outcome.said());
  }

  @ParameterizedTest
  @ValueSource(strings = {"builtin", "cudnn", "auto"})
  void theCpuHasNoChoiceOfConvolutions(String engine) throws Exception {
    Outcome outcome = run(SIMULATED, CUDNN, "bench", "step", "--device", "cpu", "--conv", engine);
    assertEquals(2, outcome.code(), outcome.said());
    assertTrue(
        outcome
            .said()
            .endsWith(
                "selvage: option --conv: expected none on the CPU, which has kernels of its own alone,"
                    + " found '"
                    + engine
                    + "'"),
        outcome.said());
  }

  @Test
  void theOldNameOfTheBuiltinConvolutionsIsStillRead() throws Exception {
    String[] bench = {"bench", "step", "--device", "cuda", "--conv", "ours", "--precision", "none"};
    Outcome outcome = run(SIMULATED, Map.of(), bench);
    assertTrue(
        outcome.said().contains("selvage: convolutions by the built-in kernels"), outcome.said());
  }

  @Test
  void autoSaysThatThereIsNoCudnnAndComputesWithout() throws Exception {
    Outcome outcome =
        run(SIMULATED, Map.of(), "bench", "kernels", "--device", "cuda", "--conv", "auto");
    assertEquals(2, outcome.code(), outcome.said());
    assertTrue(
        outcome.said().contains("bench kernels: unknown option --conv; the options are --op, "));

    outcome =
        run(
            SIMULATED,
            Map.of(),
            "bench",
            "step",
            "--device",
            "cuda",
            "--conv",
            "auto",
            "--precision",
            "none");
    assertEquals(2, outcome.code(), outcome.said());
    assertTrue(
        outcome
            .said()
            .contains("selvage: convolutions by the built-in kernels: cuDNN 9 is missing"),
        outcome.said());
  }

  @Test
  void aFailureOfCudnnInAModelIsNamed() throws Exception {
    List<String> bench = new ArrayList<>(List.of("bench", "detect"));
    bench.addAll(TinyModel.words());
    bench.addAll(List.of("--size", "64", "--batch", "1", "--rois", "3", "--objects", "1"));
    bench.addAll(List.of("--steps", "1", "--device", "cuda", "--conv", "cudnn"));
    Map<String, String> failing = new HashMap<>(CUDNN);
    failing.put("FAKE_CUDNN_FAILS", "cudnnConvolutionBiasActivationForward");
    Outcome outcome = run(SIMULATED, failing, bench.toArray(String[]::new));
    assertEquals(2, outcome.code(), outcome.said());
    assertTrue(outcome.said().contains("selvage: convolutions by cuDNN"), outcome.said());
    assertTrue(
        outcome
            .said()
            .lines()
            .reduce((a, b) -> b)
            .orElseThrow()
            .matches(
                "selvage: cuda:0: conv_block (\\[[\\d,]+\\] ?)+: cudnnConvolutionBiasActivationForward:"
                    + " cuDNN says CUDNN_STATUS_EXECUTION_FAILED \\(5000\\).*"),
        outcome.said());
  }

  @Test
  void benchKernelsMeasuresOnEitherDevice() throws Exception {
    for (String device : List.of("cpu", "cuda")) {
      String[] bench = {"bench", "kernels", "--op", "mask_loss", "--size", "64", "--batch", "1"};
      List<String> line = new ArrayList<>(List.of(bench));
      line.addAll(List.of("--device", device));
      Outcome outcome = run(SIMULATED, Map.of(), line.toArray(String[]::new));
      assertEquals(0, outcome.code(), outcome.said());
      List<String> lines = Files.readAllLines(dir.resolve("out"));
      assertTrue(lines.get(2).matches("mask_loss 66x28x28 +[\\d.]+ .*%"), lines::toString);
      line.set(3, "nothing");
      assertEquals(2, run(SIMULATED, Map.of(), line.toArray(String[]::new)).code());
    }
  }

  @Test
  void benchStepMeasuresEveryStage() throws Exception {
    List<String> bench = new ArrayList<>(List.of("bench", "step", "--device", "cuda"));
    bench.addAll(List.of("--size", "64", "--batch", "1", "--rois", "2", "--steps", "1"));
    bench.addAll(TinyModel.words());
    Outcome outcome = run(SIMULATED, Map.of(), bench.toArray(String[]::new));
    assertEquals(0, outcome.code(), outcome.said());
    Map<String, Double> found = new HashMap<>();
    for (String line : Files.readAllLines(dir.resolve("out"))) {
      String[] pair = line.split(" +");
      found.put(pair[0], Double.parseDouble(pair[1]));
    }
    assertTrue(found.keySet().stream().filter(name -> name.startsWith("stage_")).count() > 8);
    assertEquals(found.get("stages_pass_ms"), found.get("stages_sum_ms"), 1, found::toString);
    double share = found.get("share_of_peak");
    assertTrue(share > 0 && share < 2, found::toString);
  }

  @Test
  void aBuildWithoutCudaComputesOnTheCpu() throws Exception {
    Outcome outcome = run(dir, Map.of(), "doctor", "--threads", "2");
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(
        outcome
            .said()
            .startsWith(
                "selvage: computing on the CPU with 2 threads: this build has no CUDA library"),
        outcome.said());
  }

  /** The first epoch is saved, the second ends in a fault: what was saved continues on the CPU. */
  @Test
  void aFaultMidwayIsNamedAndTheLastCheckpointStaysGood() throws Exception {
    Path data = TinyDataset.write(dir.resolve("tiny"), 6);
    List<String> train = new ArrayList<>(List.of("train", "--data", data.toString()));
    train.addAll(List.of("--run", dir.resolve("run").toString()));
    List<String> settings = new ArrayList<>(TinyDataset.SETTINGS);
    settings.addAll(List.of("STEPS_PER_EPOCH=1", "VALIDATION_STEPS=0", "EPOCHS=1,2"));
    settings.forEach(setting -> train.addAll(List.of("--set", setting)));
    List<String> first = new ArrayList<>(train);
    first.addAll(List.of("--device", "cuda", "--set", "EPOCHS=1", "--set", "LRS=0.01"));
    first.addAll(List.of("--set", "LAYERS=heads", "--set", "FLIPS=false"));
    Outcome outcome = run(SIMULATED, Map.of(), first.toArray(String[]::new));
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(Files.exists(dir.resolve("run/mask_rcnn_tiny_0001.h5")), outcome.said());

    List<String> second = new ArrayList<>(train);
    second.addAll(List.of("--device", "cuda"));
    outcome = run(SIMULATED, env("SIMT_FAILS_AT=200"), second.toArray(String[]::new));
    assertEquals(2, outcome.code(), outcome.said());
    String last = outcome.said().lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(
        last.matches(
            "selvage: cuda:0: \\w+ (\\[[\\d,]+\\] ?)+: .*: CUDA says unspecified launch failure \\(719\\), .*"),
        outcome.said());
    assertFalse(Files.exists(dir.resolve("run/mask_rcnn_tiny_0002.h5")));

    outcome = run(SIMULATED, Map.of(), second.toArray(String[]::new));
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(Files.exists(dir.resolve("run/mask_rcnn_tiny_0002.h5")), outcome.said());
  }

  @Test
  void refusesSettingsOfTwoGpus() throws Exception {
    Path data = TinyDataset.write(dir.resolve("tiny"), 6);
    Outcome outcome = run(SIMULATED, Map.of(), trainingOn(data, "run", "GPU_COUNT=2"));
    assertEquals(2, outcome.code(), outcome.said());
    assertTrue(
        outcome
            .said()
            .endsWith(
                "selvage: GPU_COUNT: expected 1, since one process uses one GPU (cuda:0), found 2;"
                    + " ACCUMULATION_STEPS=2 gives the same numbers, and mpirun -np 2 uses as many"
                    + " GPUs"),
        outcome.said());
    assertFalse(Files.exists(dir.resolve("run")));
  }

  @Test
  void tooLittleMemorySaysHowManyPhotosFitAndTheyDo() throws Exception {
    Path data = TinyDataset.write(dir.resolve("tiny"), 6);
    Map<String, String> little = env("SIMT_MEMORY=8000000");
    String[] six = trainingOn(data, "run", "STEPS_PER_EPOCH=1", "IMAGES_PER_GPU=6");
    Outcome outcome = run(SIMULATED, little, six);
    assertEquals(2, outcome.code(), outcome.said());
    Matcher fits =
        Pattern.compile(
                "selvage: IMAGES_PER_GPU: .* found 6 images of 64 x 64 pixels, which need more; (\\d) fits? \\(cuda:0: out of memory .*\\)$")
            .matcher(outcome.said());
    assertTrue(fits.find(), outcome.said());

    String[] fewer =
        trainingOn(data, "run", "STEPS_PER_EPOCH=1", "IMAGES_PER_GPU=" + fits.group(1));
    outcome = run(SIMULATED, little, fewer);
    assertEquals(0, outcome.code(), outcome.said());
  }

  /**
   * For losses and the gradients' norm; lists go to the device without any waiting. The launches of
   * a step are the same as in the step before, but for the objects' own: most are graphs from the
   * third step on, and compute what the launches do one by one.
   */
  @Test
  void aStepWaitsForTheGpuOnceAndConsistsOfGraphs() throws Exception {
    Path data = TinyDataset.write(dir.resolve("tiny"), 6);
    int[] after2 = counts(data, "run2", 2, Map.of());
    int[] after3 = counts(data, "run3", 3, Map.of());
    assertEquals(1, after3[1] - after2[1], "waits of a step");
    assertTrue(after3[2] - after2[2] >= 16, "graphs of a step: " + Arrays.toString(after3));

    int[] oneByOne = counts(data, "single", 3, Map.of("CUDA_LAUNCH_BLOCKING", "1"));
    assertEquals(0, oneByOne[2], "graphs");
    assertEquals(after3[0], oneByOne[0], "launches");
    assertArrayEquals(weights("run3"), weights("single"));
  }

  /** As the library sees it that a profiler would put there. */
  @Test
  void aProfilerGetsTheNamesOfLayersAndOfTheOperationsInThem() throws Exception {
    Path data = TinyDataset.write(dir.resolve("tiny"), 6);
    Path ranges = dir.resolve("ranges");
    String library = SIMULATED.resolve("nvtx").resolve("libfake_nvtx.so").toString();
    Map<String, String> profiler =
        Map.of("NVTX_INJECTION64_PATH", library, "FAKE_NVTX", ranges.toString());
    assertEquals(0, counts(data, "profiled", 1, profiler)[2], "graphs, which have no names");
    String named = Files.readString(ranges);
    String others = "(  .*\n)*?";
    for (String layer :
        List.of(
            "\nres2a_branch2b\n" + others + "  conv_block\n",
            "\nrpn_conv_shared\n" + others + "  rpn_heads\n",
            "\nres2a_branch2b backward\n"
                + others
                + "  conv_data_grad\n"
                + others
                + "  conv_weight_grad\n")) {
      assertTrue(Pattern.compile(layer).matcher(named).find(), () -> layer + " in " + named);
    }
  }

  @Test
  void withoutTheProfilersLibraryItGoesOn() throws Exception {
    Map<String, String> broken = Map.of("NVTX_INJECTION64_PATH", "/nowhere/profiler.so");
    String[] bench = {"bench", "kernels", "--device", "cuda", "--op", "relu_grad 64, 32 times"};
    Outcome outcome = run(SIMULATED, broken, bench);
    assertEquals(0, outcome.code(), outcome.said());
    String notice =
        "selvage: the profiler gets no names of layers: /nowhere/profiler.so, which"
            + " NVTX_INJECTION64_PATH names, cannot be loaded";
    assertEquals(1, outcome.said().lines().filter(notice::equals).count(), outcome.said());
  }

  private byte[] weights(String run) throws IOException {
    return Files.readAllBytes(dir.resolve(run).resolve("mask_rcnn_tiny_0001.h5"));
  }

  /** Launches, waits and graphs of an epoch. */
  private int[] counts(Path data, String run, int steps, Map<String, String> more)
      throws Exception {
    Path counts = dir.resolve("counts");
    Map<String, String> environment = new HashMap<>(more);
    environment.put("SIMT_COUNTS", counts.toString());
    String[] train = trainingOn(data, run, "STEPS_PER_EPOCH=" + steps);
    Outcome outcome = run(SIMULATED, environment, train);
    assertEquals(0, outcome.code(), outcome.said());
    Matcher found =
        Pattern.compile("(\\d+) launches, (\\d+) waits, (\\d+) graphs")
            .matcher(Files.readString(counts).strip());
    assertTrue(found.matches(), counts::toString);
    return IntStream.rangeClosed(1, 3).map(i -> Integer.parseInt(found.group(i))).toArray();
  }

  /** An epoch of all layers. */
  private String[] trainingOn(Path data, String run, String... more) {
    List<String> train = new ArrayList<>(List.of("train", "--data", data.toString()));
    train.addAll(List.of("--run", dir.resolve(run).toString(), "--device", "cuda"));
    List<String> settings = new ArrayList<>(TinyDataset.SETTINGS);
    settings.addAll(List.of("VALIDATION_STEPS=0", "EPOCHS=1", "LRS=0.01", "LAYERS=all"));
    settings.add("FLIPS=false");
    settings.addAll(List.of(more));
    settings.forEach(setting -> train.addAll(List.of("--set", setting)));
    return train.toArray(String[]::new);
  }

  /** What it says on stdout is in the file {@code out}. */
  private record Outcome(int code, String said) {}

  private static Map<String, String> env(String setting) {
    String[] pair = setting.split("=");
    return Map.of(pair[0], pair[1]);
  }

  /** In a process of its own. */
  private Outcome run(Path cuda, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = TestJava.selvage("-Dselvage.cuda=" + cuda);
    line.addAll(List.of(arguments));
    Path said = dir.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectOutput(dir.resolve("out").toFile())
            .redirectError(said.toFile());
    builder.environment().put("LD_LIBRARY_PATH", SIMULATED.resolve("driver").toString());
    builder.environment().putAll(environment);
    int code = builder.start().waitFor();
    return new Outcome(code, Files.readString(said).strip());
  }
}
