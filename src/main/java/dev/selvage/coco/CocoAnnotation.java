package dev.selvage.coco;

import dev.selvage.data.Box;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.Rle;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An annotation as a file states it, its mask not yet drawn.
 *
 * @param box empty where the file states none
 * @param area in square pixels; empty where the file states none
 */
record CocoAnnotation(
    long id,
    long imageId,
    int categoryId,
    boolean crowd,
    Optional<Box> box,
    OptionalDouble area,
    CocoSegmentation segmentation) {
  /** Throws {@link dev.selvage.util.UserError} where a field is missing or of another type. */
  static CocoAnnotation of(JsonFields fields) {
    CocoSegmentation segmentation =
        CocoSegmentation.of(fields.require("segmentation", "polygons or run lengths"));
    double crowd = fields.has("iscrowd") ? fields.number("iscrowd") : 0;
    if (crowd != 0 && crowd != 1) {
      throw JsonFields.expected("iscrowd", "0 or 1", fields.node().get("iscrowd"));
    }
    return new CocoAnnotation(
        fields.integer("id"),
        fields.integer("image_id"),
        fields.smallInteger("category_id"),
        crowd == 1,
        fields.has("bbox") ? Optional.of(fields.box("bbox")) : Optional.empty(),
        fields.has("area") ? OptionalDouble.of(fields.number("area")) : OptionalDouble.empty(),
        segmentation);
  }

  /**
   * The object, with its mask drawn in a photo of this size.
   *
   * @throws dev.selvage.util.UserError the mask is not one of such a photo
   */
  Instance toInstance(int classId, PhotoSize size) {
    Rle mask = segmentation.mask(size.height(), size.width());
    return new Instance(
        classId, box.orElseGet(() -> Box.of(mask)), area.orElseGet(mask::area), mask, crowd);
  }
}
