package dev.selvage.coco;

/** Is told what of an annotation file cannot be used. */
public interface CocoErrorHandler {
  /** What keeps an image or an annotation from being used. */
  enum Kind {
    /** Its fields are not those of an image, or of an annotation with a mask. */
    ENTRY,
    /** The photo is not there. */
    MISSING,
    /** An image's size is not its photo's, or a mask's is not its image's. */
    SIZE,
    /** The image_id is no image's. */
    IMAGE_ID,
    /** The category_id is no category's. */
    CATEGORY_ID
  }

  /**
   * An image is left out, with its annotations.
   *
   * @param place names it by its id
   */
  void image(Kind kind, String place, String problem);

  /** An annotation is left out. */
  void annotation(Kind kind, String place, String problem);
}
