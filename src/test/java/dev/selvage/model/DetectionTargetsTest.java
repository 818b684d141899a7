package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DetectionTargetsTest {
  /** An object that fills (0,0,0.5,0.5) of a 101x101 image. */
  private static final GroundTruth HALF =
      new GroundTruth(new int[] {3}, new float[] {0, 0, 51, 51}, new byte[4], 2, 2);

  private static final GroundTruth NOTHING =
      new GroundTruth(new int[0], new float[0], new byte[0], 2, 2);

  /** The targets of one image, on the heap. */
  private record Targets(
      float[] boxes,
      float[] classIds,
      float[] deltas,
      int positives,
      float[] positiveBoxes,
      float[] maskIndices,
      float[] maskBoxes) {}

  private static Targets of(float[] proposals, GroundTruth truth, Config config, int[] draws) {
    return Scope.call(
        () -> {
          DetectionTargets targets =
              DetectionTargets.of(
                  Tensor.of(proposals, 1, proposals.length / 4, 4),
                  new GroundTruth[] {truth},
                  101,
                  101,
                  config,
                  draws);
          DetectionTargets.Positives positives = targets.positives().counted();
          return new Targets(
              targets.boxes().download(),
              targets.classIds().download(),
              targets.deltas().download(),
              positives.size(),
              positives.boxes().download(),
              positives.maskIndices().download(),
              positives.maskBoxes().download());
        });
  }

  private static Targets of(float[] proposals, GroundTruth truth, int perImage, long seed) {
    Config config = Config.defaults().with("TRAIN_ROIS_PER_IMAGE", perImage);
    return of(proposals, truth, config, RoiDraws.random(seed, perImage));
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
    Targets targets = of(proposals(300, 300, 100), HALF, 200, 1);
    assertEquals(66, targets.positives());
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
    Targets targets = of(proposals(2, 300, 0), HALF, 200, 1);
    assertEquals(2, targets.positives());
    assertEquals(0.9f, targets.boxes()[4 * 5 + 3], "2 / 0.33 - 2 = 4 of the background");
    assertArrayEquals(new float[4 * 194], Arrays.copyOfRange(targets.boxes(), 24, 800));
  }

  @Test
  void withoutObjectsOrProposalsAllIsPadding() {
    for (Targets t :
        new Targets[] {
          of(proposals(5, 5, 0), NOTHING, 20, 1), of(proposals(0, 0, 9), HALF, 20, 1)
        }) {
      assertEquals(0, t.positives());
      assertArrayEquals(new float[80], t.boxes());
      assertArrayEquals(new float[20], t.classIds());
    }
  }

  @Test
  void deltasAndMaskFramesFollowTheirDefinitions() {
    Targets t = of(new float[] {0.1f, 0.05f, 0.5f, 0.55f}, HALF, 4, 1);
    assertArrayEquals(new float[] {3, 0, 0, 0}, t.classIds());
    // Centres 0.25 against 0.3, heights 0.5 against 0.4, widths equal.
    float[] deltas = {
      -0.05f / 0.4f / 0.1f, -0.05f / 0.5f / 0.1f, (float) (Math.log(1.25) / 0.2), 0
    };
    assertArrayEquals(deltas, Arrays.copyOf(t.deltas(), 4), 1e-5f);
    assertArrayEquals(Arrays.copyOf(t.boxes(), 4), t.positiveBoxes());
    assertArrayEquals(new float[] {0.2f, 0.1f, 1f, 1.1f}, t.maskBoxes(), 1e-6f);
    assertArrayEquals(new float[] {0}, t.maskIndices());
  }

  @Test
  void wholeMasksLieInTheFrameOfTheImage() {
    Config config = Config.defaults().with("TRAIN_ROIS_PER_IMAGE", 4).with("USE_MINI_MASK", false);
    Targets t = of(new float[] {0.1f, 0.05f, 0.5f, 0.55f}, HALF, config, RoiDraws.NONE);
    assertArrayEquals(new float[] {0.1f, 0.05f, 0.5f, 0.55f}, t.maskBoxes());
  }

  @Test
  void exactlyHalfAnOverlapIsPositive() {
    assertEquals(1, of(new float[] {0, 0, 0.5f, 0.25f}, HALF, 4, 1).positives());
    assertEquals(0, of(new float[] {0, 0, 0.5f, 0.249f}, HALF, 4, 1).positives());
  }

  @Test
  void theSeedSettlesTheChoice() {
    float[] proposals = proposals(300, 300, 0);
    assertArrayEquals(of(proposals, HALF, 200, 4).boxes(), of(proposals, HALF, 200, 4).boxes());
    assertFalse(
        Arrays.equals(of(proposals, HALF, 200, 4).boxes(), of(proposals, HALF, 200, 5).boxes()));
  }

  /** Swap by swap, the positives before the negatives. */
  @Test
  void theChoiceIsThatOfAShuffle() {
    float[] proposals = proposals(80, 90, 30);
    float[] found = of(proposals, HALF, 50, 7).boxes();
    Random random = new Random(7);
    int[] near = shuffled(random, 0, 80, 16);
    int[] far = shuffled(random, 80, 90, 32);
    for (int i = 0; i < 50; i++) {
      float[] expected = new float[4];
      if (i < 48) {
        int chosen = i < 16 ? near[i] : far[i - 16];
        System.arraycopy(proposals, 4 * chosen, expected, 0, 4);
      }
      assertArrayEquals(expected, Arrays.copyOfRange(found, 4 * i, 4 * i + 4), "region " + i);
    }
  }

  private static int[] shuffled(Random random, int first, int count, int chosen) {
    int[] all = IntStream.range(first, first + count).toArray();
    for (int i = 0; i < chosen; i++) {
      int j = i + random.nextInt(count - i);
      int swapped = all[i];
      all[i] = all[j];
      all[j] = swapped;
    }
    return all;
  }
}
