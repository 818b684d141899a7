package dev.selvage.data;

import dev.selvage.mask.Rle;

/**
 * One object that was found in a photo.
 *
 * @param classId the model's class, 1..K-1
 * @param score confidence, never NaN; the model's scores are floats in 0..1
 * @param box in pixels of the original photo
 * @param area in square pixels. It decides in which of COCO's area ranges a detection counts that
 *     matches no object
 * @param mask at the original photo's size
 */
public record Detection(int classId, double score, Box box, double area, Rle mask) {
  /**
   * A detection with the area of its box. pycocotools gives every result that states a box this
   * area, also when it has a mask of another area.
   */
  public Detection(int classId, double score, Box box, Rle mask) {
    this(classId, score, box, box.area(), mask);
  }
}
