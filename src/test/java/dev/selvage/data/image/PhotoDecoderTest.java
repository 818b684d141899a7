package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_16UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_16UC3;
import static org.bytedeco.opencv.global.opencv_core.CV_16UC4;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC4;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.indexer.UByteRawIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kinds of pixels: depths, grey, transparency. */
class PhotoDecoderTest {
  @TempDir Path folder;

  /** Red, green and blue of a pixel of a photo with one colour, and another in its corner. */
  private List<Integer> pixel(String ending, int type, double[] corner, double... colour)
      throws IOException {
    try (Scalar scalar = scalar(colour);
        Scalar other = scalar(corner);
        Mat photo = new Mat(6, 9, type, scalar);
        Mat part = new Mat(photo, new Rect(0, 0, 1, 1))) {
      part.put(other);
      return pixel(ending, PhotoBytes.encoded(ending, photo));
    }
  }

  private List<Integer> pixel(String ending, byte[] photo) throws IOException {
    Path file = Files.write(folder.resolve("a" + ending), photo);
    try (Mat decoded = new Photos().original(file).orElseThrow()) {
      UByteRawIndexer values = decoded.createIndexer();
      return List.of(values.get(3, 4, 0), values.get(3, 4, 1), values.get(3, 4, 2));
    }
  }

  private static Scalar scalar(double... values) {
    double[] four = Arrays.copyOf(values, 4);
    return new Scalar(four[0], four[1], four[2], four[3]);
  }

  @Test
  void sixteenBitsKeepTheirUpperEight() throws IOException {
    double[] bright = {65535, 65535, 65535, 65535};
    for (String ending : List.of(".png", ".tif")) {
      assertEquals(
          List.of(128, 64, 16), pixel(ending, CV_16UC3, bright, 16 << 8, 64 << 8, 128 << 8));
      assertEquals(List.of(64, 64, 64), pixel(ending, CV_16UC1, bright, 64 << 8));
    }
    assertEquals(
        List.of(128, 64, 16), pixel(".png", CV_16UC4, bright, 16 << 8, 64 << 8, 128 << 8, 65535));
  }

  @Test
  void fewerBitsInSixteenAreScaled() throws IOException {
    for (String ending : List.of(".png", ".tif")) {
      for (int bits : new int[] {8, 10, 12}) {
        double most = (1 << bits) - 1;
        double[] bright = {most, most, most};
        assertEquals(
            List.of(255, 51, 0), pixel(ending, CV_16UC3, bright, 0, most / 5, most), ending + bits);
        assertEquals(List.of(51, 51, 51), pixel(ending, CV_16UC1, bright, most / 5), ending + bits);
      }
      double[] bright = {4096, 4096, 4096};
      assertEquals(
          List.of(16, 2, 0), pixel(ending, CV_16UC3, bright, 0, 512, 4096), "13 bits are 16");
    }
  }

  /** sBIT says how many bits there were. */
  @Test
  void whatThePngStatesDecides() throws IOException {
    try (Scalar dark = new Scalar(0, 819, 4095, 0);
        Mat photo = new Mat(6, 9, CV_16UC3, dark)) {
      byte[] png = PhotoBytes.encoded(".png", photo);
      for (byte bits : new byte[] {16, 14, 12, 10}) {
        byte[] stated =
            PhotoBytes.joined(
                Arrays.copyOf(png, 33),
                PhotoBytes.chunk("sBIT", new byte[] {bits, bits, bits}),
                Arrays.copyOfRange(png, 33, png.length));
        List<Integer> expected =
            switch (bits) {
              case 14 -> List.of(64, 13, 0);
              case 12 -> List.of(255, 51, 0);
              default -> List.of(15, 3, 0);
            };
        assertEquals(expected, pixel(".png", stated), "sBIT " + bits);
      }
    }
  }

  @Test
  void greyAndTransparency() throws IOException {
    double[] corner = {255, 255, 255, 0};
    for (String ending : List.of(".png", ".tif", ".bmp")) {
      assertEquals(List.of(77, 77, 77), pixel(ending, CV_8UC1, corner, 77), ending);
    }
    for (String ending : List.of(".png", ".tif")) {
      assertEquals(
          List.of(200, 100, 50), pixel(ending, CV_8UC4, corner, 50, 100, 200, 255), ending);
    }
  }

  /** Inks as Adobe's programs store them: 255 without ink. Black darkens the others. */
  @Test
  void inksBecomeColours() throws IOException {
    for (CmykJpeg.Stored stored : CmykJpeg.Stored.values()) {
      for (int reduction : new int[] {1, 2, 8}) {
        for (int[] inks :
            new int[][] {{200, 100, 50, 255}, {200, 100, 50, 128}, {0, 255, 255, 255}}) {
          int[][][] light = new int[4][6][];
          for (int[][] row : light) {
            Arrays.fill(row, inks);
          }
          light[0][0] = new int[] {255, 0, 0, 0};
          Path file = Files.write(folder.resolve("a.jpg"), CmykJpeg.bytes(light, stored));
          PhotoSize size = new PhotoSize(32, 48);
          try (Mat photo = new Photos().atLeast(file, size, 48 / reduction).orElseThrow()) {
            assertEquals(32 / reduction, photo.rows());
            UByteRawIndexer values = photo.createIndexer();
            for (int c = 0; c < 3; c++) {
              assertEquals(
                  inks[c] * inks[3] / 255.,
                  values.get(2 * 8 / reduction, 3 * 8 / reduction, c),
                  2,
                  stored + " at 1/" + reduction + ", channel " + c);
            }
          }
        }
      }
    }
  }

  /** TIFF holds the ink itself, 0 without any. Of 16 bits, they are not read. */
  @Test
  void inksOfTiff() throws IOException {
    try (Scalar inks = scalar(10, 60, 200, 100); // yellow, magenta, cyan, black
        Mat photo = new Mat(6, 9, CV_8UC4, inks);
        Mat deep = new Mat(6, 9, CV_16UC4, inks)) {
      assertEquals(List.of(33, 118, 148), pixel(".tif", separated(photo)));
      Path file = Files.write(folder.resolve("deep.tif"), separated(deep));
      assertEquals(Optional.empty(), new Photos((path, why) -> {}).original(file));
    }
  }

  private static byte[] separated(Mat inks) {
    return PhotoBytes.withTag(PhotoBytes.encoded(".tif", inks), 262, 5);
  }
}
