package dev.selvage.config;

/**
 * What the orientation mark of a photo's EXIF means where the size in its annotations does not
 * tell: EXIF_ORIENTATION.
 */
public enum ExifMode implements Choice {
  /** The photo is turned as its mark says, as programs display it. */
  APPLY,

  /** The photo is taken as its pixels are stored. */
  IGNORE
}
