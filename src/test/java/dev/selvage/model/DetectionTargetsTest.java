package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.loader.GroundTruth;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DetectionTargetsTest {
  /** An object that fills (0,0,0.5,0.5) of a 101x101 image. */
  private static final GroundTruth HALF =
      new GroundTruth(new int[] {3}, new float[] {0, 0, 51, 51}, new byte[4], 2, 2);

  private static final GroundTruth NOTHING =
      new GroundTruth(new int[0], new float[0], new byte[0], 2, 2);

  private static DetectionTargets of(
      float[] proposals, GroundTruth truth, int perImage, long seed) {
    Config config = Config.defaults().with("TRAIN_ROIS_PER_IMAGE", perImage);
    return DetectionTargets.of(
        proposals, new GroundTruth[] {truth}, 101, 101, config, RoiSampler.random(seed));
  }

  /** Near the object, far from it, then padding. */
  private static float[] proposals(int near, int far, int padding) {
    float[] boxes = new float[4 * (near + far + padding)];
    for (int i = 0; i < near + far; i++) {
      float shift = i * 1e-4f;
      float[] box =
          i < near
              ? new float[] {shift, 0, 0.5f, 0.5f}
              : new float[] {0.6f, 0.6f, 0.7f + shift, 0.9f};
      System.arraycopy(box, 0, boxes, 4 * i, 4);
    }
    return boxes;
  }

  @Test
  void aThirdIsPositiveAndTheRestBackground() {
    DetectionTargets targets = of(proposals(300, 300, 100), HALF, 200, 1);
    assertEquals(66, targets.positives().length);
    for (int i = 0; i < 200; i++) {
      assertEquals(i < 66 ? 3 : 0, targets.classIds()[i]);
      assertEquals(i < 66 ? 0.5f : 0.9f, targets.boxes()[4 * i + 3]);
    }
    float[] starts = new float[66];
    for (int i = 0; i < 66; i++) {
      starts[i] = targets.boxes()[4 * i];
    }
    Arrays.sort(starts);
    for (int i = 1; i < 66; i++) {
      assertTrue(starts[i] > starts[i - 1], "no region is taken twice");
    }
  }

  @Test
  void fewPositivesLimitTheBackgroundAndTheRestIsPadding() {
    DetectionTargets targets = of(proposals(2, 300, 0), HALF, 200, 1);
    assertEquals(2, targets.positives().length);
    assertEquals(0.9f, targets.boxes()[4 * 5 + 3], "2 / 0.33 - 2 = 4 of the background");
    assertArrayEquals(new float[4 * 194], Arrays.copyOfRange(targets.boxes(), 24, 800));
  }

  @Test
  void withoutObjectsOrProposalsAllIsPadding() {
    for (DetectionTargets t :
        new DetectionTargets[] {
          of(proposals(5, 5, 0), NOTHING, 20, 1), of(proposals(0, 0, 9), HALF, 20, 1)
        }) {
      assertEquals(0, t.positives().length);
      assertArrayEquals(new float[80], t.boxes());
      assertArrayEquals(new int[20], t.classIds());
    }
  }

  @Test
  void deltasAndMaskFramesFollowTheirDefinitions() {
    DetectionTargets t = of(new float[] {0.1f, 0.05f, 0.5f, 0.55f}, HALF, 4, 1);
    assertArrayEquals(new int[] {3, 0, 0, 0}, t.classIds());
    // Centres 0.25 against 0.3, heights 0.5 against 0.4, widths equal.
    float[] deltas = {
      -0.05f / 0.4f / 0.1f, -0.05f / 0.5f / 0.1f, (float) (Math.log(1.25) / 0.2), 0
    };
    assertArrayEquals(deltas, t.deltas(), 1e-5f);
    assertArrayEquals(new float[] {0.2f, 0.1f, 1f, 1.1f}, t.maskBoxes(), 1e-6f);
    assertArrayEquals(new int[] {0}, t.maskIndices());
  }

  @Test
  void wholeMasksLieInTheFrameOfTheImage() {
    Config config = Config.defaults().with("TRAIN_ROIS_PER_IMAGE", 4).with("USE_MINI_MASK", false);
    DetectionTargets t =
        DetectionTargets.of(
            new float[] {0.1f, 0.05f, 0.5f, 0.55f},
            new GroundTruth[] {HALF},
            101,
            101,
            config,
            RoiSampler.random(1));
    assertArrayEquals(new float[] {0.1f, 0.05f, 0.5f, 0.55f}, t.maskBoxes());
  }

  @Test
  void exactlyHalfAnOverlapIsPositive() {
    assertEquals(1, of(new float[] {0, 0, 0.5f, 0.25f}, HALF, 4, 1).positives().length);
    assertEquals(0, of(new float[] {0, 0, 0.5f, 0.249f}, HALF, 4, 1).positives().length);
  }

  @Test
  void theSeedSettlesTheChoice() {
    float[] proposals = proposals(300, 300, 0);
    assertArrayEquals(of(proposals, HALF, 200, 4).boxes(), of(proposals, HALF, 200, 4).boxes());
    assertFalse(
        Arrays.equals(of(proposals, HALF, 200, 4).boxes(), of(proposals, HALF, 200, 5).boxes()));
  }
}
