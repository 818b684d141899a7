package dev.selvage.cli.options;

import dev.selvage.data.Dataset;
import dev.selvage.data.loader.Datasets;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Where a dataset is. */
public final class DatasetOptions {
  public static final Option DATA =
      Arguments.value(
          "data",
          "PATH",
          "dataset: a folder in Kaggle's layout (train.csv, train/), a folder in COCO's layout"
              + " (annotations/instances_NAME.json), or a COCO annotation file");
  public static final Option IMAGES =
      Arguments.value(
          "images",
          "DIR",
          "folder with the photos of a COCO dataset",
          "NAME/, images/NAME/ or images/ next to annotations/, else images/ next to the file, else"
              + " the folder of the file");

  private DatasetOptions() {}

  public static Dataset open(CommandLine line) {
    return Datasets.open(Path.of(Arguments.required(line, "data")), images(line));
  }

  /** The folder of {@code --images}; null without that option. */
  public static Path images(CommandLine line) {
    return line.hasOption(IMAGES) ? Path.of(line.getOptionValue(IMAGES)) : null;
  }
}
