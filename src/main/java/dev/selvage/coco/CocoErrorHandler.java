package dev.selvage.coco;

import dev.selvage.data.InvalidRowPolicy;

/**
 * Decides what happens with an image or annotation that cannot be used: it is left out where the
 * handler returns, and the whole file is refused where the handler throws.
 */
@FunctionalInterface
public interface CocoErrorHandler {
  /** Why an image or an annotation cannot be used. An image is left out with its annotations. */
  enum Fault {
    /** The fields of an image are missing, of the wrong type or out of range. */
    IMAGE_FIELDS(true),
    /** The photo of an image is not there. */
    IMAGE_MISSING(true),
    /** The stated size of an image is not that of its photo. */
    IMAGE_SIZE(true),
    /** The fields of an annotation are missing, of the wrong type or out of range. */
    ANNOTATION_FIELDS(false),
    /** The image_id of an annotation is not the id of an image. */
    ANNOTATION_IMAGE_ID(false),
    /** The category_id of an annotation is not the id of a category. */
    ANNOTATION_CATEGORY_ID(false),
    /** The mask of an annotation does not have the size of its image. */
    ANNOTATION_SIZE(false);

    private final boolean ofImage;

    Fault(boolean ofImage) {
      this.ofImage = ofImage;
    }

    /** Whether it is an image that is left out, not an annotation. */
    public boolean ofImage() {
      return ofImage;
    }
  }

  /** A handler that leaves out and counts. */
  static CocoErrorHandler into(InvalidRowPolicy images, InvalidRowPolicy annotations) {
    return (fault, place, problem) -> (fault.ofImage() ? images : annotations).add(place, problem);
  }

  /**
   * Takes one fault.
   *
   * @param place line and id in the file
   * @param problem what was expected and what was found
   */
  void handle(Fault fault, String place, String problem);
}
