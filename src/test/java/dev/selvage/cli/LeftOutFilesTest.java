package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No command leaves out a photo in a format that is not read without a word. */
class LeftOutFilesTest {
  private static final String SENTENCE =
      ": 2 files are no photos of a format that is read and are left out: x.avif, y.heic";

  @TempDir Path folder;

  private TinyRun tiny;

  @BeforeEach
  void dataset() throws IOException {
    tiny = new TinyRun(folder);
    for (String name : new String[] {"y.heic", "x.avif"}) {
      Files.writeString(tiny.data.resolve("train").resolve(name), "not read");
    }
  }

  /** As {@code train} opens its dataset too. */
  @Test
  void evaluateSaysSo() {
    Outcome outcome =
        TinyRun.call("evaluate", "--data", tiny.data + "", "--weights", tiny.run + "");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(tiny.data.resolve("train") + SENTENCE), outcome.err());
  }

  @Test
  void predictSaysSo() {
    Path photos = tiny.data.resolve("train");
    Outcome outcome =
        TinyRun.call(
            "predict",
            "--weights",
            tiny.run + "",
            "--images",
            photos + "",
            "--out",
            folder.resolve("out") + "");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("selvage: " + photos + SENTENCE), outcome.err());
  }

  @Test
  void resizeListsThem() throws IOException {
    Path out = folder.resolve("out");
    Outcome outcome =
        TinyRun.call("resize", "--data", tiny.data + "", "--out", out + "", "--side", "35");
    assertEquals(0, outcome.code(), outcome.err());
    String said =
        "train/x.avif: no photo of a format that is read, skipped\n"
            + "train/y.heic: no photo of a format that is read, skipped\n";
    assertTrue(Files.readString(out.resolve("skipped.txt")).startsWith(said));
    assertTrue(outcome.out().contains("train/y.heic"), outcome.out());
  }

  @Test
  void inspectListsThem() {
    Outcome outcome = TinyRun.call("inspect", "--data", tiny.data + "");
    assertEquals(0, outcome.code(), outcome.err());
    String title = "files in train/ that are no photos of a format that is read: 2";
    assertTrue(outcome.out().contains(title), outcome.out());
  }
}
