package dev.selvage.mask;

/**
 * Draws a photo's masks straight into a resized image. A pixel of the image shows the photo's pixel
 * under its centre, so no mask is ever decoded at the photo's own size.
 */
public final class ResizedRasterizer implements MaskRasterizer {
  private final int sourceHeight;
  private final int sourceWidth;

  /**
   * For each row of the photo the first row of the image that shows it or a later one; one more
   * entry at the end.
   */
  private final int[] firstRow;

  private final int[] firstColumn;

  /**
   * Places a scaled photo in an image.
   *
   * @param scaledHeight pixels of the whole photo after scaling
   * @param top row of the image at which the scaled photo begins; negative where it is cut off
   * @param height of the image
   */
  public ResizedRasterizer(
      int sourceHeight,
      int sourceWidth,
      int scaledHeight,
      int scaledWidth,
      int top,
      int left,
      int height,
      int width) {
    this.sourceHeight = sourceHeight;
    this.sourceWidth = sourceWidth;
    firstRow = first(sourceHeight, scaledHeight, top, height);
    firstColumn = first(sourceWidth, scaledWidth, left, width);
  }

  private static int[] first(int source, int scaled, int offset, int length) {
    int[] first = new int[source + 1];
    int at = 0;
    for (int i = 0; i < scaled; i++) {
      int shown = (int) ((2L * i + 1) * source / (2L * scaled));
      while (at <= shown) {
        first[at++] = clip(i + offset, length);
      }
    }
    while (at <= source) {
      first[at++] = clip(scaled + offset, length);
    }
    return first;
  }

  private static int clip(int place, int length) {
    return Math.min(Math.max(place, 0), length);
  }

  @Override
  public CroppedMask draw(Rle mask) {
    if (mask.height() != sourceHeight || mask.width() != sourceWidth) {
      throw new IllegalArgumentException(
          "the grid is made for photos of %d x %d, the mask is %s"
              .formatted(sourceHeight, sourceWidth, mask));
    }
    int[] box = mask.box();
    int top = firstRow[box[0]];
    int left = firstColumn[box[1]];
    int height = firstRow[box[2]] - top;
    int width = firstColumn[box[3]] - left;
    if (height <= 0 || width <= 0) {
      return null;
    }
    byte[] pixels = new byte[height * width];
    int[] counts = mask.counts();
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      if ((i & 1) == 1) {
        fill(pixels, at, at + counts[i], top, left, width);
      }
      at += counts[i];
    }
    return CroppedMask.tight(pixels, top, left, height, width);
  }

  private void fill(byte[] pixels, int from, int to, int top, int left, int width) {
    int at = from;
    while (at < to) {
      int column = at / sourceHeight;
      int row = at - column * sourceHeight;
      int end = Math.min(sourceHeight, row + to - at);
      int y1 = firstRow[row] - top;
      int y2 = firstRow[end] - top;
      for (int x = firstColumn[column] - left; x < firstColumn[column + 1] - left && y1 < y2; x++) {
        for (int y = y1; y < y2; y++) {
          pixels[y * width + x] = 1;
        }
      }
      at += end - row;
    }
  }
}
