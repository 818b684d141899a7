package dev.selvage.data.loader;

import dev.selvage.config.Config;
import dev.selvage.data.SeededSampling;
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

  /** Anchors in one block. A block is skipped where none of its anchors can match an object. */
  private static final int BLOCK = 96;

  /** An upper bound of the rounding error of an IoU. */
  private static final double ROUNDING = 1e-9;

  private final double[] anchors;
  private final double[] areas;

  /** [blocks,4] flat, the box around the anchors of each block. */
  private final double[] blocks;

  /** For each block the areas of its smallest and its largest anchor. */
  private final double[] smallest;

  private final double[] largest;

  private final int count;
  private final float[] deviations;

  /** For images of height x width pixels. */
  public RpnTargetBuilder(Config config, int height, int width) {
    this(
        Anchors.pyramid(
            config.RPN_ANCHOR_SCALES.toArray(),
            config.RPN_ANCHOR_RATIOS.toArray(),
            height,
            width,
            config.BACKBONE_STRIDES.toArray(),
            config.RPN_ANCHOR_STRIDE),
        config.RPN_TRAIN_ANCHORS_PER_IMAGE,
        config.RPN_BBOX_STD_DEV.toArray());
  }

  RpnTargetBuilder(double[] anchors, int count, float[] deviations) {
    this.anchors = anchors;
    this.count = count;
    this.deviations = deviations;
    areas = new double[anchors.length / 4];
    Arrays.setAll(areas, i -> Boxes.area(anchors, i));
    blocks = new double[4 * ((areas.length + BLOCK - 1) / BLOCK)];
    smallest = new double[blocks.length / 4];
    largest = new double[blocks.length / 4];
    for (int b = 0; b < smallest.length; b++) {
      int begin = b * BLOCK;
      int end = Math.min(begin + BLOCK, areas.length);
      smallest[b] = Arrays.stream(areas, begin, end).min().orElseThrow();
      largest[b] = Arrays.stream(areas, begin, end).max().orElseThrow();
      for (int k = 0; k < 4; k++) {
        double bound = anchors[4 * begin + k];
        for (int a = begin; a < end; a++) {
          double edge = anchors[4 * a + k];
          bound = k < 2 ? Math.min(bound, edge) : Math.max(bound, edge);
        }
        blocks[4 * b + k] = bound;
      }
    }
  }

  /**
   * Targets of one image.
   *
   * @param boxes [G,4] flat in pixels
   * @param crowds [C,4] flat in pixels: no anchor that touches one is negative
   * @param random chooses among too many candidates
   */
  public RpnTargets build(float[] boxes, double[] crowds, SplittableRandom random) {
    double[] truths = Boxes.toDouble(boxes);
    byte[] match = match(truths);
    if (crowds.length > 0) {
      for (int a = 0; a < match.length; a++) {
        if (match[a] < 0 && touches(a, crowds)) {
          match[a] = 0;
        }
      }
    }
    int[] others = notNegative(match);
    int[] positives = IntStream.of(others).filter(a -> match[a] > 0).toArray();
    positives = SeededSampling.choose(positives, count / 2, random);
    int[] negatives =
        SeededSampling.choose(match.length - others.length, count - positives.length, random);
    passOver(others, negatives);
    float[] deltas = new float[4 * positives.length];
    for (int i = 0; i < positives.length; i++) {
      double[] delta = Boxes.refinement(anchors, positives[i], truths, best(positives[i], truths));
      for (int k = 0; k < 4; k++) {
        deltas[4 * i + k] = (float) (delta[k] / deviations[k]);
      }
    }
    return new RpnTargets(positives, negatives, deltas);
  }

  /** Before any choice: for each anchor 1, 0 or -1. */
  byte[] match(double[] truths) {
    byte[] match = new byte[areas.length];
    Arrays.fill(match, (byte) -1);
    double[] bounds = new double[smallest.length];
    for (int g = 0; g < truths.length / 4; g++) {
      match(truths, g, bounds, match);
    }
    return match;
  }

  /**
   * Raises what anchors are for one object. Only blocks in which some anchor may reach {@link
   * #NEGATIVE} or be nearest to it are looked at: of the usual five levels one or two.
   *
   * @param bounds scratch, one per block
   */
  private void match(double[] truths, int object, double[] bounds, byte[] match) {
    Nearest nearest = new Nearest();
    for (int b = 0; b < bounds.length; b++) {
      bounds[b] = bound(truths, object, b);
      if (bounds[b] >= NEGATIVE) {
        compare(truths, object, b, nearest, match);
      }
    }
    for (int b = 0; b < bounds.length; b++) {
      if (bounds[b] > 0 && bounds[b] < NEGATIVE && bounds[b] >= nearest.iou) {
        compare(truths, object, b, nearest, match);
      }
    }
    for (int i = 0; i < nearest.count; i++) {
      match[nearest.anchors[i]] = 1;
    }
  }

  /** The anchors that tie for nearest to an object; none where no anchor touches it. */
  private static final class Nearest {
    private double iou;
    private int[] anchors = new int[16];
    private int count;

    void add(int anchor) {
      if (count == anchors.length) {
        anchors = Arrays.copyOf(anchors, 2 * count);
      }
      anchors[count++] = anchor;
    }
  }

  /** An IoU that no anchor of a block can have with an object; 0 where none touches it. */
  private double bound(double[] truths, int object, int block) {
    int p = 4 * block;
    int q = 4 * object;
    double h = Math.min(blocks[p + 2], truths[q + 2]) - Math.max(blocks[p], truths[q]);
    double w = Math.min(blocks[p + 3], truths[q + 3]) - Math.max(blocks[p + 1], truths[q + 1]);
    if (h <= 0 || w <= 0) {
      return 0;
    }
    double area = Boxes.area(truths, object);
    double common = Math.min(h * w, largest[block]);
    return common / (Math.max(smallest[block], common) + area - common) + ROUNDING;
  }

  private void compare(double[] truths, int object, int block, Nearest nearest, byte[] match) {
    double y1 = truths[4 * object];
    double x1 = truths[4 * object + 1];
    double y2 = truths[4 * object + 2];
    double x2 = truths[4 * object + 3];
    double area = (y2 - y1) * (x2 - x1);
    int end = Math.min((block + 1) * BLOCK, areas.length);
    for (int a = block * BLOCK, p = 4 * a; a < end; a++, p += 4) {
      double h = Math.min(anchors[p + 2], y2) - Math.max(anchors[p], y1);
      double w = Math.min(anchors[p + 3], x2) - Math.max(anchors[p + 1], x1);
      if (h <= 0 || w <= 0) {
        continue;
      }
      double common = h * w;
      double iou = common / (areas[a] + area - common);
      if (iou >= NEGATIVE) {
        match[a] = (byte) Math.max(match[a], iou >= POSITIVE ? 1 : 0);
      }
      if (iou > nearest.iou) {
        nearest.iou = iou;
        nearest.count = 0;
      }
      if (iou == nearest.iou) {
        nearest.add(a);
      }
    }
  }

  /** The object with the largest IoU, the first of equals. */
  int best(int anchor, double[] truths) {
    int best = 0;
    double most = 0;
    for (int g = 0; g < truths.length / 4; g++) {
      double iou = Boxes.iou(anchors, anchor, truths, g);
      if (iou > most) {
        most = iou;
        best = g;
      }
    }
    return best;
  }

  private boolean touches(int anchor, double[] crowds) {
    for (int c = 0; c < crowds.length / 4; c++) {
      if (Boxes.iou(anchors, anchor, crowds, c) >= CROWD) {
        return true;
      }
    }
    return false;
  }

  private static int[] notNegative(byte[] match) {
    int[] places = new int[64];
    int count = 0;
    for (int a = 0; a < match.length; a++) {
      if (match[a] >= 0) {
        if (count == places.length) {
          places = Arrays.copyOf(places, 2 * count);
        }
        places[count++] = a;
      }
    }
    return Arrays.copyOf(places, count);
  }

  /**
   * From places among the anchors that are left to places among all.
   *
   * @param others the anchors left out, ascending
   * @param chosen ascending, changed in place
   */
  private static void passOver(int[] others, int[] chosen) {
    int passed = 0;
    for (int i = 0; i < chosen.length; i++) {
      while (passed < others.length && others[passed] <= chosen[i] + passed) {
        passed++;
      }
      chosen[i] += passed;
    }
  }
}
