package dev.selvage.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueHistogramTest {
  @Test
  void everyValueIsInTheBucketThatTheLimitsGive() {
    Random random = new Random(4);
    float[] values = new float[5000];
    for (int i = 0; i < values.length; i++) {
      // grades of an eighth, so that many lie on a limit
      values[i] = Math.round(8 * random.nextGaussian()) / 8f;
    }
    values[0] = -4;
    values[1] = 4;
    ValueHistogram h = ValueHistogram.of(values);
    assertEquals(-4, h.least());
    assertEquals(4, h.most());
    assertEquals(64, h.limits().length);
    assertEquals(h.most(), h.limits()[63]);
    for (int i = 0; i < 64; i++) {
      double low = i == 0 ? h.least() : h.limits()[i - 1];
      double high = i == 63 ? Math.nextUp(h.most()) : h.limits()[i];
      long expected = 0;
      for (float value : values) {
        expected += value >= low && value < high ? 1 : 0;
      }
      assertEquals(expected, h.counts()[i], "bucket " + i);
    }
    assertEquals(values.length, Arrays.stream(h.counts()).sum());
  }

  @Test
  void sumsAreOfTheValues() {
    ValueHistogram h = ValueHistogram.of(new float[] {1, -2, 4, Float.NaN});
    assertEquals(3, h.count());
    assertEquals(3, h.sum());
    assertEquals(21, h.sumOfSquares());
  }

  @Test
  void oneValueOrNoneMakeOneBucket() {
    ValueHistogram same = ValueHistogram.of(new float[] {0.5f, 0.5f});
    assertArrayEquals(new double[] {0.5}, same.limits());
    assertArrayEquals(new double[] {2}, same.counts());
    assertEquals(0, ValueHistogram.of(new float[] {Float.NaN}).count());
  }
}
