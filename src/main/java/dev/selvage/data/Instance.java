package dev.selvage.data;

import dev.selvage.mask.Rle;

/**
 * One annotated object of a photo.
 *
 * @param classId the model's class, 1..K-1
 * @param box in pixels of the original photo, as the annotations state it, else the tightest box
 *     around the mask
 * @param area in square pixels, as the annotations state it, else that of the mask. COCO's own
 *     files give the area inside the outline. It decides whether COCO's statistics count the object
 *     as small, medium or large
 * @param mask at the original photo's size
 * @param crowd a region of uncounted objects (COCO's iscrowd): never a positive in training, and
 *     detections inside it are neither right nor wrong
 */
public record Instance(int classId, Box box, double area, Rle mask, boolean crowd) {
  /** An object whose annotation is only a mask: box and area are those of the mask. */
  public Instance(int classId, Rle mask, boolean crowd) {
    this(classId, Box.of(mask), mask.area(), mask, crowd);
  }
}
