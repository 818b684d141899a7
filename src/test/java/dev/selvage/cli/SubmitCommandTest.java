package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.Rle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmitCommandTest {
  @TempDir Path folder;

  @Test
  void writesARowForEveryPhotoAndMasksThatShareNoPixel() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    Path test = Files.createDirectory(tiny.data.resolve("test"));
    TinyRun.photo(test.resolve("x.png"), 80);
    Files.writeString(test.resolve("y.heic"), "not read");
    Files.writeString(test.resolve("broken.jpg"), "no photo");
    Files.writeString(
        tiny.data.resolve("sample_submission.csv"),
        "ImageId,EncodedPixels,ClassId\nx.png,1 1,3\nbroken.jpg,1 1,3\n");
    Path out = folder.resolve("submission.csv");
    Outcome outcome = submit(tiny, out);
    assertEquals(0, outcome.code(), outcome.err());
    String leftOut = test + ": 1 file is no photo of a format that is read and is left out: y.heic";
    assertTrue(outcome.err().contains("selvage: " + leftOut), outcome.err());
    List<String> lines = Files.readAllLines(out);
    assertEquals("ImageId,EncodedPixels,ClassId", lines.get(0));
    assertEquals("broken.jpg,1 1,3", lines.get(lines.size() - 1));
    List<Rle> masks = new ArrayList<>();
    for (String line : lines.subList(1, lines.size() - 1)) {
      String[] fields = line.split(",");
      assertEquals("x.png", fields[0]);
      assertEquals("5", fields[2]);
      masks.add(KaggleRle.read(fields[1], 366, 512));
    }
    assertTrue(masks.size() > 1, lines::toString);
    int sum = masks.stream().mapToInt(Rle::area).sum();
    assertEquals(sum, Rle.union(masks, 366, 512).area());
  }

  @Test
  void leavesNoFileWhereTheDataAreWrong() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    Path out = folder.resolve("submission.csv");
    Outcome outcome = submit(tiny, out);
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("sample_submission.csv"), outcome.err());
    assertFalse(Files.exists(out));
  }

  private static Outcome submit(TinyRun tiny, Path out) {
    return TinyRun.call(
        "submit",
        "--data",
        tiny.data.toString(),
        "--weights",
        tiny.run.toString(),
        "--out",
        out.toString());
  }
}
