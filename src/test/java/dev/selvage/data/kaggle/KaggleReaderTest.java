package dev.selvage.data.kaggle;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Category;
import dev.selvage.data.Instance;
import dev.selvage.mask.KaggleRle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KaggleReaderTest {
  private static final String HEADER = "ImageId,EncodedPixels,Height,Width,ClassId\n";

  @TempDir Path folder;

  @BeforeEach
  void prepare() throws IOException {
    Files.writeString(
        folder.resolve("label_descriptions.json"),
        """
        {"categories": [{"id": 8, "name": "skirt"}, {"id": 2, "name": "sweater"}]}
        """);
    Files.createDirectory(folder.resolve("train"));
    for (String name : List.of("b.png", "a.jpg", "blank.png")) {
      try (Scalar grey = new Scalar(90);
          Mat photo = new Mat(6, 10, CV_8UC3, grey)) {
        opencv_imgcodecs.imwrite(folder.resolve("train").resolve(name).toString(), photo);
      }
    }
  }

  @Test
  void gathersTheRowsOfEachPhoto() throws IOException {
    csv(
        """
        b.png,5 4 20 2,6,10,8
        a.jpg,1 1,6,10,2_5_7
        b.png,60 1,6,10,2
        blank.png,,6,10,
        """);
    KaggleDataset dataset = KaggleDataset.open(folder);
    assertEquals(3, dataset.size());
    assertEquals("a.jpg", dataset.fileName(0));
    assertEquals(
        List.of("sweater", "skirt"), dataset.categories().stream().map(Category::name).toList());
    List<Instance> b = dataset.instances(1);
    assertEquals(2, b.get(0).classId());
    assertEquals(KaggleRle.read("5 4 20 2", 6, 10), b.get(0).mask());
    assertEquals(1, b.get(1).classId());
    assertEquals(1, dataset.instances(0).get(0).classId());
    assertTrue(dataset.instances(2).isEmpty());
    assertEquals(6, dataset.height(2));
    assertEquals(10, dataset.width(2));
  }

  @Test
  void takesQuotesCarriageReturnsAByteOrderMarkAndNoLastLineEnd() throws IOException {
    Files.writeString(
        folder.resolve("train.csv"),
        "\uFEFF"
            + HEADER.replace("\n", "\r\n")
            + "\"b.png\",\" 5 4 20 2 \",6,10,\"8\"\r\n\r\na.jpg,1 1,6,10,2");
    KaggleDataset dataset = KaggleDataset.open(folder);
    assertEquals(KaggleRle.read("5 4 20 2", 6, 10), dataset.instances(1).get(0).mask());
    assertEquals(KaggleRle.read("1 1", 6, 10), dataset.instances(0).get(0).mask());
  }

  /** As spreadsheets and programs that keep numbers in floating point write it. */
  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t"})
  void takesOtherSeparatorsFractionsAndEmptyColumns(String separator) throws IOException {
    for (String end : List.of("\n", "\r\n", "\r")) {
      String rows =
          "\uFEFFx,ClassId,Height,Width,ImageId,EncodedPixels,,\n"
              + "0,8.0,6.0,10.00,b.png,5 4 20 2,,\n ,,,\n1,2_5_7,6,10,./a.jpg,\"1 1\"\n,,,,,,,,\n,\n";
      Files.writeString(
          folder.resolve("train.csv"), rows.replace(",", separator).replace("\n", end));
      KaggleDataset dataset = KaggleDataset.open(folder);
      assertEquals(2, dataset.rows());
      assertEquals(KaggleRle.read("5 4 20 2", 6, 10), dataset.instances(1).get(0).mask());
      assertEquals(2, dataset.instances(1).get(0).classId());
      assertEquals(KaggleRle.read("1 1", 6, 10), dataset.instances(0).get(0).mask());
    }
  }

  @Test
  void aPhotoThatNoRowNamesShowsNothingAndOneWithBadRowsOnlyIsLeftOut() throws IOException {
    csv("b.png,5 4,6,10,8\n".repeat(1000) + "a.jpg,0 1,6,10,2\n");
    KaggleDataset dataset = KaggleDataset.open(folder);
    assertEquals(2, dataset.size());
    assertEquals("blank.png", dataset.fileName(1));
    assertEquals(10, dataset.width(1));
    assertTrue(dataset.instances(1).isEmpty());
  }

  /** Else the photo would be trained on and held out at once. */
  @Test
  void aPhotoUnderSeveralNamesIsOne() throws IOException {
    csv("a.jpg,1 1,6,10,8\n./a.jpg,2 1,6,10,8\n../train/a.jpg,3 1,6,10,8\na,4 1,6,10,8\n");
    KaggleDataset dataset = KaggleDataset.open(folder);
    assertEquals(3, dataset.size());
    assertEquals("a.jpg", dataset.fileName(0));
    assertEquals(4, dataset.instances(0).size());
    assertEquals(4, dataset.summaries(0).size());
  }

  @Test
  void noticesThatTheFileHasChanged() throws IOException {
    csv("b.png,5 4 20 2,6,10,8\n");
    KaggleDataset dataset = KaggleDataset.open(folder);
    csv("b.png,xxxxxxxx,6,10,8\n");
    String message = assertThrows(UserError.class, () -> dataset.instances(1)).getMessage();
    assertTrue(message.contains("train.csv") && message.contains("b.png"), message);
  }

  @Test
  void namesLineAndFaultOfABadRow() throws IOException {
    assertRefused("a.jpg,1 1 5,6,10,2", "line 2", "3 values");
    assertRefused("a.jpg,60 2,6,10,2", "line 2", "60 2");
    assertRefused("a.jpg,1 1,7,10,2", "line 2", "(6 and 10), found 7 and 10");
    assertRefused("a.jpg,1 1,6,10,3", "line 2", "found 3");
    assertRefused("a.jpg,1 1,6,10,two", "line 2", "two");
    assertRefused("a.jpg,1 1,six,10,2", "line 2", "Height");
    assertRefused("a.jpg,1 1,6.5,10,2", "line 2", "Height", "6.5");
    assertRefused("a.jpg,1 1,6,10,2.5", "line 2", "ClassId", "2.5");
    assertRefused("a.jpg,1 1,6,10,2,3", "line 2", "expected 5 values", "found 6");
    assertRefused("a.jpg,,6,10,2", "line 2", "at least one run");
    assertRefused("c.jpg,1 1,6,10,2", "line 2", "c.jpg");
    assertRefused("A.jpg,1 1,6,10,2", "line 2", "found no A.jpg there, but a.jpg");
    assertRefused("own/a.jpg,1 1,6,10,2", "line 2", "ImageId", "without folders");
    assertRefused("../train.csv,1 1,6,10,2", "line 2", "ImageId", "without folders");
    assertRefused("a\0.jpg,1 1,6,10,2", "line 2", "ImageId");
    assertRefused("a.jpg,1 1,6,10,2\nb.png,\"1 1,6,10,2", "line 3", "closing quote");
    assertRefused("a.jpg,\"1\n1\",6,10,2\nb.png,1 1,6,10,2\"", "line 2", "value 1");
    assertRefused("a.jpg,\"1 1\"x,6,10,2", "line 2", "found 'x'");
    assertRefused("a.jpg,1 1,6,10,2\nb.png,1 1", "line 3", "Height");
  }

  @Test
  void skipsAFewBadRowsOfManyAndStopsAtMore() throws IOException {
    StringBuilder rows = new StringBuilder("a.jpg,0 1,6,10,2\n");
    for (int i = 0; i < 1000; i++) {
      rows.append("b.png,1 1,6,10,2\n");
    }
    csv(rows.toString());
    KaggleDataset dataset = KaggleDataset.open(folder);
    assertEquals("b.png", dataset.fileName(0));
    assertEquals(1000, dataset.instances(0).size());
    csv(rows + "a.jpg,0 1,6,10,2\n".repeat(15));
    String message = assertThrows(UserError.class, () -> KaggleDataset.open(folder)).getMessage();
    assertTrue(message.contains("line 2") && message.contains("15 more bad rows"), message);
  }

  @Test
  void namesAMissingColumn() throws IOException {
    Files.writeString(folder.resolve("train.csv"), "ImageId,EncodedPixels,Height,ClassId\n");
    String message = assertThrows(UserError.class, () -> KaggleDataset.open(folder)).getMessage();
    assertTrue(message.contains("line 1") && message.contains("Width"), message);
  }

  @Test
  void namesAnotherEncoding() throws IOException {
    byte[] text = ("\uFEFF" + HEADER).getBytes(StandardCharsets.UTF_16LE);
    Files.write(folder.resolve("train.csv"), text);
    String message = assertThrows(UserError.class, () -> KaggleDataset.open(folder)).getMessage();
    assertTrue(message.contains("train.csv: expected text in UTF-8, found UTF-16"), message);
  }

  private void csv(String rows) throws IOException {
    Files.writeString(folder.resolve("train.csv"), HEADER + rows);
  }

  private void assertRefused(String rows, String... words) throws IOException {
    csv(rows + "\n");
    String message = assertThrows(UserError.class, () -> KaggleDataset.open(folder)).getMessage();
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }
}
