package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Box;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import dev.selvage.model.Candidates;
import dev.selvage.util.UserError;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

class ViewMergerTest {
  private static final int CELLS = 4;

  /** The photo of 60 x 100 pixels in an image of 64 x 128, and twice as large. */
  private static final ResizePlan PLAN = new ResizePlan(60, 100, 60, 100, 2, 10, 64, 128, 1);

  @Test
  void readsListsOfViews() {
    assertEquals(
        List.of(View.PLAIN, new View(true, 1), new View(false, 0.8)), View.parse("flip,0.8"));
    assertEquals("flip,0.8", View.text(View.parse("flip,0.8")));
    for (String wrong :
        List.of("", "flop", "flip,", "0.2", "5", "NaN", "0.8,0.80", "1", "flip,flip")) {
      UserError error = assertThrows(UserError.class, () -> View.parse(wrong), wrong);
      assertTrue(error.getMessage().startsWith("option --views: expected "), error.getMessage());
    }
  }

  /** What is found in the mirror image lies where it is in the photo. */
  @Test
  void turnsBackWhatWasMirrored() {
    Molding plain = Molding.of(PLAN);
    Molding mirror = Molding.of(PLAN.mirrored());
    assertArrayEquals(new int[] {2, 18, 62, 118}, mirror.window());
    assertArrayEquals(plain.window(), Molding.of(PLAN.mirrored().mirrored()).window());
    float[] left = {0.5f, 0, 0, 0};
    // 20 pixels from the left edge of the photo, 5 wide: in the mirror image 75 from its left edge
    Candidates said = one(mirror, 0.9f, left, 18 + 75, 30, 5, 10);
    Candidates back = new View(true, 1).back(said);
    Box box = new RawPhoto(plain, back, new short[0]).box(0);
    assertEquals(
        20, box.x(), 1.1); // Matterport's arithmetic of far edges gives a pixel more or less
    assertEquals(5, box.width(), 0.2);
    assertArrayEquals(new double[] {30, 30, 40, 35}, plain.toImageOf(plain, back.boxes(), 0), 1e-4);
    assertEquals(0.5f, back.masks()[3]);
    assertEquals(0, back.masks()[0]);
  }

  @Test
  void mirrorsPixels() {
    byte[] rows = new byte[3 * 64 * 128];
    rows[3 * 5] = 7; // red of row 0, column 5
    rows[3 * (128 + 127) + 2] = 9; // blue of row 1, column 127
    try (ResizedPhoto photo = new ResizedPhoto(new BytePointer(rows), PLAN);
        ResizedPhoto mirror = photo.mirrored()) {
      byte[] found = new byte[rows.length];
      mirror.rgb().get(found);
      assertEquals(7, found[3 * 122]);
      assertEquals(9, found[3 * 128 + 2]);
      assertEquals(16, sum(found));
    }
  }

  /** Of one object in two views: the box between them, the mean score, the mean mask. */
  @Test
  void mergesTheSameObject() {
    Molding plain = Molding.of(PLAN);
    Molding large = Molding.of(PLAN.scaled(2));
    float[] full = {1, 1, 1, 1};
    float[] half = {0.5f, 0.5f, 0.5f, 0.5f};
    Candidates first = one(plain, 0.9f, full, 40, 20, 20, 20);
    // in the larger image at twice the distance from the photo's corner, 4 pixels further right
    Candidates second =
        one(
            large,
            0.3f,
            half,
            large.window()[1] + 2 * (40 + 4 - 10),
            large.window()[0] + 2 * (20 - 2),
            40,
            40);
    Candidates merged = ViewMerger.merge(List.of(first, second), List.of(plain, large));
    assertEquals(1, merged.size());
    assertEquals(0.6f, merged.scores()[0], 1e-6);
    double[] box = plain.toImageOf(plain, merged.boxes(), 0);
    assertArrayEquals(
        new double[] {20, 41, 40, 61}, box, 1e-4); // 3/4 of the first, 1/4 of the second
    float middle = merged.masks()[CELLS + 1];
    assertEquals(0.75 * 1 + 0.25 * 0.5, middle, 1e-5);
  }

