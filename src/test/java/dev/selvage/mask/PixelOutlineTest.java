package dev.selvage.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PixelOutlineTest {
  /** Rows of a picture, where # is set. */
  private static Rle mask(String... rows) {
    int height = rows.length;
    int width = rows[0].length();
    byte[] pixels = new byte[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels[x * height + y] = (byte) (rows[y].charAt(x) == '#' ? 1 : 0);
      }
    }
    return Rle.fromBitmask(pixels, height, width);
  }

  @Test
  void walksAroundAPixelFromItsUpperLeftCorner() {
    List<double[]> rings = PixelOutline.rings(mask("....", "..#."), true);

    assertEquals(1, rings.size());
    assertArrayEquals(new double[] {2, 1, 3, 1, 3, 2, 2, 2}, rings.get(0));
  }

  @Test
  void givesCornersOnlyAndHolesTheOtherWayRound() {
    List<double[]> rings = PixelOutline.rings(mask("####", "#.##", "####"), true);

    assertEquals(2, rings.size());
    assertArrayEquals(new double[] {0, 0, 4, 0, 4, 3, 0, 3}, rings.get(0));
    assertArrayEquals(new double[] {1, 1, 1, 2, 2, 2, 2, 1}, rings.get(1));
    assertEquals(1, PixelOutline.rings(mask("####", "#.##", "####"), false).size());
  }

  @Test
  void keepsPixelsApartThatTouchAtACorner() {
    assertEquals(2, PixelOutline.rings(mask("#.", ".#"), true).size());
    assertEquals(2, PixelOutline.rings(mask(".#", "#."), true).size());
  }

  @Test
  void anEmptyMaskHasNone() {
    assertEquals(List.of(), PixelOutline.rings(Rle.empty(3, 4), true));
  }

  /** Outer rings and holes each cover whole pixels, so the mask is one minus the other. */
  @Test
  void theRingsFilledAgainAreTheMask() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      int height = 1 + random.nextInt(9);
      int width = 1 + random.nextInt(9);
      byte[] pixels = new byte[height * width];
      int percent = 20 + random.nextInt(70);
      for (int p = 0; p < pixels.length; p++) {
        pixels[p] = (byte) (random.nextInt(100) < percent ? 1 : 0);
      }
      Rle mask = Rle.fromBitmask(pixels, height, width);

      byte[] filled = new byte[pixels.length];
      for (double[] ring : PixelOutline.rings(mask, true)) {
        byte[] inside = Polygons.rasterise(ring, height, width).toBitmask();
        for (int p = 0; p < filled.length; p++) {
          filled[p] ^= inside[p];
        }
      }
      assertEquals(mask, Rle.fromBitmask(filled, height, width));
    }
  }
}
