package dev.selvage.cli.options;

import dev.selvage.data.Dataset;
import dev.selvage.data.loader.Datasets;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Where a dataset lies. */
public final class DatasetOptions {
  public static final Option DATA =
      Arguments.value(
          "data",
          "PATH",
          "a folder in Kaggle's layout (train.csv, train/), a folder with"
              + " annotations/instances_NAME.json, or such a file of COCO's");
  public static final Option IMAGES =
      Arguments.value(
          "images",
          "DIR",
          "photos of a COCO file (default: NAME/, images/NAME/ or images/ beside annotations/, else"
              + " images/ beside the file, else the file's own folder)");

  private DatasetOptions() {}

  public static Dataset open(CommandLine line) {
    return Datasets.open(Path.of(Arguments.required(line, "data")), images(line));
  }

  /** Null where the option is not given. */
  public static Path images(CommandLine line) {
    return line.hasOption(IMAGES) ? Path.of(line.getOptionValue(IMAGES)) : null;
  }
}
