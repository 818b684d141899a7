package dev.selvage.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.mask.Rle;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Masks are runs of pixels in a photo of one column, so that every IoU can be read off. */
class KaggleScoreTest {
  private static final int PIXELS = 100;

  @Test
  void aPhotoWithoutTruthsAndWithoutDetectionsCountsOne() {
    assertEquals(1, KaggleScore.count(List.of(), List.of()).score());
    assertEquals(0, KaggleScore.count(List.of(truth(1, 0, 10)), List.of()).score());
    assertEquals(0, KaggleScore.count(List.of(), List.of(found(1, 0, 10))).score());
  }

  /** IoU 16 / 20 = 0.8: right at 0.50 to 0.75, and not at 0.80, which it is not above. */
  @Test
  void anIouOfExactlyTheThresholdDoesNotSuffice() {
    KaggleScore.Photo photo = KaggleScore.count(List.of(truth(1, 0, 20)), List.of(found(1, 0, 16)));
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 0, 0, 0, 0}, photo.right());
    assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1}, photo.wrong());
    assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1}, photo.missed());
    assertEquals(.6, photo.score(), 1e-15);
  }

  /**
   * Exact: right at all ten. IoU 18 / 20 = 0.9: right at 0.50 to 0.85, so at eight. Another class:
   * wrong, and its truth missed. At eight thresholds 2 / (2 + 1 + 1), at two 1 / (1 + 2 + 2).
   */
  @Test
  void theClassMustFit() {
    KaggleScore.Photo photo =
        KaggleScore.count(
            List.of(truth(1, 0, 20), truth(1, 20, 40), truth(2, 40, 60)),
            List.of(found(1, 0, 20), found(1, 20, 38), found(3, 40, 60)));
    assertEquals((8 * 2 / 4. + 2 * 1 / 5.) / 10, photo.score(), 1e-15);
  }

  /**
   * Two truths that overlap, as those of a dress and its lining may: the detection of 20 pixels
   * counts for one of them, the nearer one, of IoU 19 / 20 = 0.95, at nine thresholds.
   */
  @Test
  void aDetectionCountsForOneTruth() {
    KaggleScore.Photo photo =
        KaggleScore.count(List.of(truth(1, 0, 15), truth(1, 0, 19)), List.of(found(1, 0, 20)));
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 0}, photo.right());
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 2}, photo.missed());
    assertEquals(.45, photo.score(), 1e-15);
  }

  /** The mean over photos, not over objects: (1 + 0.5 + 0) / 3. */
  @Test
  void averagesOverPhotos() {
    KaggleScore score = new KaggleScore();
    assertTrue(Double.isNaN(score.mean()));
    score.add(List.of(truth(1, 0, 9), truth(2, 9, 30)), List.of(found(2, 9, 30), found(1, 0, 9)));
    score.add(List.of(truth(1, 0, 50), truth(1, 50, 99)), List.of(found(1, 0, 50)));
    score.add(List.of(), List.of(found(1, 0, 50)));
    assertEquals(.5, score.mean(), 1e-15);
  }

  /** 8 of 10 pixels lie in the crowd of the class: not counted up to 0.75, wrong from 0.80 on. */
  @Test
  void aDetectionInACrowdIsNeitherRightNorWrong() {
    Instance crowd = new Instance(1, run(0, 50), true);
    KaggleScore.Photo photo =
        KaggleScore.count(List.of(crowd), List.of(found(1, 42, 52), found(2, 0, 10)));
    assertArrayEquals(new int[10], photo.right());
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 2, 2, 2, 2}, photo.wrong());
    assertArrayEquals(new int[10], photo.missed());
  }

  private static Instance truth(int classId, int from, int to) {
    return new Instance(classId, run(from, to), false);
  }

  private static Detection found(int classId, int from, int to) {
    Instance same = truth(classId, from, to);
    return new Detection(classId, .9, same.box(), same.mask());
  }

  private static Rle run(int from, int to) {
    byte[] pixels = new byte[PIXELS];
    Arrays.fill(pixels, from, to, (byte) 1);
    return Rle.fromBitmask(pixels, PIXELS, 1);
  }
}
