package dev.selvage.model;

import dev.selvage.data.loader.GroundTruth;
import dev.selvage.geometry.Boxes;
import java.util.SplittableRandom;

/**
 * Regions in place of proposals, for heads that are to learn without a region proposal network
 * (USE_RPN_ROIS false): nine in ten lie around the objects, as many around each, and the rest
 * anywhere, as Matterport's generate_random_rois makes them.
 */
final class RandomRois {
  private static final double NEAR = 0.9;

  private RandomRois() {}

  /**
   * Regions of a batch's images.
   *
   * @param count of regions of an image
   * @return [N,count,4] flat, normalized
   */
  static float[] of(GroundTruth[] truths, int count, int height, int width, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] pixels = new double[truths.length * count * 4];
    int at = 0;
    for (GroundTruth truth : truths) {
      int objects = truth.size();
      int near = objects == 0 ? 0 : (int) (NEAR * count / objects);
      for (int i = 0; i < count; i++) {
        // Around an object: within its box and a margin as large as the box on every side.
        int object = i < near * objects ? i / near : -1;
        span(pixels, at, truth, object, height, random);
        span(pixels, at + 1, truth, object, width, random);
        at += 4;
      }
    }
    return Boxes.toFloat(Boxes.normalize(pixels, height, width));
  }

  /** Two different places along an axis: at offset `at` the lesser and at + 2 the greater. */
  private static void span(
      double[] pixels, int at, GroundTruth truth, int object, int size, SplittableRandom random) {
    int low = 0;
    int high = size;
    if (object >= 0) {
      float near = truth.boxes()[4 * object + at % 4];
      float far = truth.boxes()[4 * object + at % 4 + 2];
      low = (int) Math.max(near - (far - near), 0);
      high = (int) Math.min(far + (far - near), size);
    }
    int one = random.nextInt(low, high + 1);
    int other = random.nextInt(low, high);
    other += other >= one ? 1 : 0;
    pixels[at] = Math.min(one, other);
    pixels[at + 2] = Math.max(one, other);
  }
}
