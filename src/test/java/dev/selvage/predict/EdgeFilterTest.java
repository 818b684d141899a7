package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.mask.Rle;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

class EdgeFilterTest {
  private static final int CELLS = EdgeFilter.CELLS;
  private static final int RADIUS = 5;
  private static final int HEIGHT = 120;
  private static final int WIDTH = 160;

  /** The formulas of the paper, each mean over its window as it stands there. */
  @Test
  void isTheGuidedFilterOfThePaper() {
    SplittableRandom random = new SplittableRandom(3);
    int[] box = {10, 20, 90, 100}; // with the margin, almost two pixels a cell
    double[] region = EdgeFilter.region(box);
    Guide guide = guide((y, x) -> random.nextInt(256));
    float[] mask = new float[28 * 28];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextFloat();
    }
    byte[] found = EdgeFilter.sharpen(mask, 28, box, HEIGHT, WIDTH, guide);
    double[] light = new double[CELLS * CELLS];
    double[] p = new double[CELLS * CELLS];
    for (int i = 0; i < p.length; i++) {
      double cell = (region[2] - region[0]) / CELLS;
      for (double dy = 0.25; dy < 1; dy += 0.5) {
        for (double dx = 0.25; dx < 1; dx += 0.5) {
          int y = (int) Math.floor(region[0] + (i / CELLS + dy) * cell);
          int x = (int) Math.floor(region[1] + (i % CELLS + dx) * cell);
          y = Math.min(Math.max(y, 0), HEIGHT - 1);
          light[i] += (guide.brightness()[y * WIDTH + x] & 0xff) / 255.0 / 4;
        }
      }
      // in cells of the mask, of which the margin has 5.25 and the region 38.5
      p[i] =
          at(
              mask,
              (i / CELLS + 0.5) * 38.5 / CELLS - 5.75,
              (i % CELLS + 0.5) * 38.5 / CELLS - 5.75);
    }
    double[] slope = new double[CELLS * CELLS];
    double[] offset = new double[CELLS * CELLS];
    for (int i = 0; i < p.length; i++) {
      double[] products = new double[p.length];
      double[] squares = new double[p.length];
      Arrays.setAll(products, k -> light[k] * p[k]);
      Arrays.setAll(squares, k -> light[k] * light[k]);
      double mean = mean(light, i);
      double variance = mean(squares, i) - mean * mean;
      slope[i] = (mean(products, i) - mean * mean(p, i)) / (variance + 1e-4);
      offset[i] = mean(p, i) - slope[i] * mean;
    }
    for (int i = 0; i < p.length; i++) {
      double q = Math.min(Math.max(mean(slope, i) * light[i] + mean(offset, i), 0), 1);
      assertEquals(255 * q, found[i] & 0xff, 0.51, "cell " + i);
    }
  }

  private static double mean(double[] values, int cell) {
    double sum = 0;
    int count = 0;
    for (int y = Math.max(0, cell / CELLS - RADIUS); y <= cell / CELLS + RADIUS; y++) {
      for (int x = Math.max(0, cell % CELLS - RADIUS); x <= cell % CELLS + RADIUS; x++) {
        if (y < CELLS && x < CELLS) {
          sum += values[y * CELLS + x];
          count++;
        }
      }
    }
    return sum / count;
  }

  private static double at(float[] mask, double y, double x) {
    double sum = 0;
    for (int dy = 0; dy < 2; dy++) {
      for (int dx = 0; dx < 2; dx++) {
        int row = (int) Math.floor(y) + dy;
        int column = (int) Math.floor(x) + dx;
        if (row >= 0 && column >= 0 && row < 28 && column < 28) {
          sum += (1 - Math.abs(y - row)) * (1 - Math.abs(x - column)) * mask[row * 28 + column];
        }
      }
    }
    return sum;
  }

  /**
   * A mask that ends two pixels too late ends at the edge; where nothing is to be seen, it stays.
   */
  @Test
  void movesAMaskToTheEdge() {
    int[] coat = {30, 40, 90, 110};
    Rle truth = filled(coat);
    int[] said = {28, 37, 93, 112};
    float[] mask = new float[28 * 28];
    Arrays.fill(mask, 1);
    Rle plain = MaskPaster.paste(mask, 0, 28, said, HEIGHT, WIDTH, 0.5);
    Rle sharp = sharp(mask, said, (y, x) -> inside(coat, y, x) ? 180 : 90);
    Rle same = sharp(mask, said, (y, x) -> 120);
    assertTrue(plain.iou(truth) < 0.88, "plain " + plain.iou(truth));
    assertTrue(sharp.iou(truth) > 0.95, "sharp " + sharp.iou(truth));
    assertTrue(same.iou(plain) > 0.8, "flat " + same.iou(plain));
  }

  /** At the photo's edge, where the margin lies outside. */
  @Test
  void staysInThePhoto() {
    float[] mask = new float[28 * 28];
    Arrays.fill(mask, 1);
    int[] whole = {0, 0, HEIGHT, WIDTH};
    Rle sharp = sharp(mask, whole, (y, x) -> (7 * y + 13 * x) % 256);
    assertTrue(sharp.iou(filled(whole)) > 0.9, "whole " + sharp.iou(filled(whole)));
    int[] point = {HEIGHT - 1, WIDTH - 1, HEIGHT, WIDTH};
    assertEquals(filled(point), sharp(mask, point, (y, x) -> 9));
  }

  private static Rle sharp(float[] mask, int[] box, IntBinaryOperator brightness) {
    byte[] sharp = EdgeFilter.sharpen(mask, 28, box, HEIGHT, WIDTH, guide(brightness));
    float[] values = new float[sharp.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (sharp[i] & 0xff) / 255f;
    }
    return MaskPaster.paste(values, 0, CELLS, EdgeFilter.region(box), HEIGHT, WIDTH, 0.5);
  }

  private static boolean inside(int[] box, int y, int x) {
    return y >= box[0] && x >= box[1] && y < box[2] && x < box[3];
  }

  private static Rle filled(int[] box) {
    byte[] pixels = new byte[(box[2] - box[0]) * (box[3] - box[1])];
    Arrays.fill(pixels, (byte) 1);
    return Rle.fromRegion(pixels, box[0], box[1], box[2] - box[0], box[3] - box[1], HEIGHT, WIDTH);
  }

  private static Guide guide(IntBinaryOperator brightness) {
    byte[] pixels = new byte[HEIGHT * WIDTH];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) brightness.applyAsInt(i / WIDTH, i % WIDTH);
    }
    return new Guide(pixels, HEIGHT, WIDTH);
  }
}
