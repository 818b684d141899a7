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

  private final double[] anchors;
  private final double[] areas;
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
    int objects = truths.length / 4;
    double[] top = new double[n];
    int[] best = new int[n];
    boolean[] nearest = new boolean[n];
    double[] ious = new double[n];
    for (int g = 0; g < objects; g++) {
      double most = ious(truths, g, ious);
      for (int a = 0; a < n; a++) {
        if (ious[a] > top[a]) {
          top[a] = ious[a];
          best[a] = g;
        }
        // every anchor that ties for nearest counts; an object that no anchor touches has none
        if (ious[a] == most && most > 0) {
          nearest[a] = true;
        }
      }
    }
    byte[] match = new byte[n];
    for (int a = 0; a < n; a++) {
      match[a] = (byte) (nearest[a] || top[a] >= POSITIVE ? 1 : top[a] < NEGATIVE ? -1 : 0);
    }
    return new Matches(match, best);
  }

  /** IoU of every anchor with one object; returns the largest. */
  private double ious(double[] truths, int object, double[] out) {
    double y1 = truths[4 * object];
    double x1 = truths[4 * object + 1];
    double y2 = truths[4 * object + 2];
    double x2 = truths[4 * object + 3];
    double area = (y2 - y1) * (x2 - x1);
    double most = 0;
    for (int a = 0, p = 0; a < out.length; a++, p += 4) {
      double h = Math.min(anchors[p + 2], y2) - Math.max(anchors[p], y1);
      double w = Math.min(anchors[p + 3], x2) - Math.max(anchors[p + 1], x1);
      if (h <= 0 || w <= 0) {
        out[a] = 0;
        continue;
      }
      double common = h * w;
      out[a] = common / (areas[a] + area - common);
      most = Math.max(most, out[a]);
    }
    return most;
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
    return IntStream.range(0, match.length).filter(i -> match[i] == value).toArray();
  }
}
