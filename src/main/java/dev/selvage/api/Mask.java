package dev.selvage.api;

import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Rle;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;

/** The pixels of one garment in a photo. It is stored as run lengths, which take little memory. */
public final class Mask {
  private final Rle rle;

  Mask(Rle rle) {
    this.rle = rle;
  }

  /** The photo's width in pixels. */
  public int width() {
    return rle.width();
  }

  /** The photo's height in pixels. */
  public int height() {
    return rle.height();
  }

  /** The number of the garment's pixels. */
  public int area() {
    return rle.area();
  }

  /** A grey picture of the photo's size: 255 where the garment is, 0 elsewhere. */
  public BufferedImage toImage() {
    BufferedImage image = new BufferedImage(width(), height(), BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster raster = image.getRaster();
    byte[] columns = rle.toBitmask();
    for (int x = 0; x < width(); x++) {
      for (int y = 0; y < height(); y++) {
        raster.setSample(x, y, 0, 255 * columns[x * height() + y]);
      }
    }
    return image;
  }

  /** The compressed run lengths that COCO's results have as {@code segmentation.counts}. */
  public String toCocoCounts() {
    return CocoRle.write(rle);
  }
}
