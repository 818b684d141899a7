package dev.selvage.data.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.geometry.Anchors;
import dev.selvage.geometry.Boxes;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RpnTargetBuilderTest {
  /** Anchors that are passed over together are told as they would be one by one. */
  @Test
  void matchesAsAnchorByAnchor() {
    Config config = Config.defaults().with("RPN_ANCHOR_SCALES", List.of(8, 16, 32, 64, 128));
    double[] anchors =
        Anchors.pyramid(
            config.RPN_ANCHOR_SCALES.toArray(),
            config.RPN_ANCHOR_RATIOS.toArray(),
            128,
            192,
            config.BACKBONE_STRIDES.toArray(),
            config.RPN_ANCHOR_STRIDE);
    RpnTargetBuilder builder = new RpnTargetBuilder(config, 128, 192);
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 30; round++) {
      double[] truths = new double[4 * random.nextInt(7)];
      for (int i = 0; i < truths.length; i += 4) {
        truths[i] = random.nextInt(127);
        truths[i + 1] = random.nextInt(191);
        truths[i + 2] = truths[i] + 1 + random.nextInt(128 - (int) truths[i]);
        truths[i + 3] = truths[i + 1] + 1 + random.nextInt(192 - (int) truths[i + 1]);
      }
      byte[] found = builder.match(truths);
      double[] most = new double[truths.length / 4];
      for (int g = 0; g < most.length; g++) {
        for (int a = 0; a < anchors.length / 4; a++) {
          most[g] = Math.max(most[g], Boxes.iou(anchors, a, truths, g));
        }
      }
      for (int a = 0; a < anchors.length / 4; a++) {
        double top = 0;
        int best = 0;
        boolean nearest = false;
        for (int g = 0; g < most.length; g++) {
          double iou = Boxes.iou(anchors, a, truths, g);
          nearest |= iou > 0 && iou == most[g];
          if (iou > top) {
            top = iou;
            best = g;
          }
        }
        assertEquals(nearest || top >= 0.7 ? 1 : top < 0.3 ? -1 : 0, found[a]);
        assertEquals(best, builder.best(a, truths));
      }
    }
  }

  /** Negatives are drawn from what is none of the others without listing them. */
  @Test
  void choosesAmongTheNegatives() {
    Config config = Config.defaults();
    RpnTargetBuilder builder = new RpnTargetBuilder(config, 128, 128);
    float[] box = {20, 30, 90, 110};
    double[] crowd = {0, 0, 60, 128};
    byte[] match = builder.match(Boxes.toDouble(box));
    double[] anchors =
        Anchors.pyramid(
            config.RPN_ANCHOR_SCALES.toArray(),
            config.RPN_ANCHOR_RATIOS.toArray(),
            128,
            128,
            config.BACKBONE_STRIDES.toArray(),
            config.RPN_ANCHOR_STRIDE);
    boolean[] drawn = new boolean[match.length];
    for (int seed = 0; seed < 400; seed++) {
      RpnTargets targets = builder.build(box, crowd, new SplittableRandom(seed));
      for (int positive : targets.positives()) {
        assertEquals(1, match[positive]);
      }
      int before = -1;
      for (int negative : targets.negatives()) {
        assertTrue(negative > before, "not ascending");
        before = negative;
        assertEquals(-1, match[negative]);
        assertTrue(Boxes.iou(anchors, negative, crowd, 0) < 0.001, "touches a crowd");
        drawn[negative] = true;
      }
      assertEquals(
          config.RPN_TRAIN_ANCHORS_PER_IMAGE,
          targets.positives().length + targets.negatives().length);
    }
    for (int a = 0; a < match.length; a++) {
      boolean negative = match[a] < 0 && Boxes.iou(anchors, a, crowd, 0) < 0.001;
      assertEquals(negative, drawn[a], "anchor " + a);
    }
  }
}
