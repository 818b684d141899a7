package dev.selvage.data.image;

/**
 * A mark of EXIF and its place in the file.
 *
 * @param at of the value, 2 bytes; -1 where there is no mark
 */
record ExifMark(ExifOrientation orientation, long at) {
  static final ExifMark NONE = new ExifMark(ExifOrientation.UPRIGHT, -1);
}
