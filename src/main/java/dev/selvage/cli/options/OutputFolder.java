package dev.selvage.cli.options;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The folder that a command writes pictures into. */
public final class OutputFolder {
  private OutputFolder() {}

  /**
   * Creates the folder if it does not exist, before any long work begins.
   *
   * @throws UserError it cannot be created or is not writable
   */
  public static Path make(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UserError("--out: expected a folder, found the file %s".formatted(folder));
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UserError(
          "--out: expected a folder, %s cannot be created (%s)".formatted(folder, e), e);
    }
    if (!Files.isWritable(folder)) {
      throw new UserError("--out: expected a writable folder, found %s".formatted(folder));
    }
    return folder;
  }

  /**
   * Names for pictures of photos: the photo's name with the extension jpg. If two photos differ
   * only in their extension, jpg is added to the whole name. The name of a folder becomes part of
   * the name.
   */
  public static String[] pictureNames(List<String> files) {
    List<String> photos = files.stream().map(file -> file.replace('/', '_')).toList();
    Map<String, Integer> uses = new HashMap<>();
    photos.forEach(photo -> uses.merge(stem(photo), 1, Integer::sum));
    return photos.stream()
        .map(photo -> (uses.get(stem(photo)) == 1 ? stem(photo) : photo) + ".jpg")
        .toArray(String[]::new);
  }

  private static String stem(String photo) {
    int dot = photo.lastIndexOf('.');
    return dot < 1 ? photo : photo.substring(0, dot);
  }
}
