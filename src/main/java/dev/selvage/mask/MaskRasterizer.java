package dev.selvage.mask;

/** An image into which masks of a photo are drawn, without ever being spread out at its size. */
public interface MaskRasterizer {
  /**
   * Draws a mask of the photo.
   *
   * @return its tight region in the image, or null where no pixel of the image shows it
   */
  CroppedMask draw(Rle mask);
}
