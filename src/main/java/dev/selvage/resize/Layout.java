package dev.selvage.resize;

import dev.selvage.data.image.PhotoSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A dataset's files, as one layout has them. */
interface Layout {
  /**
   * A photo, and the place of the smaller one.
   *
   * @param annotated the size that its annotations state; empty without any
   */
  record Job(Path photo, Optional<PhotoSize> annotated, Path target) {}

  /** What the dataset was named by. */
  Path source();

  /**
   * The photos to make smaller.
   *
   * @param skipped takes a line for each that is left out
   */
  List<Job> photos(Path target, Consumer<String> skipped);

  /** Makes folders, and copies what stays as it is. */
  void prepare(Path target) throws IOException;

  /**
   * Writes the annotations of the photos that are there, whole or not at all.
   *
   * @param skipped takes a line for each that is left out, but one for a photo that is not there
   * @return how many were written
   * @throws dev.selvage.util.UserError they cannot be read or written, or none can be used
   */
  int annotations(Path target, int side, Consumer<String> skipped);
}
