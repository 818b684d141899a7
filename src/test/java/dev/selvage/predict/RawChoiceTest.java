package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.model.Candidates;
import dev.selvage.predict.RawPhotos.Said;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RawChoiceTest {
  private static final Config CONFIG =
      ConfigReader.read(null, null, List.of("NUM_CLASSES=3", "DETECTION_MAX_INSTANCES=5"));

  private final RawChoice choice = new RawChoice(CONFIG);

  /** Few are kept, and at every threshold of the grid they have the survivors of all. */
  @Test
  void keepsTheSurvivorsAtEveryThreshold() {
    SplittableRandom random = new SplittableRandom(1);
    int dropped = 0;
    for (int scene = 0; scene < 50; scene++) {
      Said[] said = new Said[60];
      for (int i = 0; i < said.length; i++) {
        int top = random.nextInt(12);
        int left = random.nextInt(12);
        int height = 30 + random.nextInt(12);
        int classId = random.nextInt(1, 3);
        double score = random.nextDouble(0.02, 1);
        boolean best = random.nextInt(3) > 0;
        said[i] = new Said(classId, score, best, top, left, top + height, left + 36);
      }
      Candidates all = RawPhotos.of(said).candidates();
      int[] kept = choice.places(all);
      dropped += all.size() - kept.length;
      for (double nms : RawChoice.NMS) {
        for (boolean allClasses : new boolean[] {false, true}) {
          DetectionRules rules =
              new DetectionRules(
                  new double[] {0.02, 0.02},
                  allClasses,
                  nms,
                  1,
                  1000,
                  0.5,
                  0,
                  Overlaps.KEEP,
                  0,
                  false);
          int[] expected = rules.choose(all);
          int[] found =
              Arrays.stream(rules.choose(all.only(kept))).map(place -> kept[place]).toArray();
          assertArrayEquals(expected, found, "scene " + scene + ", NMS " + nms);
        }
      }
    }
    assertTrue(dropped > 500, "dropped " + dropped);
  }

  /**
   * Boxes that do not overlap all survive; the best are kept, and those that the settings choose.
   */
  @Test
  void boundsThePhoto() {
    int count = RawChoice.MOST + 100;
    float[] boxes = new float[4 * count];
    float[] scores = new float[count];
    boolean[] best = new boolean[count];
    for (int i = 0; i < count; i++) {
      boxes[4 * i] = i;
      boxes[4 * i + 2] = i + 0.5f;
      boxes[4 * i + 3] = 1;
      scores[i] = 1 - i * 0.003f;
      best[i] = i >= count - 8; // the last eight, of which the settings take five
    }
    int[] classIds = new int[count];
    Arrays.fill(classIds, 1);
    Candidates all = new Candidates(boxes, classIds, scores, best, new float[0], 28);
    int[] kept = choice.places(all);
    assertEquals(RawChoice.MOST + 5, kept.length);
    assertArrayEquals(
        IntStream.range(0, RawChoice.MOST).toArray(), Arrays.copyOf(kept, RawChoice.MOST));
    assertEquals(count - 8, kept[RawChoice.MOST]);
  }
}