  /** Of one object in the images of two models, one of which has finer masks. */
  @Test
  void mergesModelsOfDifferentSizes() {
    Molding coarse = Molding.of(PLAN);
    Molding fine = Molding.of(PLAN.scaled(2));
    float[] left = {1, 1, 0, 0};
    Candidates first = one(coarse, 0.5f, left, 40, 20, 20, 20);
    float[] masks = new float[64];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = i % 8 < 4 ? 1 : 0;
    }
    Candidates second =
        new Candidates(
            one(fine, 1, left, fine.window()[1] + 60, fine.window()[0] + 36, 40, 40).boxes(),
            new int[] {1},
            new float[] {0.9f},
            new boolean[] {true},
            masks,
            8);
    Candidates merged = ViewMerger.merge(List.of(first, second), List.of(coarse, fine));
    assertEquals(1, merged.size());
    assertEquals(8, merged.side());
    assertEquals(0.7f, merged.scores()[0], 1e-6);
    assertArrayEquals(
        new double[] {20, 40, 40, 60}, coarse.toImageOf(coarse, merged.boxes(), 0), 1e-4);
    for (int x = 0; x < 8; x++) {
      float expected = new float[] {1, 1, 1, 1 - 0.5f / 1.4f / 4, 0.5f / 1.4f / 4, 0, 0, 0}[x];
      assertEquals(expected, merged.masks()[x], 1e-5, "column " + x);
    }
    Candidates mirror = ViewMerger.merge(List.of(second, first), List.of(fine, coarse));
    Box box = new RawPhoto(coarse, merged, new short[0]).box(0);
    Box same = new RawPhoto(fine, mirror, new short[0]).box(0);
    assertEquals(box.x(), same.x(), 1);
    assertEquals(box.height(), same.height(), 1);
  }

  /** Two objects of one view stay two, although they overlap as much as those that are merged. */
  @Test
  void keepsObjectsOfOneViewApart() {
    Molding plain = Molding.of(PLAN);
    float[] full = {1, 1, 1, 1};
    Candidates near = one(plain, 0.9f, full, 40, 20, 20, 20);
    Candidates far = one(plain, 0.5f, full, 44, 20, 20, 20);
    Candidates both =
        new Candidates(
            new float[] {
              near.boxes()[0], near.boxes()[1], near.boxes()[2], near.boxes()[3],
              far.boxes()[0], far.boxes()[1], far.boxes()[2], far.boxes()[3]
            },
            new int[] {1, 1},
            new float[] {0.9f, 0.5f},
            new boolean[] {true, true},
            new float[2 * CELLS * CELLS],
            CELLS);
    Candidates merged = ViewMerger.merge(List.of(both, both), List.of(plain, plain));
    assertArrayEquals(both.scores(), merged.scores(), 1e-6f);
    assertArrayEquals(both.boxes(), merged.boxes(), 1e-6f);
  }

  /** Another class, or too little overlap: two objects, each with half its score. */
  @Test
  void keepsOtherObjectsApart() {
    Molding plain = Molding.of(PLAN);
    float[] full = {1, 1, 1, 1};
    Candidates first = one(plain, 0.9f, full, 40, 20, 20, 20);
    Candidates far = one(plain, 0.8f, full, 52, 20, 20, 20);
    Candidates merged = ViewMerger.merge(List.of(first, far), List.of(plain, plain));
    assertArrayEquals(new float[] {0.45f, 0.4f}, merged.scores(), 1e-6f);
    assertArrayEquals(first.boxes(), Arrays.copyOf(merged.boxes(), 4), 1e-6f);
    Candidates shoe =
        new Candidates(
            first.boxes(), new int[] {2}, first.scores(), first.best(), first.masks(), CELLS);
    assertEquals(2, ViewMerger.merge(List.of(first, shoe), List.of(plain, plain)).size());
  }

  /** One candidate; its mask has these values in the cells of its first row, the others full. */
  private static Candidates one(
      Molding place, float score, float[] row, int left, int top, int width, int height) {
    float[] masks = new float[CELLS * CELLS];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = row[0] == row[1] || i < CELLS ? row[i % CELLS] : 1;
    }
    float[] boxes = new float[4];
    place.toModel(new double[] {top, left, top + height, left + width}, boxes, 0);
    return new Candidates(
        boxes, new int[] {1}, new float[] {score}, new boolean[] {true}, masks, CELLS);
  }

  private static int sum(byte[] values) {
    int sum = 0;
    for (byte value : values) {
      sum += value;
    }
    return sum;
  }
}
