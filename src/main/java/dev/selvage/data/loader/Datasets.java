package dev.selvage.data.loader;

import dev.selvage.data.Dataset;
import dev.selvage.data.coco.CocoDataset;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells the layouts of datasets apart. */
public final class Datasets {
  private Datasets() {}

  /**
   * Opens a folder in Kaggle's layout, a folder with annotations/instances_NAME.json, or such a
   * file.
   *
   * @param images folder with the photos of a COCO file; null looks for it
   * @throws UserError anything missing or malformed
   */
  public static Dataset open(Path data, Path images) {
    Optional<Path> coco = coco(data, images);
    return coco.isPresent() ? CocoDataset.open(coco.get(), images) : KaggleDataset.open(data);
  }

  /**
   * The COCO annotation file of a path; empty for a folder without one.
   *
   * @param images as for {@link #open}
   * @throws UserError several annotation files, or images for a dataset that is not COCO's
   */
  public static Optional<Path> coco(Path data, Path images) {
    if (Files.isRegularFile(data)) {
      return Optional.of(data);
    }
    if (!Files.exists(data.resolve("train.csv"))
        && Files.isDirectory(data.resolve("annotations"))) {
      return Optional.of(annotations(data));
    }
    if (images != null) {
      throw new UserError(
          "--images: expected --data to be a COCO annotation file, found %s".formatted(data));
    }
    return Optional.empty();
  }

  private static Path annotations(Path data) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(data.resolve("annotations"), "instances_*.json")) {
      files.forEach(found::add);
    } catch (IOException e) {
      throw new UserError("--data: %s cannot be read (%s)".formatted(data, e), e);
    }
    if (found.size() != 1) {
      found.sort(null);
      throw new UserError(
          "--data: expected one file annotations/instances_*.json in %s, found %s%s"
              .formatted(
                  data,
                  found.isEmpty() ? "none" : found,
                  found.isEmpty() ? "" : "; choose one with --data FILE"));
    }
    return found.get(0);
  }
}
