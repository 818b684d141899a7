package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.util.DiskFaults;
import dev.selvage.weights.WeightSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file operation of a command that writes files fails once: one sentence, exit code 2, no
 * file that is half there; and the same command makes all of it afterwards.
 */
class OutputFaultsTest {
  @TempDir static Path shared;
  private static TinyRun tiny;

  @TempDir Path dir;

  @BeforeAll
  static void tiny() throws IOException {
    tiny = new TinyRun(shared);
    Files.writeString(
        tiny.run.resolve("log.csv"), "epoch,lr,loss\n1,0.1,2.5\n2,0.1,1.5\n3,0.05,1.25\n");
    Files.createDirectories(tiny.data.resolve("test"));
    Files.copy(tiny.data.resolve("train/0.png"), tiny.data.resolve("test/t.png"));
    Files.writeString(
        tiny.data.resolve("sample_submission.csv"), "ImageId,EncodedPixels,ClassId\nt.png,1 1,3\n");
  }

  @Test
  void resize() throws IOException {
    everyOperationFails("resize --data DATA --out OUT/small --side 32 --threads 1");
  }

  @Test
  void resizeInPlace() throws IOException {
    everyOperationFails("resize --data OUT/data --in-place --side 32 --threads 1");
  }

  @Test
  void submit() throws IOException {
    everyOperationFails("submit --data DATA --weights RUN --out OUT/submission.csv");
  }

  @Test
  void predict() throws IOException {
    everyOperationFails("predict --weights RUN --images DATA/test --out OUT/found");
  }

  @Test
  void plot() throws IOException {
    everyOperationFails("plot RUN --out OUT/curves.svg");
    everyOperationFails("plot RUN --out OUT/curves.png");
  }

  @Test
  void sample() throws IOException {
    // drawing takes a second
    everyOperationFails(7, "sample OUT/drawn --images 2 --seed 3");
  }

  @Test
  void inspect() throws IOException {
    everyOperationFails("inspect --data DATA --out OUT/report --augmented 1 --threads 1");
  }

  @Test
  void weights() throws IOException {
    everyOperationFails("weights RUN/mask_rcnn_tiny_0001.h5 --out OUT/new.h5");
  }

  /** Which writes the settings next to them. */
  @Test
  void weightsOfAnotherLibrary() throws Exception {
    Path torch = Path.of(WeightSource.class.getResource("torchvision.pth").toURI());
    everyOperationFails("weights " + torch + " --out OUT/new.h5");
  }

  @Test
  void evaluate() throws IOException {
    everyOperationFails("evaluate --data DATA --weights RUN --samples 1 --out OUT/pictures");
  }

  private void everyOperationFails(String line) throws IOException {
    everyOperationFails(1, line);
  }

  /** Of the operations, one of each so many. */
  private void everyOperationFails(int step, String line) throws IOException {
    Path reference = fresh("reference");
    Outcome undisturbed = call(line, reference);
    assertEquals(0, undisturbed.code(), undisturbed.err());
    Map<String, String> expected = files(reference);
    boolean reached = true;
    for (int n = 1; reached; n += step) {
      Path out = fresh("out");
      Map<String, String> before = files(out);
      Outcome outcome;
      try (DiskFaults faults = DiskFaults.at(n, DiskFaults.Kind.ONCE)) {
        outcome = call(line, out);
        reached = faults.happened();
      }
      assertTrue(reached || n > 1, line + " does nothing that could fail");
      if (reached) {
        assertEquals(2, outcome.code(), line + " " + n + outcome.err());
        assertTrue(outcome.err().contains(": cannot be written (a fault of "), outcome.err());
        for (Map.Entry<String, String> file : files(out).entrySet()) {
          List<String> whole =
              Stream.of(before, expected).map(all -> all.get(file.getKey())).toList();
          boolean unfinished = whole.get(0) == null && whole.get(1) == null;
          assertTrue(unfinished || whole.contains(file.getValue()), file.getKey());
        }
      }
      try (DiskFaults none = DiskFaults.none()) {
        assertEquals(0, call(line, out).code(), line);
        assertFalse(none.happened());
      }
      assertEquals(expected, files(out), line + " " + n);
    }
  }

  /** A folder with a copy of the dataset, for what changes it. */
  private Path fresh(String name) throws IOException {
    Path folder = Files.createTempDirectory(dir, name);
    try (Stream<Path> all = Files.walk(tiny.data)) {
      for (Path file : all.toList()) {
        Files.copy(file, folder.resolve("data").resolve(tiny.data.relativize(file).toString()));
      }
    }
    return folder;
  }

  private static Outcome call(String line, Path out) {
    String[] words =
        line.replace("OUT", out.toString())
            .replace("DATA", tiny.data.toString())
            .replace("RUN", tiny.run.toString())
            .split(" ");
    return TinyRun.call(words);
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(
            folder.relativize(file).toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }
}
