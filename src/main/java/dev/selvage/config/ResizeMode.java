package dev.selvage.config;

/** How a photo becomes the model's input: IMAGE_RESIZE_MODE, with Matterport's modes. */
public enum ResizeMode implements Choice {
  /** Scaled and padded with zeros to a square of IMAGE_MAX_DIM pixels. */
  SQUARE,

  /** Scaled, then each side padded with zeros to a multiple of 64 pixels. */
  PAD64,

  /** Unchanged; both sides of the photo must be multiples of 64 pixels. */
  NONE,

  /** Scaled, then a square of IMAGE_MIN_DIM pixels cut out at a random place; training only. */
  CROP
}
