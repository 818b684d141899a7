package dev.selvage.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.mask.Rle;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundaryTest {
  /** 60 x 80 has a diagonal of 100, so that the boundary is 2 pixels wide. */
  @Test
  void isAsWideAsTheDiagonalSays() {
    Rle square = rectangle(60, 80, 10, 20, 20, 30);
    assertEquals(20 * 30 - 16 * 26, Boundary.of(square).area());
    Rle small = rectangle(60, 80, 0, 0, 4, 30);
    assertEquals(small, Boundary.of(small));
    assertEquals(Rle.empty(60, 80), Boundary.of(Rle.empty(60, 80)));
  }

  @Test
  void theEdgeOfThePhotoIsABoundaryToo() {
    Rle all = rectangle(30, 40, 0, 0, 30, 40);
    assertEquals(30 * 40 - 28 * 38, Boundary.of(all).area());
  }

  /** Each pixel by the definition. */
  @Test
  void agreesWithTheDefinition() {
    Random random = new Random(7);
    for (int run = 0; run < 20; run++) {
      int height = 20 + random.nextInt(80);
      int width = 20 + random.nextInt(80);
      Rle mask = Rle.empty(height, width);
      for (int i = 0; i < 6; i++) {
        int h = 1 + random.nextInt(height - 1);
        int w = 1 + random.nextInt(width - 1);
        Rle part =
            rectangle(height, width, random.nextInt(height - h), random.nextInt(width - w), h, w);
        mask = i % 3 == 2 ? mask.minus(part) : Rle.union(List.of(mask, part), height, width);
      }
      int d = (int) Math.max(1, Math.rint(.02 * Math.sqrt(height * height + width * width)));
      assertArrayEquals(slow(mask.toBitmask(), height, width, d), Boundary.of(mask).toBitmask());
    }
  }

  private static byte[] slow(byte[] pixels, int height, int width, int d) {
    byte[] boundary = new byte[pixels.length];
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        boolean inner = true;
        for (int u = x - d; u <= x + d; u++) {
          for (int v = y - d; v <= y + d; v++) {
            inner &= u >= 0 && v >= 0 && u < width && v < height && pixels[u * height + v] != 0;
          }
        }
        boundary[x * height + y] = inner ? 0 : pixels[x * height + y];
      }
    }
    return boundary;
  }

  /** 0.8 by masks; by boundaries less; in a crowd the part of the detection. */
  @Test
  void theSmallerIouCounts() {
    Instance truth = new Instance(1, rectangle(60, 80, 0, 0, 50, 50), false);
    Rle mask = rectangle(60, 80, 0, 0, 50, 40);
    Detection found = new Detection(1, .9, truth.box(), mask);
    double boundary = Boundary.of(mask).iou(Boundary.of(truth.mask()));
    assertEquals(boundary, IouType.BOUNDARY.of(List.of(found), List.of(truth))[0][0]);
    assertEquals(.8, IouType.MASK.of(List.of(found), List.of(truth))[0][0]);
    // both have their upper, left and lower edges, 40 pixels of them; the right ones differ
    double common = 2 * 40 * 2 + 46 * 2 - 2 * 2 * 2 + 2 * 2 * 2;
    double areas = (50 * 40 - 46 * 36) + (50 * 50 - 46 * 46);
    assertEquals(common / (areas - common), boundary, 1e-12);
    Instance crowd = new Instance(1, truth.mask(), true);
    assertEquals(1, IouType.BOUNDARY.of(List.of(found), List.of(crowd))[0][0]);
  }

  private static Rle rectangle(int height, int width, int top, int left, int h, int w) {
    byte[] ones = new byte[h * w];
    java.util.Arrays.fill(ones, (byte) 1);
    return Rle.fromRegion(ones, top, left, h, w, height, width);
  }
}
