package dev.selvage.eval.tide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.IouType;
import dev.selvage.eval.RandomScenes;
import dev.selvage.eval.tide.PhotoErrors.Mistake;
import dev.selvage.mask.Rle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Overlaps are given, so that each case can be worked out by hand. */
class TideTest {
  private static final Rle NOTHING = Rle.empty(1, 1);

  @Test
  void eachMistakeHasOneType() {
    List<Instance> truths = List.of(truth(1), truth(2), truth(3), truth(4));
    List<Detection> found =
        List.of(
            found(1, .9), // finds the first
            found(1, .8), // again
            found(1, .7), // on the second, which is of class 2
            found(3, .6), // near the third
            found(1, .5), // nowhere
            found(4, .4)); // near the second, of another class
    double[][] overlaps = {
      {.9, 0, 0, 0}, {.8, 0, 0, 0}, {0, .7, 0, 0}, {0, 0, .3, 0}, {.05, .1, 0, 0}, {0, .3, 0, .05}
    };
    PhotoErrors errors = PhotoErrors.of(truths, found, overlaps);
    assertEquals(
        List.of(
            new Mistake(ErrorType.DUPLICATE, 1, 0, false),
            new Mistake(ErrorType.CLASS, 2, 1, true),
            new Mistake(ErrorType.LOCATION, 3, 2, true),
            new Mistake(ErrorType.BACKGROUND, 4, -1, false),
            new Mistake(ErrorType.BOTH, 5, 1, false),
            new Mistake(ErrorType.MISSED, -1, 3, false)),
        errors.mistakes());
    assertArrayEquals(new int[] {0, -1, -1, -1}, errors.foundBy());
  }

  /** Class 1 is right; class 2 gets its object from the mended class of the second detection. */
  @Test
  void mendingAClassFindsTheObject() {
    Tide tide = new Tide();
    List<Instance> truths = List.of(truth(1), truth(2));
    List<Detection> found = List.of(found(1, .9), found(1, .8));
    tide.add(0, truths, found, PhotoErrors.of(truths, found, new double[][] {{.9, 0}, {0, .9}}));
    TideErrors errors = tide.errors();
    assertEquals(50, errors.ap50(), 1e-12);
    assertEquals(50, errors.main().get(ErrorType.CLASS), 1e-12);
    assertEquals(0, errors.main().get(ErrorType.MISSED), 1e-12);
    // without its missed object class 2 has nothing, and takes no part
    assertEquals(50, errors.falseNegatives(), 1e-12);
    assertEquals(0, errors.falsePositives(), 1e-12);
    assertEquals(100, tide.perClass().get(1).ap50(), 1e-12);
    assertEquals(100, tide.perClass().get(2).main().get(ErrorType.CLASS), 1e-12);
    assertEquals(1, tide.count(ErrorType.CLASS));
  }

  /** A wrong detection above a right one: precision 1/2 at every recall. */
  @Test
  void removingTheBackgroundRaisesPrecision() {
    Tide tide = new Tide();
    List<Instance> truths = List.of(truth(1));
    List<Detection> found = List.of(found(1, .9), found(1, .8));
    tide.add(0, truths, found, PhotoErrors.of(truths, found, new double[][] {{0}, {.6}}));
    assertEquals(50, tide.errors().ap50(), 1e-12);
    assertEquals(50, tide.errors().main().get(ErrorType.BACKGROUND), 1e-12);
    assertEquals(50, tide.errors().falsePositives(), 1e-12);
  }

  /** Between equal scores that of the earlier photo goes first, in whatever order they came. */
  @Test
  void theFilesOrderDecidesBetweenEqualScores() {
    List<Instance> truths = List.of(truth(1));
    List<Detection> found = List.of(found(1, .5));
    PhotoErrors right = PhotoErrors.of(truths, found, new double[][] {{.9}});
    PhotoErrors wrong = PhotoErrors.of(List.of(), found, new double[][] {{}});
    Tide tide = new Tide();
    tide.add(1, List.of(), found, wrong);
    tide.add(0, truths, found, right);
    assertEquals(100, tide.errors().ap50(), 1e-12);
  }

  @Test
  void aDetectionInACrowdDoesNotCount() {
    List<Instance> truths = List.of(new Instance(1, NOTHING, true));
    List<Detection> found = List.of(found(1, .9), found(2, .8));
    PhotoErrors errors = PhotoErrors.of(truths, found, new double[][] {{.6}, {.6}});
    assertArrayEquals(new boolean[] {true, false}, errors.ignored());
    assertEquals(1, errors.mistakes().size());
    assertNull(new Tide().errors());
  }

  @Test
  void anythingCanBeJudged() {
    RandomScenes scenes = new RandomScenes(3, 3);
    for (int run = 0; run < 200; run++) {
      Tide tide = new Tide();
      for (int photo = 0; photo < 4; photo++) {
        List<Instance> truths = scenes.truths();
        List<Detection> found = scenes.found(truths);
        PhotoErrors errors = PhotoErrors.of(truths, found, IouType.MASK.of(found, truths));
        int right = (int) java.util.Arrays.stream(errors.truthOf()).filter(t -> t >= 0).count();
        int ignored = 0;
        for (boolean i : errors.ignored()) {
          ignored += i ? 1 : 0;
        }
        long wrong = errors.mistakes().stream().filter(m -> m.detection() >= 0).count();
        assertEquals(found.size(), right + ignored + wrong);
        tide.add(photo, truths, found, errors);
      }
      TideErrors errors = tide.errors();
      if (errors != null) {
        assertTrue(errors.ap50() >= 0 && errors.ap50() <= 100);
        errors.main().values().forEach(cost -> assertTrue(cost >= 0 && cost <= 100));
      }
    }
  }

  private static Instance truth(int classId) {
    return new Instance(classId, NOTHING, false);
  }

  private static Detection found(int classId, double score) {
    Instance same = truth(classId);
    return new Detection(classId, score, same.box(), same.mask());
  }
}
