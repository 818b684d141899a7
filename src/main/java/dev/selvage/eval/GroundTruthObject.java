package dev.selvage.eval;

import dev.selvage.mask.Rle;

/**
 * One true object of a photo, as COCO's evaluation sees it.
 *
 * @param categoryId the dataset's own number
 * @param box x, y, width, height in pixels of the photo
 * @param area decides the area range; COCO's own files give the area of the outline, not of the box
 * @param crowd a region of uncounted objects: detections inside it are neither right nor wrong
 */
public record GroundTruthObject(
    int categoryId, double[] box, double area, Rle mask, boolean crowd) {
  /** A truth whose box and area are those of its mask. */
  public static GroundTruthObject of(int categoryId, Rle mask, boolean crowd) {
    return new GroundTruthObject(categoryId, Xywh.of(mask), mask.area(), mask, crowd);
  }
}
