package dev.selvage.cli;

import static dev.selvage.cli.TrainingProcess.log;
import static dev.selvage.cli.TrainingProcess.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.runtime.MpiLibrary;
import dev.selvage.util.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Trainings by several processes that {@code mpirun} starts. */
final class RankProcesses {
  /** In which every process has to end, however loaded the machine is. */
  static final int SECONDS_TO_END = 120;

  /** The words of a command line before those of each rank. */
  static List<String> mpirun(int ranks) {
    return List.of(
        "mpirun",
        "--allow-run-as-root",
        "--oversubscribe",
        "--bind-to",
        "none",
        "-np",
        Integer.toString(ranks));
  }

  private RankProcesses() {}

  /** Skips tests where MPI is not installed. */
  static void requireMpi() {
    String what = "training on several ranks: ";
    Needs.that(
        MpiLibrary.file().isPresent(), what + "this build has no MPI: libopenmpi-dev was missing");
    Needs.that(isThere("mpirun"), what + "there is no mpirun: openmpi-bin is missing");
  }

  private static boolean isThere(String command) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  static Process begin(Path run, List<String> line) throws IOException {
    return begin(run, line, Map.of());
  }

  /** Starts a training, whose words go to a file next to the run. */
  static Process begin(Path run, List<String> line, Map<String, String> environment)
      throws IOException {
    ProcessBuilder process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(run).toFile()));
    process.environment().putAll(environment);
    return process.start();
  }

  static List<ProcessHandle> ranks(Process launcher) {
    return launcher
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .toList();
  }

  static void awaitFile(Path file, Process launcher) throws InterruptedException {
    while (!Files.exists(file)) {
      assertFalse(launcher.waitFor(20, TimeUnit.MILLISECONDS), "the training has ended");
    }
  }

  /** Stops rank 1 of two with {@code --rank-timeout 5}: the training must end and name it. */
  static void requireNamesAHungRank(Process launcher, Path run) throws Exception {
    long hung = hang(launcher);
    assertTrue(launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), () -> said(run));
    assertEquals(2, launcher.exitValue(), () -> said(run));
    assertTrue(
        said(run).contains("rank 1 (process %d".formatted(hung))
            && said(run).contains("within 5 s (--rank-timeout), found it missing"),
        () -> said(run));
  }

  private static long hang(Process launcher) throws Exception {
    for (ProcessHandle rank : ranks(launcher)) {
      String environment = Files.readString(Path.of("/proc/%d/environ".formatted(rank.pid())));
      if (environment.contains("OMPI_COMM_WORLD_RANK=1")) {
        new ProcessBuilder("kill", "-STOP", Long.toString(rank.pid())).start().waitFor();
        return rank.pid();
      }
    }
    throw new AssertionError("rank 1 is not there");
  }

  /** The run's table without what differs from run to run. */
  static String losses(Path run) throws IOException {
    return Files.readString(run.resolve("log.csv")).replaceAll(",[^,]*,[^,]*,[^,]*,[^,]*\n", "\n");
  }
}
