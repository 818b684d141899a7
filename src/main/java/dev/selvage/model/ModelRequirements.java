package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.util.UserError;

/** Requirements of the model that a configuration alone cannot check. */
final class ModelRequirements {
  private ModelRequirements() {}

  /** A configuration may be read before the dataset gives it the number of classes. */
  static void classes(Config config) {
    if (config.NUM_CLASSES < 2) {
      throw new UserError(
          "NUM_CLASSES must be at least 2, background included, found " + config.NUM_CLASSES);
    }
  }

  /** The coarsest level of the pyramid has one cell for 64x64 pixels. */
  static void imageSize(int height, int width) {
    if (height < 64 || width < 64 || height % 64 != 0 || width % 64 != 0) {
      throw new UserError(
          "the height and width of an image must be positive multiples of 64, found %dx%d"
              .formatted(height, width));
    }
  }
}
