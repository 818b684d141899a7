package dev.selvage.mask;

/** A picture into which masks of a photo are drawn, without ever being spread out at its size. */
public interface MaskRasterizer {
  /**
   * Draws a mask of the photo.
   *
   * @return its tight region in the picture, or null where no pixel of the picture shows it
   */
  CroppedMask draw(Rle mask);
}
