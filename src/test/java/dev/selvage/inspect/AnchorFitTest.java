package dev.selvage.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnchorFitTest {
  @Test
  void measuresTheBestAnchorOfEachBox() {
    // a square of 32, one of 16 that covers a quarter of it, and a box twice as wide as high
    float[] heights = {32, 16, 32};
    float[] widths = {32, 16, 64};
    AnchorFit fit = AnchorFit.of(new int[] {32}, new float[] {1}, heights, widths);
    assertEquals((1 + 0.25 + 0.5) / 3, fit.mean(), 1e-9);
    assertEquals(2.0 / 3, fit.atLeastHalf(), 1e-9);
    assertEquals(1.0 / 3, fit.atLeastSeven(), 1e-9);
    AnchorFit wide =
        AnchorFit.of(
            new int[] {32}, new float[] {2}, new float[] {22.6274f}, new float[] {45.2548f});
    assertEquals(1, wide.mean(), 1e-4);
  }

  @Test
  void suggestsTheAnchorsThatTheBoxesWereMadeFrom() {
    int[] scales = {12, 40, 150};
    float[] ratios = {0.4f, 1.6f};
    Random random = new Random(4);
    float[] heights = new float[3000];
    float[] widths = new float[3000];
    for (int i = 0; i < heights.length; i++) {
      double size = scales[random.nextInt(3)] * (1 + 0.05 * random.nextGaussian());
      double root = Math.sqrt(ratios[random.nextInt(2)] * (1 + 0.05 * random.nextGaussian()));
      heights[i] = (float) (size / root);
      widths[i] = (float) (size * root);
    }
    AnchorFit fit = AnchorFit.suggest(3, 2, heights, widths);
    assertTrue(fit.mean() > 0.9, fit.options() + " " + fit.mean());
    for (int k = 0; k < 3; k++) {
      assertEquals(scales[k], fit.scales()[k], 0.1 * scales[k], fit.options());
    }
    assertEquals(0.4, fit.ratios()[0], 0.05, fit.options());
    assertArrayEquals(
        fit.scales(), AnchorFit.suggest(3, 2, heights, widths).scales(), "the same each time");
  }

  @Test
  void suggestsNoScaleBelowFourPixels() {
    float[] tiny = new float[50];
    Arrays.fill(tiny, 1);
    AnchorFit fit = AnchorFit.suggest(5, 3, tiny, tiny);
    assertTrue(Arrays.stream(fit.scales()).allMatch(scale -> scale >= 4), fit.options());
  }
}
