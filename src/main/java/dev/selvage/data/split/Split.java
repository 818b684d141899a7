package dev.selvage.data.split;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.SeededSampling;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Photos to train on and photos held out.
 *
 * @param train image indices, ascending
 * @param valid image indices, ascending; none of them in train
 */
public record Split(int[] train, int[] valid) {
  /**
   * Splits a dataset by VALIDATION_FRACTION and FOLD, the same way for the same photos and seed.
   */
  public static Split of(Dataset dataset, Config config, long seed) {
    return stratified(classes(dataset), config.VALIDATION_FRACTION, config.FOLD, seed);
  }

  /** For each photo of a dataset the classes that it shows, each once; crowds do not count. */
  public static int[][] classes(Dataset dataset) {
    return IntStream.range(0, dataset.size())
        .mapToObj(imageIndex -> Arrays.stream(dataset.classIds(imageIndex)).distinct().toArray())
        .toArray(int[][]::new);
  }

  /**
   * Deals the photos into disjoint folds, each with its share of the photos of every class, and
   * holds one of them out.
   *
   * @param classes for each photo the classes that it shows, each once
   * @param fraction of the photos in each fold, in 0..1 (1 excluded); neither part is left empty
   *     where it is above 0 and there are two photos or more
   * @param fold which one, below {@link Config#folds}; photos beyond the last whole fold are never
   *     held out
   */
  public static Split stratified(int[][] classes, double fraction, int fold, long seed) {
    int size = classes.length;
    if (fraction == 0 || size == 0) {
      return new Split(IntStream.range(0, size).toArray(), new int[0]);
    }
    int folds = Config.folds(fraction);
    double[] shares = new double[folds + 1];
    Arrays.fill(shares, 0, folds, fraction);
    shares[folds] = Math.max(0, 1 - folds * fraction);
    int[] parts = StratifiedFolds.deal(classes, shares, new SplittableRandom(seed));
    int held = (int) Arrays.stream(parts).filter(part -> part == fold).count();
    if (size > 1 && held == 0) {
      parts[0] = fold; // so few photos that the folds cannot all have one
    } else if (size > 1 && held == size) {
      parts[0] = -1;
    }
    return new Split(where(parts, fold, false), where(parts, fold, true));
  }

  /**
   * Splits at random, as runs that have no FOLD among their settings did.
   *
   * @param fraction of the photos held out, in 0..1; neither part is left empty where fraction &gt;
   *     0 and size &gt; 1
   */
  public static Split random(int size, double fraction, long seed) {
    int[] order = SeededSampling.permutation(size, new SplittableRandom(seed));
    int held = (int) Math.round(size * fraction);
    if (fraction > 0 && size > 1) {
      held = Math.min(Math.max(held, 1), size - 1);
    }
    int[] valid = Arrays.copyOf(order, held);
    int[] train = Arrays.copyOfRange(order, held, size);
    Arrays.sort(valid);
    Arrays.sort(train);
    return new Split(train, valid);
  }

  /**
   * How far the classes are spread unlike the dataset: the mean over both parts and over the
   * classes that any photo shows of the difference between the share of the part's photos that show
   * the class and the share of all photos. (Sechidis et al. 2011, 4.2 compare odds; those of a
   * class that nearly every photo shows, as street photos do shoes, would drown all others.)
   *
   * @param classes as for {@link #stratified}
   * @return 0 at best, at most 1; 0 too where a part is empty
   */
  public double labelDistributionError(int[][] classes) {
    int most = Arrays.stream(classes).flatMapToInt(Arrays::stream).max().orElse(0);
    int[] inTrain = count(classes, train, most);
    int[] inValid = count(classes, valid, most);
    if (train.length == 0 || valid.length == 0) {
      return 0;
    }
    double sum = 0;
    int used = 0;
    for (int c = 0; c <= most; c++) {
      int all = inTrain[c] + inValid[c];
      if (all > 0) {
        double share = (double) all / classes.length;
        sum += Math.abs((double) inTrain[c] / train.length - share) / 2;
        sum += Math.abs((double) inValid[c] / valid.length - share) / 2;
        used++;
      }
    }
    return used == 0 ? 0 : sum / used;
  }

  /** For each class the photos of one part that show it. */
  public static int[] count(int[][] classes, int[] part, int mostClass) {
    int[] counts = new int[mostClass + 1];
    for (int photo : part) {
      for (int c : classes[photo]) {
        counts[c]++;
      }
    }
    return counts;
  }

  private static int[] where(int[] parts, int fold, boolean equal) {
    return IntStream.range(0, parts.length).filter(i -> (parts[i] == fold) == equal).toArray();
  }
}
