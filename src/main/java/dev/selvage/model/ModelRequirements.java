package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.util.UserError;

/** What the model requires beyond what every configuration fulfils. */
final class ModelRequirements {
  private ModelRequirements() {}

  /** Settings may be read before the classes are known; a model needs them. */
  static void classes(Config config) {
    if (config.NUM_CLASSES < 2) {
      throw new UserError(
          "NUM_CLASSES must be at least 2, background included, found " + config.NUM_CLASSES);
    }
  }

  /** Each of the six levels of the pyramid has half the sides of the one below. */
  static void imageSize(int height, int width) {
    if (height < 64 || width < 64 || height % 64 != 0 || width % 64 != 0) {
      throw new UserError(
          "the height and width of an image must be positive multiples of 64, found %dx%d"
              .formatted(height, width));
    }
  }
}
