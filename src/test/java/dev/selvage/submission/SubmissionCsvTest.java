package dev.selvage.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionCsvTest {
  private static final List<Category> CLASSES =
      List.of(new Category(3, "shirt", ""), new Category(9, "shoe", ""));

  /** Photos of 4 rows and 5 columns; the runs of the masks are given as COCO's counts. */
  private static Detection found(int classId, double score, int... counts) {
    return new Detection(classId, score, new Box(0, 0, 0, 0), new Rle(4, 5, counts));
  }

  @Test
  void givesEachPixelToTheSurerAndEveryPhotoARow(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("s.csv");
    String[] blank = {"1 1", "0"};
    try (SubmissionCsv csv = new SubmissionCsv(file, Layout.Y2019, CLASSES)) {
      List<Detection> found =
          List.of(
              found(2, 0.9, 4, 8, 8), // the second and third column
              found(1, 0.8, 2, 6, 12), // up to the end of the second, where the first has it all
              found(1, 0.7, 5, 2, 13), // inside the first
              found(1, 0.6, 10, 10)); // from the third on
      csv.add("b.jpg", found, blank);
      csv.add("a, again.jpg", List.of(), blank);
      assertFalse(Files.exists(file));
      assertEquals(3, csv.rows());
      csv.finish();
    }
    assertEquals(
        """
        ImageId,EncodedPixels,ClassId
        b.jpg,5 8,9
        b.jpg,3 2,3
        b.jpg,13 8,3
        "a, again.jpg",1 1,0
        """,
        Files.readString(file));
    assertEquals(List.of("s.csv"), names(folder));
  }

  @Test
  void leavesNothingWhereItIsNotFinished(@TempDir Path folder) throws IOException {
    try (SubmissionCsv csv = new SubmissionCsv(folder.resolve("s.csv"), Layout.Y2019, CLASSES)) {
      csv.add("a.jpg", List.of(found(1, 0.5, 0, 20)), new String[] {"1 1", "0"});
    }
    assertEquals(List.of(), names(folder));
  }

  @Test
  void namesAFileThatCannotBeWritten(@TempDir Path folder) {
    Path file = folder.resolve("nowhere").resolve("s.csv");
    String message =
        assertThrows(UserError.class, () -> new SubmissionCsv(file, Layout.Y2019, CLASSES))
            .getMessage();
    assertTrue(message.contains(file.toString()), message);
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }
}
