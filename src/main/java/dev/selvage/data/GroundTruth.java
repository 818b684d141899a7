package dev.selvage.data;

/**
 * What is true of one resized image.
 *
 * @param classIds [G] in 1..K-1
 * @param boxes [G,4] flat (y1,x1,y2,x2) in pixels of the resized image, far edges exclusive
 * @param miniMasks [G,side,side] flat, 0 or 1, each the mask inside its box
 * @param side of a mini mask, or 0 when there is none
 */
public record GroundTruth(int[] classIds, float[] boxes, byte[] miniMasks, int side) {
  public int size() {
    return classIds.length;
  }
}
