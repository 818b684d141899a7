package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.selvage.predict.RawPhotos.Said;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RawPhotoTest {
  private static final RawPhoto PHOTO =
      RawPhotos.withProbabilities(
          RawPhotos.of(
              new Said(1, 0.9, true, 0, 0, 20, 20),
              new Said(2, 0.8, true, 20, 20, 50, 50),
              new Said(3, 0.7, true, 1, 1, 9, 9)),
          0.6,
          0.95,
          0.45);

  @Test
  void countsHowSureMasksAre() {
    RawPhoto photo = PHOTO.withMaskness(2);
    assertArrayEquals(new int[] {2, 1, 3}, photo.candidates().classIds());
    assertArrayEquals(
        new float[] {0.8f * 0.95f * 0.95f, 0.9f * 0.36f, 0}, photo.candidates().scores(), 1e-4f);
    assertArrayEquals(
        new float[] {0.9f * 0.6f, 0.8f * 0.95f, 0}, PHOTO.scoresWithMaskness(1), 1e-4f);
    assertArrayEquals(PHOTO.only(new int[] {1}).masks(), photo.only(new int[] {0}).masks());
  }

  /** A cell at 0.5 or below says nothing. */
  @Test
  void countsSureCellsOnly() {
    RawPhoto photo = PHOTO.only(new int[] {0});
    Arrays.fill(photo.masks(), 0, photo.masks().length / 2, (short) 10_000);
    assertArrayEquals(new float[] {0.9f * 0.6f}, photo.scoresWithMaskness(1), 1e-4f);
  }

  @Test
  void leavesScoresAsTheyAre() {
    assertSame(PHOTO, PHOTO.withMaskness(0));
    assertArrayEquals(PHOTO.candidates().scores(), PHOTO.scoresWithMaskness(0));
  }
}
