package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.selvage.data.image.PhotoBytes;
import dev.selvage.train.TinyDataset;
import dev.selvage.util.TestJava;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own that has little memory. */
class LittleMemoryTest {
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
    if (bash("ulimit -v " + LIMIT).waitFor() != 0) {
      String missing = "LittleMemoryTest is skipped: bash cannot set ulimit -v " + LIMIT;
      System.err.println(missing);
      abort(missing);
    }
    Path data = TinyDataset.write(dir.resolve("tiny"), 12);
    String java =
        TestJava.line("-Xmx64m -XX:ReservedCodeCacheSize=16m -XX:CompressedClassSpaceSize=16m")
            + " inspect --data \"%s\" --threads 4".formatted(data);
    for (int i = 0; i < 3; i++) {
      String said = refused("ulimit -v " + LIMIT + " && MALLOC_ARENA_MAX=1 exec " + java);
      assertTrue(said.matches(SENTENCE), said);
    }
  }

  /** The pixels of a photo take 48 MB of Java's heap, on a thread of its own. */
  @Test
  void tooLittleHeapIsOneSentence() throws Exception {
    Path data = TinyDataset.write(dir.resolve("tiny"), 0);
    Files.writeString(
        data.resolve("train.csv"),
        "ImageId,EncodedPixels,Height,Width,ClassId\nlarge.png,1 4000,4000,4000,3\n");
    Files.write(data.resolve("train/large.png"), PhotoBytes.flat(".png", 4000, 4000));
    String said =
        refused(
            "exec %s resize --data \"%s\" --out \"%s\" --side 64"
                .formatted(TestJava.line("-Xmx40m"), data, dir.resolve("out")));
    assertTrue(said.startsWith("selvage: expected enough memory to go on, found "), said);
    assertTrue(said.endsWith(" MB of Java's heap (Java heap space)\n"), said);
    assertEquals(1, said.lines().count(), said);
  }

  /** What a command says that ends with exit code 2. */
  private static String refused(String command) throws Exception {
    Process process = bash(command);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, process.waitFor(), said);
    return said;
  }

  private static Process bash(String command) throws IOException {
    return new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
  }
}
