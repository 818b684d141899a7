package dev.selvage.cli.bench;

import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** The classes and anchors of the fashion preset. */
  private static final List<String> MODEL =
      List.of("NUM_CLASSES=47", "RPN_ANCHOR_SCALES=32,64,128,256,384");

  private BenchOptions() {}

  /**
   * The model with the chosen backbone, and what {@code --set} changes of it.
   *
   * @param more settings of the benchmark's own, each KEY=VALUE, which {@code --set} may change too
   */
  static Config config(CommandLine line, String... more) {
    List<String> settings = new ArrayList<>(MODEL);
    settings.add(
        "BACKBONE="
            + Arguments.choice(
                line, "backbone", "resnet50", "resnet18", "resnet34", "resnet50", "resnet101"));
    settings.addAll(List.of(more));
    settings.addAll(ConfigOptions.settings(line));
    return ConfigReader.read(null, null, settings);
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
    int size = size(line);
    return ConfigReader.read(null, null, MODEL)
        .with(Map.of("IMAGE_MIN_DIM", size, "IMAGE_MAX_DIM", size));
  }

  static int steps(CommandLine line) {
    return Arguments.integer(line, "steps", 10, 1);
  }
}
