package dev.selvage.data;

import dev.selvage.config.Config;
import dev.selvage.geometry.Anchors;
import dev.selvage.geometry.Boxes;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Decides which anchors carry loss (Faster R-CNN 3.1.2, Matterport's build_rpn_targets): positive
 * from IoU 0.7 on and for each object the anchor nearest to it, negative below 0.3, at most half of
 * them positive. Thread-safe.
 */
public final class RpnTargetBuilder {
  private static final double POSITIVE = 0.7;
  private static final double NEGATIVE = 0.3;
  private static final double CROWD = 0.001;

  /** Anchors that are passed over together where none of them can touch an object. */
  private static final int BLOCK = 96;

  private final double[] anchors;
  private final double[] areas;

  /** [blocks,4] flat, the box around the anchors of each block. */
  private final double[] blocks;

  private final int count;
  private final float[] deviations;

  /** For pictures of height x width pixels. */
  public RpnTargetBuilder(Config config, int height, int width) {
    this(
        Anchors.pyramid(
            config.RPN_ANCHOR_SCALES,
            config.RPN_ANCHOR_RATIOS,
            height,
            width,
            config.BACKBONE_STRIDES,
            config.RPN_ANCHOR_STRIDE),
        config.RPN_TRAIN_ANCHORS_PER_IMAGE,
        config.RPN_BBOX_STD_DEV);
  }

  RpnTargetBuilder(double[] anchors, int count, float[] deviations) {
    this.anchors = anchors;
    this.count = count;
    this.deviations = deviations;
    areas = new double[anchors.length / 4];
    Arrays.setAll(areas, i -> Boxes.area(anchors, i));
    blocks = new double[4 * ((areas.length + BLOCK - 1) / BLOCK)];
    for (int b = 0; b < blocks.length / 4; b++) {
      for (int k = 0; k < 4; k++) {
        double bound = anchors[4 * b * BLOCK + k];
        for (int a = b * BLOCK; a < Math.min((b + 1) * BLOCK, areas.length); a++) {
          double edge = anchors[4 * a + k];
          bound = k < 2 ? Math.min(bound, edge) : Math.max(bound, edge);
        }
        blocks[4 * b + k] = bound;
      }
    }
  }

  /**
   * Targets of one picture.
   *
   * @param boxes [G,4] flat in pixels
   * @param crowds [C,4] flat in pixels: no anchor that touches one is negative
   * @param random chooses among too many candidates
   */
  public RpnTargets build(float[] boxes, double[] crowds, SplittableRandom random) {
    double[] truths = Boxes.toDouble(boxes);
    Matches matches = match(truths);
    int[] positives = where(matches.match, 1);
    int[] negatives = where(matches.match, -1);
    if (crowds.length > 0) {
      negatives = IntStream.of(negatives).filter(a -> !touches(a, crowds)).toArray();
    }
    positives = Shuffle.choose(positives, count / 2, random);
    negatives = Shuffle.choose(negatives, count - positives.length, random);
    float[] deltas = new float[4 * positives.length];
    for (int i = 0; i < positives.length; i++) {
      double[] delta = Boxes.refinement(anchors, positives[i], truths, matches.best[positives[i]]);
      for (int k = 0; k < 4; k++) {
        deltas[4 * i + k] = (float) (delta[k] / deviations[k]);
      }
    }
    return new RpnTargets(positives, negatives, deltas);
  }

  /**
   * Before any choice.
   *
   * @param match for each anchor 1, 0 or -1
   * @param best for each anchor the object with the largest IoU, the first of equals
   */
  record Matches(byte[] match, int[] best) {}

  Matches match(double[] truths) {
    int n = areas.length;
    double[] top = new double[n];
    int[] best = new int[n];
    boolean[] nearest = new boolean[n];
    int[] near = new int[blocks.length / 4];
    int[] ties = new int[n];
    for (int g = 0; g < truths.length / 4; g++) {
      int tied = compare(truths, g, near, near(truths, g, near), top, best, ties);
      for (int i = 0; i < tied; i++) {
        nearest[ties[i]] = true;
      }
    }
    byte[] match = new byte[n];
    for (int a = 0; a < n; a++) {
      match[a] = (byte) (nearest[a] || top[a] >= POSITIVE ? 1 : top[a] < NEGATIVE ? -1 : 0);
    }
    return new Matches(match, best);
  }

  /** Lists the blocks that an object reaches into; returns how many. */
  private int near(double[] truths, int object, int[] out) {
    int count = 0;
    for (int b = 0; b < out.length; b++) {
      if (blocks[4 * b] < truths[4 * object + 2]
          && blocks[4 * b + 2] > truths[4 * object]
          && blocks[4 * b + 1] < truths[4 * object + 3]
          && blocks[4 * b + 3] > truths[4 * object + 1]) {
        out[count++] = b;
      }
    }
    return count;
  }

  /**
   * Holds the anchors of some blocks against one object, of which top and best keep the largest IoU
   * so far; lists those that tie for nearest to it and returns how many there are, none where no
   * anchor touches it.
   */
  private int compare(
      double[] truths, int object, int[] near, int count, double[] top, int[] best, int[] ties) {
    double y1 = truths[4 * object];
    double x1 = truths[4 * object + 1];
    double y2 = truths[4 * object + 2];
    double x2 = truths[4 * object + 3];
    double area = (y2 - y1) * (x2 - x1);
    double most = 0;
    int tied = 0;
    for (int i = 0; i < count; i++) {
      int end = Math.min((near[i] + 1) * BLOCK, top.length);
      for (int a = near[i] * BLOCK, p = 4 * a; a < end; a++, p += 4) {
        double h = Math.min(anchors[p + 2], y2) - Math.max(anchors[p], y1);
        double w = Math.min(anchors[p + 3], x2) - Math.max(anchors[p + 1], x1);
        if (h <= 0 || w <= 0) {
          continue;
        }
        double common = h * w;
        double iou = common / (areas[a] + area - common);
        if (iou > top[a]) {
          top[a] = iou;
          best[a] = object;
        }
        if (iou > most) {
          most = iou;
          tied = 0;
        }
        if (iou == most) {
          ties[tied++] = a;
        }
      }
    }
    return tied;
  }

  private boolean touches(int anchor, double[] crowds) {
    for (int c = 0; c < crowds.length / 4; c++) {
      if (Boxes.iou(anchors, anchor, crowds, c) >= CROWD) {
        return true;
      }
    }
    return false;
  }

  private static int[] where(byte[] match, int value) {
    int[] places = new int[match.length];
    int count = 0;
    for (int i = 0; i < match.length; i++) {
      places[count] = i; // without a branch that cannot be foreseen: the next one overwrites it
      count += match[i] == value ? 1 : 0;
    }
    return Arrays.copyOf(places, count);
  }
}
