package dev.selvage.cli.bench;

import dev.selvage.cli.options.Arguments;
import dev.selvage.config.Config;
import dev.selvage.util.UserError;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Options that several benchmarks share. */
final class BenchOptions {
  static final Option BACKBONE =
      Arguments.value("backbone", "NAME", "resnet18, resnet34, resnet50 or resnet101", "resnet50");
  static final Option SIZE =
      Arguments.value("size", "PIXELS", "side of the square images, a multiple of 64", 512);
  static final Option STEPS =
      Arguments.value("steps", "N", "timed runs, of which the median is reported", 10);
  static final Option PRECISION =
      Arguments.value(
          "precision",
          "NAMES",
          "element types of the feature maps: f32, bf16 or, on a GPU, f16; several, separated by"
              + " commas, take turns and are compared",
          "f32");

  private BenchOptions() {}

  /** The model with the chosen backbone. */
  static Config config(CommandLine line) {
    Config config = model();
    config.BACKBONE =
        Arguments.choice(
            line, "backbone", "resnet50", "resnet18", "resnet34", "resnet50", "resnet101");
    return config;
  }

  /** The classes and anchors of the fashion preset. */
  private static Config model() {
    Config config = new Config();
    config.NUM_CLASSES = 47;
    config.RPN_ANCHOR_SCALES = new int[] {32, 64, 128, 256, 384};
    return config;
  }

  /**
   * The side of the images.
   *
   * @throws UserError it is no multiple of 64, which the feature pyramid needs
   */
  static int size(CommandLine line) {
    int size = Arguments.integer(line, "size", 512, 64);
    if (size % 64 != 0) {
      throw new UserError("option --size: expected a multiple of 64, found '" + size + "'");
    }
    return size;
  }

  /** Settings for loading square images of the chosen size. */
  static Config dataConfig(CommandLine line) {
    Config config = model();
    config.IMAGE_MIN_DIM = config.IMAGE_MAX_DIM = size(line);
    return config;
  }

  static int steps(CommandLine line) {
    return Arguments.integer(line, "steps", 10, 1);
  }
}
