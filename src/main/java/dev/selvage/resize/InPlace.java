package dev.selvage.resize;

import dev.selvage.config.ExifMode;
import dev.selvage.data.loader.Datasets;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a dataset in Kaggle's layout smaller where it is: the whole smaller one beside it first, in
 * resize.part, whose files then replace the old ones. Interrupted in either half, the same command
 * goes on.
 */
public final class InPlace {
  private static final String STAGE = "resize.part";
  private static final String COMPLETE = "complete";

  private InPlace() {}

  /**
   * Does it, or goes on.
   *
   * @return what was done; null where an earlier call had done all but the replacing
   * @throws UserError as for {@link Resizer#run}, and for any other layout
   */
  public static Resizer.Summary run(
      Path dataset, int side, ExifMode mode, int threads, Resizer.Progress progress) {
    if (Datasets.coco(dataset, null).isPresent()) {
      throw new UserError(
          "--in-place: expected a dataset in Kaggle's layout, found COCO annotations at %s; use --out for them"
              .formatted(dataset));
    }
    Path stage = dataset.resolve(STAGE);
    Path complete = stage.resolve(COMPLETE);
    Resizer.Summary summary = null;
    try {
      if (!Files.exists(complete)) {
        summary = new Resizer(dataset, null, stage, side, mode, threads).run(progress);
        AtomicFile.write(complete, "");
      }
      AtomicFile.delete(stage.resolve(Resizer.MARK));
      replace(stage, dataset);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(dataset, e);
    }
    return summary;
  }

  /** Moves every file to its place, train.csv after the photos that it counts. */
  private static void replace(Path stage, Path dataset) throws IOException {
    for (Path file : files(stage)) {
      if (!file.equals(stage.resolve(COMPLETE)) && !file.equals(stage.resolve("train.csv"))) {
        AtomicFile.move(file, dataset.resolve(stage.relativize(file)));
      }
    }
    if (Files.exists(stage.resolve("train.csv"))) {
      AtomicFile.move(stage.resolve("train.csv"), dataset.resolve("train.csv"));
    }
    try (Stream<Path> all = Files.walk(stage)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        AtomicFile.delete(path);
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
