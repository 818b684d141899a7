package dev.selvage.inspect;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run by these settings would split the dataset.
 *
 * @param train photos to train on
 * @param valid photos held out
 * @param classes for each class in class order the photos that show it
 * @param error see {@link Split#labelDistributionError}
 * @param randomError that of a split at random
 */
public record Sides(int train, int valid, List<Side> classes, double error, double randomError) {
  /** Photos of both parts that show a class. */
  public record Side(String name, int train, int valid) {}

  /**
   * Splits.
   *
   * @param photos for each photo, in file-name order, the classes that it shows
   */
  static Sides of(int[][] photos, List<Category> categories, Config config, long seed) {
    Split split = Split.stratified(photos, config.VALIDATION_FRACTION, config.FOLD, seed);
    int[] inTrain = Split.count(photos, split.train(), categories.size());
    int[] inValid = Split.count(photos, split.valid(), categories.size());
    List<Side> classes = new ArrayList<>();
    for (int c = 1; c <= categories.size(); c++) {
      classes.add(new Side(categories.get(c - 1).name(), inTrain[c], inValid[c]));
    }
    return new Sides(
        split.train().length,
        split.valid().length,
        classes,
        split.labelDistributionError(photos),
        Split.random(photos.length, config.VALIDATION_FRACTION, seed)
            .labelDistributionError(photos));
  }
}
