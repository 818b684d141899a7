package dev.selvage.geometry;

/** A picture into which masks of a photo are drawn, without ever being spread out at its size. */
public interface MaskGrid {
  /**
   * Draws a mask of the photo.
   *
   * @return its tight region in the picture, or null where no pixel of the picture shows it
   */
  MaskRegion draw(Rle mask);
}
