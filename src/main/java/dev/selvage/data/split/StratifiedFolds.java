package dev.selvage.data.split;

import dev.selvage.data.SeededSampling;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Distributes photos so that every part gets its share of every class, not only of the photos
 * (iterative stratification, Sechidis et al. 2011, algorithm 1): the class with the fewest photos
 * left is distributed first, and each of its photos goes to the part that lacks the most of that
 * class.
 */
final class StratifiedFolds {
  private final int[][] classes;
  private final int[] order;
  private final SplittableRandom random;
  private final int[] parts;

  /** Photos that each part still lacks, and the same for each class: [part], [part][class]. */
  private final double[] lack;

  private final double[][] lackOfClass;

  /** Photos of each class that are not dealt yet. */
  private final int[] left;

  private StratifiedFolds(int[][] classes, double[] shares, SplittableRandom random) {
    this.classes = classes;
    this.random = random;
    order = SeededSampling.permutation(classes.length, random);
    parts = new int[classes.length];
    Arrays.fill(parts, -1);
    int most = Arrays.stream(classes).flatMapToInt(Arrays::stream).max().orElse(0);
    left = new int[most + 1];
    Arrays.stream(classes).flatMapToInt(Arrays::stream).forEach(c -> left[c]++);
    lack = Arrays.stream(shares).map(share -> share * classes.length).toArray();
    lackOfClass =
        Arrays.stream(shares)
            .mapToObj(share -> Arrays.stream(left).mapToDouble(n -> share * n).toArray())
            .toArray(double[][]::new);
  }

  /**
   * Deals.
   *
   * @param classes for each photo the classes that it shows, each once
   * @param shares of the parts; they add up to 1
   * @param random decides between equals
   * @return for each photo its part
   */
  static int[] deal(int[][] classes, double[] shares, SplittableRandom random) {
    return new StratifiedFolds(classes, shares, random).deal();
  }

  private int[] deal() {
    for (int c = rarest(); c >= 0; c = rarest()) {
      for (int photo : order) {
        if (parts[photo] < 0 && shows(photo, c)) {
          give(photo, neediest(c));
        }
      }
    }
    for (int photo : order) {
      if (parts[photo] < 0) {
        give(photo, neediest(-1));
      }
    }
    return parts;
  }

  /** The class with the fewest photos left, the first of equals; -1 where none has any. */
  private int rarest() {
    int best = -1;
    for (int c = 0; c < left.length; c++) {
      if (left[c] > 0 && (best < 0 || left[c] < left[best])) {
        best = c;
      }
    }
    return best;
  }

  private boolean shows(int photo, int wanted) {
    return Arrays.stream(classes[photo]).anyMatch(c -> c == wanted);
  }

  /** The part that lacks the most of a class, then of photos, then any. */
  private int neediest(int c) {
    int best = 0;
    int equals = 1;
    for (int part = 1; part < lack.length; part++) {
      int order = c < 0 ? 0 : Double.compare(lackOfClass[part][c], lackOfClass[best][c]);
      order = order == 0 ? Double.compare(lack[part], lack[best]) : order;
      equals = order > 0 ? 1 : order == 0 ? equals + 1 : equals;
      if (order > 0 || order == 0 && random.nextInt(equals) == 0) {
        best = part;
      }
    }
    return best;
  }

  private void give(int photo, int part) {
    parts[photo] = part;
    lack[part]--;
    for (int c : classes[photo]) {
      lackOfClass[part][c]--;
      left[c]--;
    }
  }
}
