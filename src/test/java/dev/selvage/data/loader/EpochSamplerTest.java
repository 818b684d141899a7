package dev.selvage.data.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.split.LabelledPhotos;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EpochSamplerTest {
  private static final int[] IMAGES = {10, 11, 12, 13};
  private static final double[] FACTORS = {1, 2.5, 1, 1.25};

  @Test
  void factorsHoldOnAverageAndPassesAreEquallyLong() {
    EpochSampler order = new EpochSampler(IMAGES, FACTORS, 3);
    assertEquals(6, order.passLength()); // the sum of 5.75 rounded up
    int passes = 4000;
    double[] mean = new double[IMAGES.length];
    for (int pass = 0; pass < passes; pass++) {
      int[] counts = new int[IMAGES.length];
      for (int i = 0; i < 6; i++) {
        counts[order.image(6L * pass + i) - 10]++;
      }
      for (int i = 0; i < IMAGES.length; i++) {
        double exact = FACTORS[i] * 6 / 5.75;
        assertTrue(counts[i] == (int) exact || counts[i] == (int) exact + 1, i + ": " + counts[i]);
        mean[i] += (double) counts[i] / passes;
      }
    }
    for (int i = 0; i < IMAGES.length; i++) {
      assertEquals(FACTORS[i] * 6 / 5.75, mean[i], 0.03);
    }
  }

  @Test
  void thePhotoAtAPositionDependsOnNothingElse() {
    EpochSampler forward = new EpochSampler(IMAGES, FACTORS, 3);
    EpochSampler backward = new EpochSampler(IMAGES, FACTORS, 3);
    int[] images = new int[60];
    for (int at = 0; at < 60; at++) {
      images[at] = forward.image(at);
    }
    for (int at = 59; at >= 0; at--) {
      assertEquals(images[at], backward.image(at));
      assertEquals(forward.visit(at), backward.visit(at));
    }
  }

  /** So that a photo looks another way each time. */
  @Test
  void noTwoVisitsOfAPhotoAreTheSame() {
    EpochSampler order = new EpochSampler(IMAGES, FACTORS, 3);
    Set<List<Long>> visits = new HashSet<>();
    for (int at = 0; at < 600; at++) {
      assertTrue(visits.add(List.of((long) order.image(at), order.visit(at))), "at " + at);
    }
  }

  @Test
  void factorsOfOneAreOnePassOfEveryPhoto() {
    EpochSampler order = new EpochSampler(IMAGES, new double[] {1, 1, 1, 1}, 3);
    Set<Integer> seen = new HashSet<>();
    for (int at = 8; at < 12; at++) {
      seen.add(order.image(at));
      assertEquals(2, order.visit(at));
    }
    assertEquals(Set.of(10, 11, 12, 13), seen);
  }

  @Test
  void thePhotosOfRareClassesAreRepeated() {
    int[][] classes = {{1, 1}, {1, 2, 2}, {}, {1}, {1}, {1}, {1, 3}, {1, 3}};
    double[] factors =
        RepeatFactors.of(
            new LabelledPhotos(LabelledPhotos.categories(3), classes),
            new int[] {0, 1, 2, 3, 4, 5, 6},
            0.5);
    double once = Math.sqrt(0.5 * 7 / 1); // of the seven photos chosen one shows class 2, one 3
    assertArrayEquals(new double[] {1, once, 1, 1, 1, 1, once}, factors, 1e-12);
  }
}
