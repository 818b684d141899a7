package dev.selvage.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void countsWholeNumbersAndGathersWhatIsBeyondTheLast() {
    Histogram h = Histogram.wholeNumbers(new float[] {0, 2, 2, 3, 9}, 3);
    assertArrayEquals(new int[] {1, 0, 2, 2}, h.counts());
    assertEquals(0, h.least());
    assertEquals(2, h.median());
    assertEquals(9, h.most());
  }

  @Test
  void spreadsLogarithmicBinsOverTheValues() {
    float[] values = {1, 2, 4, 8, 16, 100, 1000};
    Histogram h = Histogram.logarithmic(values);
    assertEquals(values.length, Arrays.stream(h.counts()).sum());
    assertTrue(h.counts().length >= 16, () -> h.counts().length + " bins");
    assertTrue(h.edges()[0] <= 1 && h.edges()[h.counts().length] > 1000);
    double factor = h.edges()[1] / h.edges()[0];
    assertEquals(factor, h.edges()[9] / h.edges()[8], 1e-9);
    for (float value : values) {
      int bin = 0;
      while (h.edges()[bin + 1] <= value) {
        bin++;
      }
      assertTrue(h.counts()[bin] > 0, "nothing counted at " + value);
    }
  }

  @Test
  void copesWithNothingAndWithOneValue() {
    assertArrayEquals(new int[] {0}, Histogram.logarithmic(new float[0]).counts());
    assertEquals(3, Arrays.stream(Histogram.logarithmic(new float[] {7, 7, 7}).counts()).sum());
  }
}
