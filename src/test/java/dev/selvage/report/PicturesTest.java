package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
  private static final int GREY = 120;

  private final Pictures pictures = new Pictures(List.of("shirt, blouse", "shoe"));

  @Test
  void drawsMasksInTheColourOfTheirClass(@TempDir Path folder) {
    Path file = folder.resolve("a.jpg");
    // the right half of the lower half
    Detection found = found(2, 100, 200, 50, 100, 50, 100);
    pictures.result(file, grey(100, 200), 100, 200, List.of(found));
    try (Mat picture = opencv_imgcodecs.imread(file.toString())) {
      assertEquals(1000, picture.cols());
      assertEquals(500, picture.rows());
      Colour colour = Palette.of(2);
      int[] inside = rgb(picture, 375, 625);
      assertEquals(GREY + 0.45 * (colour.red() - GREY), inside[0], 8);
      assertEquals(GREY + 0.45 * (colour.green() - GREY), inside[1], 8);
      assertEquals(GREY + 0.45 * (colour.blue() - GREY), inside[2], 8);
      for (int outside : rgb(picture, 100, 100)) {
        assertEquals(GREY, outside, 4);
      }
    }
  }

  @Test
  void scalesLargePhotosDown(@TempDir Path folder) {
    Path file = folder.resolve("a.jpg");
    pictures.result(file, grey(300, 4000), 300, 4000, List.of(found(1, 300, 4000, 0, 0, 300, 10)));
    try (Mat picture = opencv_imgcodecs.imread(file.toString())) {
      assertEquals(Pictures.MOST, picture.cols());
    }
  }

  @Test
  void showsTruthAtTheLeftAndResultAtTheRight(@TempDir Path folder) {
    Path file = folder.resolve("a.jpg");
    Instance truth = new Instance(1, found(1, 90, 90, 10, 10, 40, 70).mask(), false);
    Detection found = found(2, 90, 90, 10, 10, 40, 70);
    pictures.sideBySide(grey(90, 90), 90, 90, List.of(truth), List.of(found), "").write(file);
    try (Mat picture = opencv_imgcodecs.imread(file.toString())) {
      assertTrue(picture.cols() > 1800, "width " + picture.cols());
      int y = picture.rows() - 900 + 350;
      assertRedness(picture, y, 450, Palette.of(1));
      assertRedness(picture, y, picture.cols() - 450, Palette.of(2));
    }
  }

  private static void assertRedness(Mat picture, int y, int x, Colour colour) {
    int[] rgb = rgb(picture, y, x);
    assertEquals(GREY + 0.45 * (colour.red() - GREY), rgb[0], 8);
    assertEquals(GREY + 0.45 * (colour.blue() - GREY), rgb[2], 8);
  }

  @Test
  void drawsAMaskWithoutPixelsAndABoxAtTheEdge(@TempDir Path folder) {
    Detection empty = new Detection(1, 0.5, new Box(0, 0, 300, 300), Rle.empty(300, 300));
    Detection edge = new Detection(1, 0.5, new Box(299.5, 299.5, 0.5, 0.5), Rle.empty(300, 300));
    Path file = folder.resolve("a.jpg");
    pictures.result(file, grey(300, 300), 300, 300, List.of(empty, edge));
    assertTrue(Files.isRegularFile(file));
  }

  @Test
  void saysInOneSentenceThatAFileCannotBeWritten(@TempDir Path folder) {
    Path file = folder.resolve("not there").resolve("a.jpg");
    UserError error =
        assertThrows(UserError.class, () -> pictures.result(file, grey(64, 64), 64, 64, List.of()));
    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
    assertFalse(Files.exists(file));
  }

  private static Mat grey(int height, int width) {
    return new Mat(height, width, CV_8UC3, new Scalar(GREY, GREY, GREY, 0));
  }

  private static Detection found(
      int classId, int height, int width, int top, int left, int boxHeight, int boxWidth) {
    byte[] region = new byte[boxHeight * boxWidth];
    java.util.Arrays.fill(region, (byte) 1);
    Rle mask = Rle.fromRegion(region, top, left, boxHeight, boxWidth, height, width);
    return new Detection(classId, 0.93, new Box(left, top, boxWidth, boxHeight), mask);
  }

  private static int[] rgb(Mat picture, int y, int x) {
    int[] rgb = new int[3];
    for (int k = 0; k < 3; k++) {
      rgb[2 - k] = picture.ptr(y, x).get(k) & 255;
    }
    return rgb;
  }
}
