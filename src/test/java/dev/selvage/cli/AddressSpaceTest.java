package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.selvage.train.TinyDataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own under a limit of address space. */
class AddressSpaceTest {
  /** KiB in which Java starts, and after which OpenCV finds too little. */
  private static final int LIMIT = 700_000;

  private static final String SENTENCE =
      "selvage: photos cannot be read: OpenCV needs 512 MB, found \\d+ MB of address space that"
          + " ulimit -v leaves\n";

  @TempDir Path dir;

  /**
   * Where OpenBLAS ended the process. Several threads need OpenCV at a time, and only one of them
   * learns why there is none: some runs, since which of them is heard first differs.
   */
  @Test
  void tooLittleForOpencvIsOneSentence() throws Exception {
    if (run("exit 0").waitFor() != 0) {
      String missing = "AddressSpaceTest is skipped: bash cannot set ulimit -v " + LIMIT;
      System.err.println(missing);
      abort(missing);
    }
    Path data = TinyDataset.write(dir.resolve("tiny"), 12);
    String java =
        "MALLOC_ARENA_MAX=1 exec \"%s\" %s -cp \"%s\" %s inspect --data \"%s\" --threads 4"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -XX:ReservedCodeCacheSize=16m"
                    + " -XX:CompressedClassSpaceSize=16m",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                data);
    for (int i = 0; i < 3; i++) {
      Process process = run(java);
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(said.matches(SENTENCE), said);
      assertEquals(2, process.waitFor());
    }
  }

  private Process run(String command) throws IOException {
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-c", "ulimit -v " + LIMIT + " && " + command)
            .redirectErrorStream(true)
            .directory(Files.createDirectories(dir.resolve("here")).toFile());
    return bash.start();
  }
}
