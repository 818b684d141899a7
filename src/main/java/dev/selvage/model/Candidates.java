package dev.selvage.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What the box head says about one image before any choice: for each region every class whose score
 * is high enough, by descending score; between equal scores the earlier region goes first.
 *
 * @param boxes [C,4] flat, normalized, refined for the class and clipped to the photo
 * @param classIds [C] in 1..K-1
 * @param scores [C] in (0,1]
 * @param best [C] whether the class is the likeliest of its region, background included
 * @param masks [C,side,side] flat, probabilities of the box's cells; empty before the mask head has
 *     run
 * @param side of a mask
 */
public record Candidates(
    float[] boxes, int[] classIds, float[] scores, boolean[] best, float[] masks, int side) {
  public int size() {
    return classIds.length;
  }

  /** The scores of all regions and classes as candidates without masks. */
  static Candidates of(float[] probabilities, int classes, BoxOf boxOf, float minScore, int side) {
    int regions = probabilities.length / classes;
    boolean[] likeliest = new boolean[probabilities.length];
    for (int r = 0; r < regions; r++) {
      int most = 0;
      for (int c = 1; c < classes; c++) {
        most = probabilities[r * classes + c] > probabilities[r * classes + most] ? c : most;
      }
      likeliest[r * classes + most] = true;
    }
    int[] order =
        IntStream.range(0, probabilities.length)
            .filter(i -> i % classes > 0 && probabilities[i] >= minScore)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -probabilities[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    Candidates all =
        new Candidates(
            new float[4 * order.length],
            new int[order.length],
            new float[order.length],
            new boolean[order.length],
            new float[0],
            side);
    for (int i = 0; i < order.length; i++) {
      all.classIds[i] = order[i] % classes;
      all.scores[i] = probabilities[order[i]];
      all.best[i] = likeliest[order[i]];
      System.arraycopy(boxOf.box(order[i]), 0, all.boxes, 4 * i, 4);
    }
    return all;
  }

  /** The refined box of a region and class. */
  @FunctionalInterface
  interface BoxOf {
    /**
     * A normalized box.
     *
     * @param place of the region and class: region times classes plus class
     */
    float[] box(int place);
  }

  /** Some of these candidates, in the order that is given; those without masks stay without. */
  public Candidates only(int[] places) {
    float[] someBoxes = new float[4 * places.length];
    boolean[] someBest = new boolean[places.length];
    float[] someScores = new float[places.length];
    int cells = masks.length == 0 ? 0 : side * side;
    float[] someMasks = new float[cells * places.length];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(boxes, 4 * places[i], someBoxes, 4 * i, 4);
      System.arraycopy(masks, cells * places[i], someMasks, cells * i, cells);
      someBest[i] = best[places[i]];
      someScores[i] = scores[places[i]];
    }
    int[] someClasses = Arrays.stream(places).map(place -> classIds[place]).toArray();
    return new Candidates(someBoxes, someClasses, someScores, someBest, someMasks, side);
  }

  /** The same candidates with other scores. */
  public Candidates withScores(float[] others) {
    return new Candidates(boxes, classIds, others, best, masks, side);
  }

  /** The same candidates with other masks. */
  public Candidates withMasks(float[] others) {
    return new Candidates(boxes, classIds, scores, best, others, side);
  }
}
