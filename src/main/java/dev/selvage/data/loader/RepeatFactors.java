package dev.selvage.data.loader;

import dev.selvage.data.Dataset;
import java.util.Arrays;

/**
 * How often a photo is shown so that rare classes are seen more (repeat factor sampling, Gupta et
 * al. 2019, section on LVIS' baselines): a class that a share f of the photos show has the factor
 * max(1, sqrt(t / f)), and a photo the largest factor of its classes.
 */
final class RepeatFactors {
  private RepeatFactors() {}

  /**
   * Computes them.
   *
   * @param images image indices in the dataset
   * @param threshold t: classes that a larger share of the photos show are not repeated
   * @return for each of the images its factor, at least 1
   */
  static double[] of(Dataset dataset, int[] images, double threshold) {
    int[] photos = new int[dataset.categories().size() + 1];
    int[][] classes = new int[images.length][];
    for (int i = 0; i < images.length; i++) {
      classes[i] = Arrays.stream(dataset.classIds(images[i])).distinct().toArray();
      for (int c : classes[i]) {
        photos[c]++;
      }
    }
    double[] factors = new double[images.length];
    for (int i = 0; i < images.length; i++) {
      factors[i] = 1;
      for (int c : classes[i]) {
        factors[i] = Math.max(factors[i], Math.sqrt(threshold * images.length / photos[c]));
      }
    }
    return factors;
  }
}
