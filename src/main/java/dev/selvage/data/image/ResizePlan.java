package dev.selvage.data.image;

import dev.selvage.config.Config;
import dev.selvage.geometry.Affine;
import dev.selvage.mask.ResizedRasterizer;
import dev.selvage.util.UserError;
import java.util.SplittableRandom;

/**
 * How a photo becomes the model's input (Matterport's resize_image): scaled, then placed in an
 * image whose sides are multiples of 64, with zeros around it or its edges cut off.
 *
 * @param originalHeight pixels of the photo
 * @param scaledHeight pixels of the photo after scaling
 * @param top row of the image at which the scaled photo begins; negative where it is cut off
 * @param height pixels of the image
 * @param scale scaled size over original size, before rounding to whole pixels
 */
public record ResizePlan(
    int originalHeight,
    int originalWidth,
    int scaledHeight,
    int scaledWidth,
    int top,
    int left,
    int height,
    int width,
    double scale) {
  private static final int MULTIPLE = 64;

  /**
   * Plans one photo by IMAGE_RESIZE_MODE.
   *
   * @param random chooses the place of a crop; null for the middle
   * @throws UserError the image's sides would not be multiples of 64
   */
  public static ResizePlan of(Config config, int height, int width, SplittableRandom random) {
    return switch (config.IMAGE_RESIZE_MODE) {
      case SQUARE -> square(config, height, width);
      case PAD64 -> pad64(config, height, width);
      case CROP -> crop(config, height, width, random);
      case NONE -> new ResizePlan(height, width, height, width, 0, 0, height, width, 1).checked();
    };
  }

  private static ResizePlan square(Config config, int height, int width) {
    double scale = enlarge(config, height, width);
    int longest = Math.max(height, width);
    if (Math.rint(longest * scale) > config.IMAGE_MAX_DIM) {
      scale = (double) config.IMAGE_MAX_DIM / longest;
    }
    return centred(height, width, scale, config.IMAGE_MAX_DIM, config.IMAGE_MAX_DIM);
  }

  private static ResizePlan pad64(Config config, int height, int width) {
    double scale = enlarge(config, height, width);
    return centred(
        height, width, scale, multiple(scaled(height, scale)), multiple(scaled(width, scale)));
  }

  private static ResizePlan crop(Config config, int height, int width, SplittableRandom random) {
    double scale = enlarge(config, height, width);
    int side = config.IMAGE_MIN_DIM;
    int spareRows = scaled(height, scale) - side;
    int spareColumns = scaled(width, scale) - side;
    int y = random == null ? spareRows / 2 : random.nextInt(spareRows + 1);
    int x = random == null ? spareColumns / 2 : random.nextInt(spareColumns + 1);
    return new ResizePlan(
            height, width, side + spareRows, side + spareColumns, -y, -x, side, side, scale)
        .checked();
  }

  private static ResizePlan centred(
      int height, int width, double scale, int outHeight, int outWidth) {
    return centred(
            height, width, scaled(height, scale), scaled(width, scale), outHeight, outWidth, scale)
        .checked();
  }

  /** A photo whose scaled size is h x w. */
  private static ResizePlan centred(
      int height, int width, int h, int w, int outHeight, int outWidth, double scale) {
    return new ResizePlan(
        height, width, h, w, (outHeight - h) / 2, (outWidth - w) / 2, outHeight, outWidth, scale);
  }

  /**
   * Enlarges a photo that is smaller than IMAGE_MIN_DIM or IMAGE_MIN_SCALE require; never reduces
   * one.
   */
  private static double enlarge(Config config, int height, int width) {
    double scale = Math.max(1, (double) config.IMAGE_MIN_DIM / Math.min(height, width));
    return Math.max(scale, config.IMAGE_MIN_SCALE);
  }

  private static int scaled(int side, double scale) {
    return Math.max(1, (int) Math.rint(side * scale));
  }

  private static int multiple(int side) {
    return (side + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
  }

  private ResizePlan checked() {
    if (height % MULTIPLE != 0 || width % MULTIPLE != 0) {
      throw new UserError(
          "expected a model input with sides divisible by 64, found %d x %d; choose another IMAGE_RESIZE_MODE or size"
              .formatted(height, width));
    }
    return this;
  }

  /** The photo larger or smaller by a factor, in an image that just holds it. */
  public ResizePlan scaled(double factor) {
    int h = scaled(scaledHeight, factor);
    int w = scaled(scaledWidth, factor);
    return centred(originalHeight, originalWidth, h, w, multiple(h), multiple(w), scale * factor);
  }

  /** The place of the photo in the image's mirror image, left for right. */
  public ResizePlan mirrored() {
    return new ResizePlan(
        originalHeight,
        originalWidth,
        scaledHeight,
        scaledWidth,
        top,
        width - left - scaledWidth,
        height,
        width,
        scale);
  }

  /**
   * The part of the image that shows the photo: (y1,x1,y2,x2) in its pixels, far edges exclusive.
   */
  public int[] window() {
    return new int[] {
      Math.max(top, 0),
      Math.max(left, 0),
      Math.min(top + scaledHeight, height),
      Math.min(left + scaledWidth, width)
    };
  }

  /** Draws the photo's masks into the image. */
  public ResizedRasterizer grid() {
    return new ResizedRasterizer(
        originalHeight, originalWidth, scaledHeight, scaledWidth, top, left, height, width);
  }

  /** From pixels of the photo to pixels of the image. */
  public Affine map() {
    return Affine.scaling(
            (double) scaledWidth / originalWidth, (double) scaledHeight / originalHeight)
        .then(Affine.translation(left, top));
  }

  /**
   * How many times smaller the photo may be decoded without falling below its scaled size: 1, 2, 4
   * or 8.
   */
  int reduction() {
    int reduction = 8;
    while (reduction > 1
        && (originalHeight / reduction < scaledHeight || originalWidth / reduction < scaledWidth)) {
      reduction /= 2;
    }
    return reduction;
  }
}
