package dev.selvage.data.loader;

/**
 * The objects of one input image.
 *
 * @param classIds [G] in 1..K-1
 * @param boxes [G,4] flat (y1,x1,y2,x2) in pixels of the resized image, far edges exclusive
 * @param masks [G,maskHeight,maskWidth] flat, 0 or 1: with USE_MINI_MASK each the mask inside its
 *     box, else the mask in the whole image
 */
public record GroundTruth(
    int[] classIds, float[] boxes, byte[] masks, int maskHeight, int maskWidth) {
  public int size() {
    return classIds.length;
  }
}
