package dev.selvage.data.image;

import dev.selvage.util.FileNames;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The photos of a path: a file, or all photos in a folder. */
public final class PhotoFiles {
  static final Set<String> ENDINGS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "bmp", "webp", "tif", "tiff", "gif");

  /** Files without a photo that are named. */
  private static final int NAMED = 3;

  private PhotoFiles() {}

  /**
   * Photos in file-name order: the file itself, or the folder's files whose names end like a
   * photo's, in whatever case, or whose content begins like one. Folders inside it are not entered.
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

  /**
   * The files of a folder whose names end like a photo's, in the order of their names. Nothing but
   * the names is looked at, so that it is quick; the files may be something else.
   */
  public static List<Path> named(Path folder, String option) {
    SortedMap<String, Path> named = new TreeMap<>(); // a comparator would make each name many times
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> named.put(file.getFileName().toString(), file));
    } catch (IOException e) {
      throw new UserError("%s: %s cannot be read (%s)".formatted(option, folder, e), e);
    }
    named.keySet().removeIf(name -> !isPhotoName(name));
    return List.copyOf(named.values());
  }

  /**
   * One sentence about the files of a folder that are no photos, such as .heic and .avif; empty
   * where all are, and for a single file.
   */
  public static Optional<String> leftOut(Path folder) {
    List<String> names = others(folder);
    if (names.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: %s of a format that is read and %s left out: %s%s"
            .formatted(
                folder,
                names.size() == 1 ? "1 file is no photo" : names.size() + " files are no photos",
                names.size() == 1 ? "is" : "are",
                String.join(", ", names.subList(0, Math.min(NAMED, names.size()))),
                names.size() > NAMED ? ", ..." : ""));
  }

  /** The files of a folder that are no photos, by name; none where it is no folder. */
  public static List<String> others(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !isPhoto(file))
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of(); // listing the photos says so
    }
  }

  /** Whether a file's name ends like a photo's, or its content begins like one. */
  public static boolean isPhoto(Path file) {
    if (isPhotoName(file.getFileName().toString())) {
      return true;
    }
    try {
      return Files.isRegularFile(file) && PhotoHeader.read(file).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a file's name ends like a photo's, in whatever case. */
  public static boolean isPhotoName(String name) {
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }
}
