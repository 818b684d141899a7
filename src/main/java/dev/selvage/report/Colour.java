package dev.selvage.report;

import org.bytedeco.opencv.opencv_core.Scalar;

/** Red, green and blue, each 0..255. */
record Colour(int red, int green, int blue) {
  static final Colour BLACK = new Colour(0, 0, 0);
  static final Colour WHITE = new Colour(255, 255, 255);

  /** For pictures whose channels are in this order. */
  Scalar scalar() {
    return new Scalar(red, green, blue, 0);
  }

  /** Black or white, whichever reads better on this colour (luma of BT.601). */
  Colour ink() {
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? BLACK : WHITE;
  }
}
