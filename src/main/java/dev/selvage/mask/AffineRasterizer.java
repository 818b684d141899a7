package dev.selvage.mask;

import dev.selvage.geometry.Affine;
import java.util.Arrays;

/**
 * Draws a photo's masks straight through an affine map. A pixel of the image shows the photo's
 * pixel under its centre. Each pixel of a mask's box in the image needs one search in the run
 * lengths of one column.
 */
public final class AffineRasterizer implements MaskRasterizer {
  /**
   * Tolerance in photo pixels: a centre that lies this close to an edge counts as on it, so that
   * rounding does not matter and the identity map draws what {@link ResizedRasterizer} draws.
   */
  private static final double ROUNDING = 1e-9;

  private final Affine toImage;
  private final Affine toSource;
  private final int sourceHeight;
  private final int sourceWidth;
  private final int height;
  private final int width;

  /**
   * Maps a photo into an image.
   *
   * @param toImage from pixels of the photo to pixels of the image
   * @param height of the image
   */
  public AffineRasterizer(
      Affine toImage, int sourceHeight, int sourceWidth, int height, int width) {
    this.toImage = toImage;
    toSource = toImage.inverse();
    this.sourceHeight = sourceHeight;
    this.sourceWidth = sourceWidth;
    this.height = height;
    this.width = width;
  }

  @Override
  public CroppedMask draw(Rle mask) {
    if (mask.height() != sourceHeight || mask.width() != sourceWidth) {
      throw new IllegalArgumentException(
          "the grid is made for photos of %d x %d, the mask is %s"
              .formatted(sourceHeight, sourceWidth, mask));
    }
    Columns columns = new Columns(mask);
    return draw(mask.box(), columns::shows);
  }

  /** The pixels that show any of the photo: [height,width] flat, 0 or 1. */
  public byte[] covered() {
    byte[] pixels = new byte[height * width];
    CroppedMask region = draw(new int[] {0, 0, sourceHeight, sourceWidth}, (y, x) -> true);
    if (region != null) {
      region.paste(pixels, 0, width);
    }
    return pixels;
  }

  private interface Pixels {
    boolean shows(int y, int x);
  }

  /** Draws what lies inside a box (y1,x1,y2,x2) of the photo. */
  private CroppedMask draw(int[] box, Pixels inside) {
    int[] bounds = bounds(box);
    int rows = bounds[2] - bounds[0];
    int columns = bounds[3] - bounds[1];
    if (rows <= 0 || columns <= 0) {
      return null;
    }
    byte[] pixels = new byte[rows * columns];
    for (int row = 0; row < rows; row++) {
      double yc = bounds[0] + row + 0.5;
      double sx0 = toSource.xy() * yc + toSource.x0() + ROUNDING;
      double sy0 = toSource.yy() * yc + toSource.y0() + ROUNDING;
      for (int column = 0; column < columns; column++) {
        double xc = bounds[1] + column + 0.5;
        int y = (int) Math.floor(toSource.yx() * xc + sy0);
        int x = (int) Math.floor(toSource.xx() * xc + sx0);
        if (y >= box[0] && y < box[2] && x >= box[1] && x < box[3] && inside.shows(y, x)) {
          pixels[row * columns + column] = 1;
        }
      }
    }
    return CroppedMask.tight(pixels, bounds[0], bounds[1], rows, columns);
  }

  /** The pixels of the image that can show a box of the photo. */
  private int[] bounds(int[] box) {
    if (box[0] == box[2] || box[1] == box[3]) {
      return new int[4];
    }
    double top = height;
    double left = width;
    double bottom = 0;
    double right = 0;
    for (int corner = 0; corner < 4; corner++) {
      double y = box[(corner & 1) * 2];
      double x = box[(corner & 2) + 1];
      top = Math.min(top, toImage.y(x, y));
      bottom = Math.max(bottom, toImage.y(x, y));
      left = Math.min(left, toImage.x(x, y));
      right = Math.max(right, toImage.x(x, y));
    }
    return new int[] {
      (int) Math.max(0, Math.floor(top)),
      (int) Math.max(0, Math.floor(left)),
      (int) Math.min(height, Math.ceil(bottom)),
      (int) Math.min(width, Math.ceil(right))
    };
  }

  /** Single pixels of a mask, found by their column. */
  private static final class Columns {
    private final int height;
    private final int[] starts;
    private final int[] ends;

    /** For each column the first run that ends in it or after it. */
    private final int[] first;

    Columns(Rle mask) {
      height = mask.height();
      int[] counts = mask.counts();
      starts = new int[counts.length / 2];
      ends = new int[counts.length / 2];
      int at = 0;
      for (int i = 0; i < counts.length; i++) {
        if ((i & 1) == 1) {
          starts[i / 2] = at;
          ends[i / 2] = at + counts[i];
        }
        at += counts[i];
      }
      first = new int[mask.width()];
      Arrays.fill(first, ends.length);
      for (int run = ends.length - 1, x = mask.width() - 1; x >= 0; x--) {
        while (run >= 0 && ends[run] > x * height) {
          run--;
        }
        first[x] = run + 1;
      }
    }

    boolean shows(int y, int x) {
      int pixel = x * height + y;
      int run = first[x];
      while (run < ends.length && ends[run] <= pixel) {
        run++;
      }
      return run < ends.length && starts[run] <= pixel;
    }
  }
}
