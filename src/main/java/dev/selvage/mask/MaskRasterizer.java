package dev.selvage.mask;

/** Draws masks of a photo into the input image, without decoding them at the photo's size. */
public interface MaskRasterizer {
  /**
   * Draws a mask of the photo.
   *
   * @return the mask cropped to its bounding box in the image, or null where no pixel of the image
   *     shows it
   */
  CroppedMask draw(Rle mask);
}
