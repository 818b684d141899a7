package dev.selvage.sample;

import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a sample dataset. It is made as {@code OUT.part} and renamed when it is whole, so
 * that a folder under its own name is always complete.
 */
public final class SampleFolder {
  /**
   * Photos in train/ unless told otherwise: enough for a small model to learn from half of them.
   */
  public static final int IMAGES = 800;

  public static final long SEED = 2019;

  private final Path out;
  private final Path part;

  private SampleFolder(Path out) {
    this.out = out.toAbsolutePath().normalize();
    part = this.out.resolveSibling(this.out.getFileName() + ".part");
  }

  /**
   * Makes the dataset, the same bytes for the same number of images and seed. Uses every processor,
   * with OpenCV on one thread each.
   *
   * @param images photos in train/
   * @return false where this very sample is there already
   * @throws UserError out holds something else, or cannot be written
   */
  public static boolean make(Path out, int images, long seed) {
    SampleFolder folder = new SampleFolder(out);
    try {
      return folder.make(images, seed);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(out, e);
    }
  }

  private boolean make(int images, long seed) throws IOException {
    LabelFile labels = new LabelFile(images, seed);
    if (Files.exists(out) && !isEmptyFolder(out)) {
      if (labels.describes(out)) {
        return false;
      }
      throw new UserError(
          "%s: expected a new or empty folder, or the sample of %d images and seed %d, found other files"
              .formatted(out, images, seed));
    }
    delete(part);
    try {
      Files.createDirectories(part);
      labels.write(part);
      new SampleWriter(part, images, seed).write();
      AtomicFile.move(part, out);
    } finally {
      delete(part);
    }
    return true;
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(path)) {
      return inside.findAny().isEmpty();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      List<Path> inside;
      try (Stream<Path> all = Files.walk(folder)) {
        inside = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : inside) {
        Files.delete(path);
      }
    }
  }
}
