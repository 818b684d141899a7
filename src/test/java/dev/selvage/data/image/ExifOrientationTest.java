package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_WEBP_QUALITY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.ExifMode;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExifOrientationTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 8;

  @TempDir Path folder;

  /** Where a stored pixel is displayed (EXIF 2.32, table 6), as row and column. */
  private static int[] displayed(int mark, int row, int column) {
    int lastRow = HEIGHT - 1 - row;
    int lastColumn = WIDTH - 1 - column;
    return switch (mark) {
      case 1 -> new int[] {row, column};
      case 2 -> new int[] {row, lastColumn};
      case 3 -> new int[] {lastRow, lastColumn};
      case 4 -> new int[] {lastRow, column};
      case 5 -> new int[] {column, row};
      case 6 -> new int[] {column, lastRow};
      case 7 -> new int[] {lastColumn, lastRow};
      case 8 -> new int[] {lastColumn, row};
      default -> throw new IllegalArgumentException();
    };
  }

  private static byte[] turned(byte[] pixels, int mark) {
    byte[] out = new byte[pixels.length];
    int width = mark < 5 ? WIDTH : HEIGHT;
    for (int row = 0; row < HEIGHT; row++) {
      for (int column = 0; column < WIDTH; column++) {
        int[] place = displayed(mark, row, column);
        System.arraycopy(
            pixels, 3 * (row * WIDTH + column), out, 3 * (place[0] * width + place[1]), 3);
      }
    }
    return out;
  }

  private static byte[] pixels(Mat photo) {
    try (photo) {
      byte[] pixels = new byte[3 * photo.rows() * photo.cols()];
      photo.data().get(pixels);
      return pixels;
    }
  }

  @Test
  void turnsEveryPixelToItsPlace() throws IOException {
    for (String ending : List.of(".jpg", ".png", ".webp", ".tif")) {
      byte[] photo =
          ending.equals(".webp")
              ? PhotoBytes.noise(ending, HEIGHT, WIDTH, IMWRITE_WEBP_QUALITY, 101)
              : PhotoBytes.noise(ending, HEIGHT, WIDTH);
      Path plain = Files.write(folder.resolve("plain" + ending), photo);
      byte[] stored = pixels(new Photos().original(plain).orElseThrow());
      for (int mark = 1; mark <= 8; mark++) {
        Path file = folder.resolve(mark + ending);
        Files.write(file, PhotoBytes.marked(photo, mark, ByteOrder.BIG_ENDIAN));
        Photos apply = new Photos(ExifMode.APPLY);
        Photos ignore = new Photos(ExifMode.IGNORE);
        byte[] displayed = turned(stored, mark);
        PhotoSize size = new PhotoSize(HEIGHT, WIDTH);
        PhotoSize turned = mark < 5 ? size : new PhotoSize(WIDTH, HEIGHT);
        String what = ending + " with mark " + mark;
        assertEquals(Optional.of(turned), apply.size(file), what);
        assertEquals(Optional.of(size), ignore.size(file), what);
        assertArrayEquals(displayed, pixels(apply.original(file).orElseThrow()), what);
        assertArrayEquals(stored, pixels(ignore.original(file).orElseThrow()), what);
        if (mark >= 5) { // the size in the annotations tells, whatever the setting is
          assertArrayEquals(stored, pixels(apply.atLeast(file, size, 99).orElseThrow()), what);
          assertArrayEquals(
              displayed, pixels(ignore.atLeast(file, turned, 99).orElseThrow()), what);
        }
        assertEquals(mark > 1, apply.orientations().sentence().isPresent(), what);
      }
    }
  }

  @Test
  void saysHowPhotosAreTaken() throws IOException {
    Photos photos = new Photos(ExifMode.APPLY);
    byte[] photo = PhotoBytes.noise(".png", HEIGHT, WIDTH);
    for (int mark = 1; mark <= 8; mark++) {
      Path file = folder.resolve(mark + ".png");
      Files.write(file, PhotoBytes.marked(photo, mark, ByteOrder.BIG_ENDIAN));
      PhotoSize size = new PhotoSize(HEIGHT, WIDTH);
      PhotoSize annotated = mark > 6 ? new PhotoSize(WIDTH, HEIGHT) : size;
      photos.atLeast(file, annotated, 99).orElseThrow().close();
      photos.atLeast(file, annotated, 99).orElseThrow().close();
    }
    assertEquals(
        Optional.of(
            "photos with an orientation mark (EXIF): 7 (2 taken as stored by the size in their"
                + " annotations, 3 turned as displayed by EXIF_ORIENTATION=apply, 2 turned as"
                + " displayed by the size in their annotations)"),
        photos.orientations().sentence());
  }

  /** A JPEG decoded smaller is turned too. */
  @Test
  void turnsReducedPhotos() throws IOException {
    Path file = folder.resolve("a.jpg");
    byte[] photo = PhotoBytes.noise(".jpg", 101, 203);
    Files.write(file, PhotoBytes.marked(photo, 6, ByteOrder.LITTLE_ENDIAN));
    try (Mat small = new Photos().atLeast(file, new PhotoSize(203, 101), 50).orElseThrow()) {
      assertEquals(51, small.rows());
      assertEquals(26, small.cols());
    }
    assertTrue(
        new Photos(ExifMode.APPLY, (f, why) -> {})
            .atLeast(file, new PhotoSize(203, 100), 50)
            .isEmpty());
  }

  @Test
  void removesTheMark() throws IOException {
    for (String ending : List.of(".jpg", ".png", ".webp", ".tif")) {
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        byte[] photo = PhotoBytes.noise(ending, HEIGHT, WIDTH);
        byte[] bytes = PhotoBytes.marked(photo, 7, order);
        Path file = Files.write(folder.resolve("a" + ending), bytes);
        PhotoHeader.read(file).orElseThrow().removeMark(java.nio.ByteBuffer.wrap(bytes));
        assertArrayEquals(PhotoBytes.marked(photo, 1, order), bytes, ending);
      }
    }
  }
}
