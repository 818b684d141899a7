package dev.selvage.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RleTest {
  /** Height 3, width 4, drawn as rows: .X.. / .XX. / X.X. */
  private static final byte[] PIXELS = {0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0};

  private static final Rle MASK = Rle.fromBitmask(PIXELS, 3, 4);

  @Test
  void encodesColumnByColumnAndJoinsRunsAcrossColumns() {
    assertArrayEquals(new int[] {2, 3, 2, 2, 3}, MASK.counts());
    assertArrayEquals(PIXELS, MASK.toBitmask());
    assertEquals(5, MASK.area());
    assertArrayEquals(new int[] {0, 0, 3, 3}, MASK.box());
  }

  @Test
  void boxIsTight() {
    assertArrayEquals(new int[] {1, 2, 3, 3}, new Rle(3, 4, new int[] {7, 2, 3}).box());
    assertArrayEquals(new int[] {0, 0, 0, 0}, Rle.empty(3, 4).box());
    assertArrayEquals(new int[] {0, 0, 3, 4}, new Rle(3, 4, new int[] {0, 12}).box());
  }

  @Test
  void encodesARegionInPlace() {
    Rle region = Rle.fromRegion(new byte[] {1, 0, 1, 1}, 1, 2, 2, 2, 4, 5);
    assertArrayEquals(new int[] {9, 1, 3, 2, 5}, region.counts());
    assertArrayEquals(new int[] {1, 2, 3, 4}, region.box());
  }

  @Test
  void iouOfKnownMasks() {
    Rle other = new Rle(3, 4, new int[] {3, 6, 3});
    assertEquals(4, MASK.intersection(other));
    assertEquals(4.0 / 7, MASK.iou(other), 1e-15);
    assertEquals(0, Rle.empty(3, 4).iou(Rle.empty(3, 4)));
  }

  @Test
  void refusesRunsThatDoNotCoverTheImage() {
    String message =
        assertThrows(UserError.class, () -> new Rle(3, 4, new int[] {3, 6})).getMessage();
    assertTrue(message.contains("12") && message.contains("9"), message);
    assertThrows(UserError.class, () -> new Rle(3, 4, new int[] {-1, 13}));
    assertThrows(IllegalArgumentException.class, () -> MASK.iou(Rle.empty(4, 3)));
  }

  @Property(tries = 300)
  void bitmaskRoundTrip(@ForAll @IntRange(min = 1, max = 20) int height, @ForAll long seed) {
    byte[] pixels = Masks.random(height, 13, seed);
    Rle mask = Rle.fromBitmask(pixels, height, 13);
    assertArrayEquals(pixels, mask.toBitmask());
    for (int i = 1; i < mask.counts().length; i++) {
      assertTrue(mask.counts()[i] > 0, "only the first run may be empty");
    }
  }

  @Property(tries = 300)
  void runArithmeticEqualsPixelArithmetic(
      @ForAll @IntRange(min = 1, max = 20) int height, @ForAll long first, @ForAll long second) {
    byte[] a = Masks.random(height, 11, first);
    byte[] b = Masks.random(height, 11, second);
    byte[] either = new byte[a.length];
    byte[] firstAlone = new byte[a.length];
    int both = 0;
    int any = 0;
    int[] box = {height, 11, 0, 0};
    for (int i = 0; i < a.length; i++) {
      both += a[i] & b[i];
      either[i] = (byte) (a[i] | b[i]);
      any += either[i];
      firstAlone[i] = (byte) (a[i] & ~b[i]);
      if (a[i] != 0) {
        box[0] = Math.min(box[0], i % height);
        box[1] = Math.min(box[1], i / height);
        box[2] = Math.max(box[2], i % height + 1);
        box[3] = Math.max(box[3], i / height + 1);
      }
    }
    Rle x = Rle.fromBitmask(a, height, 11);
    Rle y = Rle.fromBitmask(b, height, 11);
    assertEquals(both, x.intersection(y));
    assertEquals(any == 0 ? 0 : (double) both / any, x.iou(y), 1e-15);
    assertEquals(Rle.fromBitmask(either, height, 11), Rle.union(List.of(x, y), height, 11));
    assertEquals(Rle.fromBitmask(firstAlone, height, 11), x.minus(y));
    assertArrayEquals(x.area() == 0 ? new int[4] : box, x.box());
  }
}
