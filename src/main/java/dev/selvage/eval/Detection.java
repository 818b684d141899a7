package dev.selvage.eval;

import dev.selvage.mask.Rle;

/**
 * One detected object of a photo, as COCO's evaluation sees it.
 *
 * @param categoryId the dataset's own number
 * @param score higher is surer; never NaN
 * @param box x, y, width, height in pixels of the photo
 * @param area decides the area range of a detection that matches nothing
 */
public record Detection(int categoryId, double score, double[] box, double area, Rle mask) {
  /**
   * A detection with the area that pycocotools gives to results which state their box: the box's,
   * for masks too, so that the same numbers come out as from the file of the results.
   */
  public static Detection of(int categoryId, double score, double[] box, Rle mask) {
    return new Detection(categoryId, score, box, box[2] * box[3], mask);
  }
}
