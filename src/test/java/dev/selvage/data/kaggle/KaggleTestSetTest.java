package dev.selvage.data.kaggle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KaggleTestSetTest {
  @TempDir Path folder;

  @BeforeEach
  void prepare() throws IOException {
    Files.writeString(
        folder.resolve("label_descriptions.json"),
        "{\"categories\": [{\"id\": 4, \"name\": \"hat\"}]}");
    Files.createDirectory(folder.resolve("test"));
    Files.createFile(folder.resolve("test/b.jpg"));
    Files.createFile(folder.resolve("test/a.jpg"));
  }

  @Test
  void keepsTheOrderAndTheRowsOfTheSample() throws IOException {
    sample("ImageId,EncodedPixels,ClassId\nb.jpg,1 1,4\na.jpg,,\nb.jpg,2 2,4\n");
    KaggleTestSet test = KaggleTestSet.open(folder);
    assertEquals(
        List.of(folder.resolve("test/b.jpg"), folder.resolve("test/a.jpg")), test.photos());
    assertArrayEquals(new String[] {"1 1", "4"}, test.blanks().get(0));
    assertArrayEquals(new String[] {"", ""}, test.blanks().get(1));
    assertEquals("hat", test.categories().get(0).name());
  }

  /** The file must have the names that Kaggle has in its own. */
  @Test
  void keepsTheNamesOfTheSample() throws IOException {
    sample("ImageId,EncodedPixels,ClassId\nb,1 1,4\na,,\n");
    KaggleTestSet test = KaggleTestSet.open(folder);
    assertEquals(List.of("b", "a"), test.names());
    assertEquals(
        List.of(folder.resolve("test/b.jpg"), folder.resolve("test/a.jpg")), test.photos());
  }

  @Test
  void takesWhatSpreadsheetsMakeOfIt() throws IOException {
    Path labels = folder.resolve("label_descriptions.json");
    Files.writeString(labels, "\uFEFF" + Files.readString(labels).replace(" ", "\r\n"));
    sample("\uFEFFImageId;EncodedPixels;ClassId;\r\n\"b.jpg\";1 1;4;\r\na.jpg;;\r\n;;;\r\n");
    KaggleTestSet test = KaggleTestSet.open(folder);
    assertEquals(List.of("b.jpg", "a.jpg"), test.names());
    assertArrayEquals(new String[] {"1 1", "4"}, test.blanks().get(0));
    assertArrayEquals(new String[] {"", ""}, test.blanks().get(1));
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertRefused("sample_submission.csv");
    sample("");
    assertRefused("found an empty file");
    sample("ImageId,EncodedPixels,ClassId\n");
    assertRefused("at least one photo");
    sample("ImageId,EncodedPixels,ClassId\na.jpg,1 1,4,5\n");
    assertRefused("line 2: expected 3 values, one for each column, found 4");
    sample("ImageId,ClassId\n");
    assertRefused("line 1: expected columns ImageId,EncodedPixels,ClassId");
    sample("ImageId,EncodedPixels,ClassId\na.jpg,1 1,4\nc.jpg,1 1,4\n");
    assertRefused("line 3: expected a photo");
    sample("ImageId,EncodedPixels,ClassId\na.jpg,1 1\n");
    assertRefused("sample_submission.csv");
  }

  private void sample(String text) throws IOException {
    Files.writeString(folder.resolve("sample_submission.csv"), text);
  }

  private void assertRefused(String named) {
    String message = assertThrows(UserError.class, () -> KaggleTestSet.open(folder)).getMessage();
    assertTrue(message.contains(named), message);
  }
}
