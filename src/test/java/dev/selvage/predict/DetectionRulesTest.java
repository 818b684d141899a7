package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.predict.RawPhotos.Said;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DetectionRulesTest {
  /** Two shirts that overlap by 1/3, a coat around both, and a pocket on the coat. */
  private static final RawPhoto PHOTO =
      RawPhotos.of(
          new Said(1, 0.9, true, 10, 10, 20, 30),
          new Said(1, 0.7, true, 10, 20, 20, 40),
          new Said(2, 0.8, true, 8, 8, 24, 42),
          new Said(3, 0.6, true, 21, 12, 24, 18),
          new Said(3, 0.3, false, 10, 10, 20, 30));

  private static final DetectionRules ALL =
      new DetectionRules(
          new double[] {0.1, 0.1, 0.1}, true, 1, 1, 100, 0.5, 0, Overlaps.KEEP, 0, false);

  @Test
  void takesTheClassesAndScoresThatAreAllowed() {
    assertFound(ALL, "1:0.9:200", "2:0.8:544", "1:0.7:200", "3:0.6:18", "3:0.3:200");
    assertFound(
        new DetectionRules(ALL.scores(), false, 1, 1, 100, 0.5, 0, Overlaps.KEEP, 0, false),
        "1:0.9:200",
        "2:0.8:544",
        "1:0.7:200",
        "3:0.6:18");
    assertFound(
        ALL.withScores(new double[] {0.8, 0.81, 0.3}), "1:0.9:200", "3:0.6:18", "3:0.3:200");
  }

  /**
   * IoU between pixel centres: of the shirts 0.31, of the first with the last pocket 1, with the
   * coat 0.345.
   */
  @Test
  void suppressesWithinAClassAndAcross() {
    assertFound(
        new DetectionRules(ALL.scores(), true, 0.3, 1, 100, 0.5, 0, Overlaps.KEEP, 0, false),
        "1:0.9:200",
        "2:0.8:544",
        "3:0.6:18",
        "3:0.3:200");
    assertFound(
        new DetectionRules(ALL.scores(), true, 0.32, 0.9, 100, 0.5, 0, Overlaps.KEEP, 0, false),
        "1:0.9:200",
        "2:0.8:544",
        "1:0.7:200",
        "3:0.6:18");
    assertFound(
        new DetectionRules(ALL.scores(), true, 1, 0.34, 3, 0.5, 0, Overlaps.KEEP, 0, false),
        "1:0.9:200",
        "1:0.7:200",
        "3:0.6:18");
  }

  @Test
  void decidesOverlapsAndDropsWhatIsLeftTooSmall() {
    DetectionRules best =
        new DetectionRules(ALL.scores(), false, 1, 1, 9, 0.5, 0, Overlaps.SCORE, 0, false);
    // the coat has its 544 pixels without the first shirt's 200; nothing is left for the others
    assertFound(best, "1:0.9:200", "2:0.8:344");
    // the pocket and the shirts first, then what they leave of the coat
    assertFound(
        new DetectionRules(ALL.scores(), false, 1, 1, 9, 0.5, 0, Overlaps.SMALL, 0, false),
        "1:0.9:200",
        "2:0.8:226",
        "1:0.7:100",
        "3:0.6:18");
    // 100 pixels here are 6,400 where the photo's side has 512
    assertFound(
        new DetectionRules(ALL.scores(), false, 1, 1, 9, 0.5, 6400, Overlaps.SMALL, 0, false),
        "1:0.9:200",
        "2:0.8:226",
        "1:0.7:100");
    assertFound(
        new DetectionRules(ALL.scores(), false, 1, 1, 9, 0.5, 6401, Overlaps.SMALL, 0, false),
        "1:0.9:200",
        "2:0.8:226");
  }

  @Test
  void keepsBoxesAndScalesWithThePhoto() {
    List<Detection> found = ALL.apply(PHOTO.withLongerSide(128), Optional.empty());
    assertEquals(128, found.get(0).mask().width());
    Box box = found.get(0).box();
    assertEquals(10 * 127 / 63.0, box.x(), 1e-4);
    assertEquals(29 * 127 / 63.0 + 1, box.x() + box.width(), 1e-4);
  }

  private static void assertFound(DetectionRules rules, String... expected) {
    assertEquals(
        List.of(expected),
        rules.apply(PHOTO, Optional.empty()).stream()
            .map(d -> d.classId() + ":" + (float) d.score() + ":" + d.mask().area())
            .toList());
  }
}
