package dev.selvage.mask;

/**
 * A mask inside its own box.
 *
 * @param top first row of the box in the image
 * @param left first column of the box in the image
 * @param pixels [height,width] flat, row by row, 0 or 1
 */
public record CroppedMask(int top, int left, int height, int width, byte[] pixels) {
  /** Crops a region to the bounding box of its set pixels; null where none is set. */
  static CroppedMask tight(byte[] pixels, int top, int left, int height, int width) {
    int y1 = height;
    int x1 = width;
    int y2 = 0;
    int x2 = 0;
    for (int y = 0; y < height; y++) {
      int row = y * width;
      int first = 0;
      while (first < width && pixels[row + first] == 0) {
        first++;
      }
      if (first == width) {
        continue;
      }
      int last = width - 1;
      while (pixels[row + last] == 0) {
        last--;
      }
      y1 = Math.min(y1, y);
      y2 = y + 1;
      x1 = Math.min(x1, first);
      x2 = Math.max(x2, last + 1);
    }
    if (y2 == 0) {
      return null;
    }
    if (y2 - y1 == height && x2 - x1 == width) {
      return new CroppedMask(top, left, height, width, pixels);
    }
    byte[] inside = new byte[(y2 - y1) * (x2 - x1)];
    for (int y = y1; y < y2; y++) {
      System.arraycopy(pixels, y * width + x1, inside, (y - y1) * (x2 - x1), x2 - x1);
    }
    return new CroppedMask(top + y1, left + x1, y2 - y1, x2 - x1, inside);
  }

  /**
   * The mini mask (Matterport's minimize_mask): the box resized with bilinear interpolation, set
   * where the value is above one half. Outside the box its edge pixels are repeated.
   *
   * @param out [rows,columns] from offset on, row by row, 0 or 1
   */
  public void shrink(byte[] out, int offset, int rows, int columns) {
    int[] left = new int[columns];
    double[] share = new double[columns]; // of the pixel to the right of it
    for (int j = 0; j < columns; j++) {
      double x = Math.min(Math.max((j + 0.5) * width / columns - 0.5, 0), width - 1);
      left[j] = (int) x;
      share[j] = x - left[j];
    }
    for (int i = 0; i < rows; i++) {
      double y = Math.min(Math.max((i + 0.5) * height / rows - 0.5, 0), height - 1);
      int upperRow = (int) y * width;
      int lowerRow = Math.min((int) y + 1, height - 1) * width;
      double fy = y - (int) y;
      for (int j = 0; j < columns; j++) {
        int x0 = left[j];
        int x1 = Math.min(x0 + 1, width - 1);
        double fx = share[j];
        double upper = pixels[upperRow + x0] * (1 - fx) + pixels[upperRow + x1] * fx;
        double lower = pixels[lowerRow + x0] * (1 - fx) + pixels[lowerRow + x1] * fx;
        out[offset + i * columns + j] = (byte) (upper * (1 - fy) + lower * fy > 0.5 ? 1 : 0);
      }
    }
  }

  /**
   * Writes the mask at its place in the image.
   *
   * @param out an image of zeros from offset on, row by row, which holds the whole region
   * @param stride columns of the image
   */
  public void paste(byte[] out, int offset, int stride) {
    for (int y = 0; y < height; y++) {
      System.arraycopy(pixels, y * width, out, offset + (top + y) * stride + left, width);
    }
  }

  /**
   * Adds the mask to others of the image.
   *
   * @param out the image, row by row, which holds the whole region; what is set stays set
   * @param stride columns of the image
   */
  public void add(byte[] out, int stride) {
    for (int y = 0; y < height; y++) {
      int row = (top + y) * stride + left;
      for (int x = 0; x < width; x++) {
        out[row + x] |= pixels[y * width + x];
      }
    }
  }

  /**
   * The part of the mask that is not hidden.
   *
   * @param hidden the image, row by row, which holds the whole region; 0 where nothing hides
   * @param stride columns of the image
   * @return null where nothing is left
   */
  public CroppedMask without(byte[] hidden, int stride) {
    byte[] seen = pixels.clone();
    for (int y = 0; y < height; y++) {
      int row = (top + y) * stride + left;
      for (int x = 0; x < width; x++) {
        if (hidden[row + x] != 0) {
          seen[y * width + x] = 0;
        }
      }
    }
    return tight(seen, top, left, height, width);
  }

  /**
   * The mask as run lengths.
   *
   * @param imageHeight pixels of the image, which holds the whole region
   */
  public Rle toRle(int imageHeight, int imageWidth) {
    byte[] columns = new byte[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        columns[x * height + y] = pixels[y * width + x];
      }
    }
    return Rle.fromRegion(columns, top, left, height, width, imageHeight, imageWidth);
  }
}
