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
 * @param hasMask whether the file states one; else the segmentation is the outline of the box
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
    boolean hasMask,
    CocoSegmentation segmentation) {
  /**
   * Reads an entry.
   *
   * @param boxesSuffice whether an annotation may have a box and no mask
   * @throws dev.selvage.util.UserError a field is missing or of another type
   */
  static CocoAnnotation of(JsonFields fields, boolean boxesSuffice) {
    boolean hasMask = fields.has("segmentation") || !boxesSuffice || !fields.has("bbox");
    CocoSegmentation segmentation =
        hasMask
            ? CocoSegmentation.of(fields.require("segmentation", "polygons or run lengths"))
            : CocoSegmentation.of(fields.box("bbox"));
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
        hasMask,
        segmentation);
  }

  /**
   * The object, with its mask drawn in a photo of this size.
   *
   * @throws dev.selvage.util.UserError the mask is not one of such a photo
   */
  Instance toInstance(int classId, PhotoSize size) {
    Rle mask = segmentation.mask(size.height(), size.width());
    Box stated = box.orElseGet(() -> Box.of(mask));
    return new Instance(
        classId, stated, area.orElseGet(() -> hasMask ? mask.area() : stated.area()), mask, crowd);
  }
}
