package dev.selvage.inspect;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.split.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * How the two parts of a split compare.
 *
 * @param train photos to train on
 * @param valid photos held out
 * @param classes for each class in class order the photos that show it
 * @param trainObjects a photo to train on, in bins of one
 * @param validObjects a photo held out
 * @param error see {@link Split#labelDistributionError}
 * @param randomError that of a split at random
 */
public record SplitComparison(
    int train,
    int valid,
    List<Side> classes,
    Histogram trainObjects,
    Histogram validObjects,
    double error,
    double randomError) {
  /** Bins of the histograms; the last one takes the rest. */
  static final int MOST_OBJECTS = 40;

  /** Photos of both parts that show a class. */
  public record Side(String name, int train, int valid) {}

  /**
   * Of a split that is made.
   *
   * @param seed of the run, for the random split it is compared with
   */
  public static SplitComparison of(Split split, Dataset dataset, Config config, long seed) {
    float[] objects = new float[dataset.size()];
    for (int imageIndex = 0; imageIndex < objects.length; imageIndex++) {
      objects[imageIndex] = dataset.classIds(imageIndex).length;
    }
    int[][] photos = Split.classes(dataset);
    List<Category> categories = dataset.categories();
    int[] inTrain = Split.count(photos, split.train(), categories.size());
    int[] inValid = Split.count(photos, split.valid(), categories.size());
    List<Side> classes = new ArrayList<>();
    for (int c = 1; c <= categories.size(); c++) {
      classes.add(new Side(categories.get(c - 1).name(), inTrain[c], inValid[c]));
    }
    return new SplitComparison(
        split.train().length,
        split.valid().length,
        classes,
        histogram(objects, split.train()),
        histogram(objects, split.valid()),
        split.labelDistributionError(photos),
        Split.random(photos.length, config.VALIDATION_FRACTION, seed)
            .labelDistributionError(photos));
  }

  private static Histogram histogram(float[] objects, int[] photos) {
    FloatList list = new FloatList();
    for (int photo : photos) {
      list.add(objects[photo]);
    }
    return Histogram.upTo(list.toArray(), Math.min((int) Histogram.largest(objects), MOST_OBJECTS));
  }
}
