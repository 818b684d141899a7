package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.util.UserError;
import java.util.Arrays;

/** Refuses configurations that describe no model. */
final class ConfigCheck {
  private static final int[] STRIDES = {4, 8, 16, 32, 64};

  private ConfigCheck() {}

  static void check(Config c) {
    Backbone.of(c.BACKBONE);
    require(
        Arrays.equals(c.BACKBONE_STRIDES, STRIDES),
        "BACKBONE_STRIDES",
        "4,8,16,32,64 (what the pyramid has)",
        Arrays.toString(c.BACKBONE_STRIDES));
    require(
        c.NUM_CLASSES >= 2, "NUM_CLASSES", "at least 2, the background included", c.NUM_CLASSES);
    require(
        c.RPN_ANCHOR_SCALES.length == STRIDES.length,
        "RPN_ANCHOR_SCALES",
        "5 sizes, one for each pyramid level",
        Arrays.toString(c.RPN_ANCHOR_SCALES));
    require(
        c.RPN_ANCHOR_RATIOS.length > 0, "RPN_ANCHOR_RATIOS", "at least one ratio", "an empty list");
    require(
        c.MASK_SHAPE.length == 2
            && c.MASK_SHAPE[0] == 2 * c.MASK_POOL_SIZE
            && c.MASK_SHAPE[1] == 2 * c.MASK_POOL_SIZE,
        "MASK_SHAPE",
        "twice MASK_POOL_SIZE, " + 2 * c.MASK_POOL_SIZE + "," + 2 * c.MASK_POOL_SIZE,
        Arrays.toString(c.MASK_SHAPE));
    require(c.POOL_SIZE >= 2, "POOL_SIZE", "at least 2", c.POOL_SIZE);
    require(c.MASK_POOL_SIZE >= 2, "MASK_POOL_SIZE", "at least 2", c.MASK_POOL_SIZE);
    require(
        c.ROI_POSITIVE_RATIO > 0 && c.ROI_POSITIVE_RATIO <= 1,
        "ROI_POSITIVE_RATIO",
        "a share in (0,1]",
        c.ROI_POSITIVE_RATIO);
    require(
        c.LOSS_WEIGHTS.length == 5, "LOSS_WEIGHTS", "5 weights", Arrays.toString(c.LOSS_WEIGHTS));
    require(c.MEAN_PIXEL.length == 3, "MEAN_PIXEL", "3 values", Arrays.toString(c.MEAN_PIXEL));
    deviations("RPN_BBOX_STD_DEV", c.RPN_BBOX_STD_DEV);
    deviations("BBOX_STD_DEV", c.BBOX_STD_DEV);
  }

  /** Every level of the pyramid halves the one below. */
  static void imageSize(int height, int width) {
    require(
        height > 0 && width > 0 && height % 64 == 0 && width % 64 == 0,
        "IMAGE_MAX_DIM, IMAGE_MIN_DIM",
        "an image height and width divisible by 64",
        height + "x" + width);
  }

  private static void deviations(String key, float[] d) {
    require(
        d.length == 4 && d[0] > 0 && d[1] > 0 && d[2] > 0 && d[3] > 0,
        key,
        "4 positive values",
        Arrays.toString(d));
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new UserError(key + ": expected " + expected + ", found " + found);
    }
  }
}
