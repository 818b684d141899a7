package dev.selvage.data.image;

import dev.selvage.util.FileNames;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The photos of a path: a file, or all photos in a folder. */
public final class PhotoFiles {
  static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff");

  private PhotoFiles() {}

  /**
   * Photos in file-name order: the file itself, or the folder's files whose names end like a
   * photo's. Folders inside it are not entered.
   *
   * @param option names the path in messages
   * @throws UserError nothing is there, or no photo
   */
  public static List<Path> list(Path path, String option) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    if (!Files.isDirectory(path)) {
      throw new UserError(
          "%s: expected a photo or a folder of photos, found nothing at %s"
              .formatted(option, path));
    }
    List<Path> photos = in(path, option);
    if (photos.isEmpty()) {
      throw new UserError(
          "%s: expected files *.%s in %s, found none"
              .formatted(option, String.join(", *.", ENDINGS.stream().sorted().toList()), path));
    }
    return photos;
  }

  /** The photos of a folder, which may hold none. */
  public static List<Path> in(Path folder, String option) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> photos =
          files
              .filter(file -> Files.isRegularFile(file) && isPhoto(file))
              .sorted(Comparator.comparing(file -> file.getFileName().toString()))
              .toList();
      photos.forEach(FileNames::requireReadable);
      return photos;
    } catch (IOException e) {
      throw new UserError("%s: %s cannot be read (%s)".formatted(option, folder, e), e);
    }
  }

  /** Whether a file's name ends like a photo's. */
  public static boolean isPhoto(Path file) {
    return isPhotoName(file.getFileName().toString());
  }

  static boolean isPhotoName(String name) {
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }
}
