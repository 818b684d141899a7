package dev.selvage.model;

/**
 * The objects found in one image, by descending score.
 *
 * @param boxes [D,4] flat, normalized
 * @param classIds [D] in 1..K-1
 * @param scores [D] in (0,1]
 * @param masks [D,side,side] flat, probabilities of the box's cells
 * @param side of a mask
 */
public record RawDetections(
    float[] boxes, int[] classIds, float[] scores, float[] masks, int side) {
  public int size() {
    return classIds.length;
  }
}
