package dev.selvage.resize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LanczosTest {
  @Property(tries = 100)
  void anEvenPictureStaysEven(
      @ForAll @IntRange(min = 1, max = 60) int height,
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1, max = 30) int newHeight,
      @ForAll @IntRange(min = 1, max = 30) int newWidth) {
    byte[] pixels = new byte[3 * height * width];
    Arrays.fill(pixels, (byte) 200);
    byte[] resized = Lanczos.resize(pixels, height, width, newHeight, newWidth);
    assertEquals(3 * newHeight * newWidth, resized.length);
    for (byte pixel : resized) {
      assertEquals((byte) 200, pixel);
    }
  }

  @Test
  void theSameSizeIsTheSamePicture() {
    byte[] pixels = new byte[3 * 7 * 5];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (37 * i);
    }
    assertArrayEquals(pixels, Lanczos.resize(pixels, 7, 5, 7, 5));
  }

  /** Stripes too fine for the new size become grey and not coarser stripes. */
  @Test
  void finePatternsAreAveraged() {
    int side = 300;
    byte[] pixels = new byte[3 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 3 % side % 2 == 0 ? 0 : 255);
    }
    byte[] resized = Lanczos.resize(pixels, side, side, 70, 70);
    for (int y = 5; y < 65; y++) {
      for (int x = 5; x < 65; x++) {
        int grey = resized[3 * (y * 70 + x)] & 0xFF;
        assertTrue(grey > 122 && grey < 133, "row " + y + " column " + x + ": " + grey);
      }
    }
  }

  /** A slope keeps its steepness, each channel its own. */
  @Test
  void slopesStayWhereTheyAre() {
    int side = 240;
    byte[] pixels = new byte[3 * side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        pixels[3 * (y * side + x)] = (byte) y;
        pixels[3 * (y * side + x) + 1] = (byte) x;
        pixels[3 * (y * side + x) + 2] = (byte) (239 - x);
      }
    }
    byte[] resized = Lanczos.resize(pixels, side, side, 80, 60);
    for (int y = 8; y < 72; y++) {
      for (int x = 8; x < 52; x++) {
        int at = 3 * (y * 60 + x);
        assertEquals((y + 0.5) * 3 - 0.5, resized[at] & 0xFF, 1);
        assertEquals((x + 0.5) * 4 - 0.5, resized[at + 1] & 0xFF, 1);
        assertEquals(239 - ((x + 0.5) * 4 - 0.5), resized[at + 2] & 0xFF, 1);
      }
    }
  }
}
