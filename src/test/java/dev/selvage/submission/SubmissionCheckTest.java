package dev.selvage.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionCheckTest {
  private static final String RIGHT =
      """
      ImageId,EncodedPixels,ClassId
      b.jpg,5 8,9
      b.jpg,3 2 17 1,3
      "a, again.jpg",1 1,0
      """;

  @TempDir Path folder;

  @Test
  void takesWhatWasWritten() throws IOException {
    check(Layout.Y2019, RIGHT);
    check(
        Layout.Y2020,
        RIGHT.replace("ClassId", "ClassId,AttributesIds").replaceAll("(,[0-9])\n", "$1,\n"));
  }

  @Test
  void findsEveryChange() {
    assertRefused("line 1: expected its columns", RIGHT.replace("ClassId", "Class"));
    assertRefused("line 3: expected a row of b.jpg", RIGHT.replace("b.jpg,3", "c.jpg,3"));
    assertRefused("line 3: expected a known category", RIGHT.replace(",3\n", ",4\n"));
    assertRefused("line 3: expected runs in their order", RIGHT.replace("3 2 17 1", "17 1 3 2"));
    assertRefused("line 3: ", RIGHT.replace("17 1", "17 9"));
    assertRefused("no pixel of b.jpg in two objects", RIGHT.replace("3 2", "3 3"));
    assertRefused("line 4: expected a row without an object", RIGHT.replace("1 1,0", "1 2,0"));
    assertRefused("no row after the last photo", RIGHT + "c.jpg,1 1,3\n");
    assertRefused("rows of every photo", RIGHT.replaceAll("\"a.*\n", ""));
    assertRefused("cannot be read back (Record 2 has 2 fields", RIGHT.replace("5 8,9", "5 8"));
  }

  private void assertRefused(String part, String text) {
    UserError error = assertThrows(UserError.class, () -> check(Layout.Y2019, text));
    assertTrue(error.getMessage().contains(part), error.getMessage());
    assertEquals(0, error.getMessage().indexOf(folder.resolve("s.csv").toString()));
  }

  /** Photos of 4 rows and 5 columns. */
  private void check(Layout layout, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("s.csv"), text);
    new SubmissionCheck(file, layout, Set.of("3", "9"))
        .check(
            List.of(
                new SubmissionCheck.Photo("b.jpg", 4, 5, 2, List.of("1 1", "0")),
                new SubmissionCheck.Photo("a, again.jpg", 0, 0, 0, List.of("1 1", "0"))));
  }
}
