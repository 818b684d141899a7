package dev.selvage.predict;

import dev.selvage.model.Candidates;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntBinaryOperator;

/** Raw detections of photos of 64 x 64 pixels, made by hand; masks fill their boxes. */
public final class RawPhotos {
  public static final int SIDE = 64;
  private static final int CELLS = 28;

  /**
   * A candidate.
   *
   * @param box (y1,x1,y2,x2) in whole pixels, far edges exclusive
   */
  public record Said(int classId, double score, boolean best, int... box) {}

  private RawPhotos() {}

  public static RawPhoto of(Said... all) {
    List<Said> sorted =
        Arrays.stream(all).sorted(Comparator.comparingDouble(s -> -s.score)).toList();
    float[] boxes = new float[4 * all.length];
    boolean[] best = new boolean[all.length];
    float[] scores = new float[all.length];
    for (int i = 0; i < all.length; i++) {
      for (int k = 0; k < 4; k++) {
        boxes[4 * i + k] = (sorted.get(i).box[k] - k / 2) / (SIDE - 1f);
      }
      best[i] = sorted.get(i).best;
      scores[i] = (float) sorted.get(i).score;
    }
    int[] classIds = sorted.stream().mapToInt(Said::classId).toArray();
    short[] masks = new short[CELLS * CELLS * all.length];
    Arrays.fill(masks, (short) -1);
    return new RawPhoto(
        new Molding(SIDE, SIDE, new int[] {0, 0, SIDE, SIDE}, SIDE, SIDE),
        new Candidates(boxes, classIds, scores, best, new float[0], CELLS),
        masks);
  }

  /**
   * The same photo with one probability in all cells of a mask.
   *
   * @param probabilities of the masks, highest score first
   */
  public static RawPhoto withProbabilities(RawPhoto photo, double... probabilities) {
    short[] masks = photo.masks().clone();
    for (int i = 0; i < masks.length; i++) {
      masks[i] = (short) Math.round(65535 * probabilities[i / (CELLS * CELLS)]);
    }
    return new RawPhoto(photo.molding(), photo.candidates(), masks);
  }

  /** The photo's brightness, 0..255, by row and column. */
  public static Guide guide(IntBinaryOperator brightness) {
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) brightness.applyAsInt(i / SIDE, i % SIDE);
    }
    return new Guide(pixels, SIDE, SIDE);
  }
}
