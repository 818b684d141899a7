package dev.selvage.cli.options;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The folder that a command writes pictures into. */
public final class OutputFolder {
  private static final String PICTURE = ".jpg";

  /** Bytes of a picture's name; what is added while it is written must fit into 255. */
  private static final int LONGEST = 250;

  private OutputFolder() {}

  /**
   * Creates the folder if it does not exist, before any long work begins.
   *
   * @throws UserError it cannot be created or is not writable
   */
  public static Path make(Path folder) {
    return make("out", folder);
  }

  /** The same for another option than {@code --out}. */
  public static Path make(String option, Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UserError("--%s: expected a folder, found the file %s".formatted(option, folder));
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UserError(
          "--%s: expected a folder, %s cannot be created (%s)".formatted(option, folder, e), e);
    }
    if (!Files.isWritable(folder)) {
      throw new UserError("--%s: expected a writable folder, found %s".formatted(option, folder));
    }
    return folder;
  }

  /**
   * Names for pictures of photos: the photo's name with the extension jpg. If two photos differ
   * only in their extension, jpg is added to the whole name. The name of a folder becomes part of
   * the name. A name that is too long is cut, and one that is there already gets a number.
   */
  public static String[] pictureNames(List<String> files) {
    List<String> photos = files.stream().map(file -> file.replace('/', '_')).toList();
    Map<String, Integer> uses = new HashMap<>();
    photos.forEach(photo -> uses.merge(stem(photo), 1, Integer::sum));
    Set<String> taken = new HashSet<>();
    return photos.stream()
        .map(photo -> free(uses.get(stem(photo)) == 1 ? stem(photo) : photo, taken))
        .toArray(String[]::new);
  }

  /** A name that no other picture has and that file systems take; numbered where it must be. */
  private static String free(String stem, Set<String> taken) {
    String picture = cut(stem, PICTURE);
    for (int i = 2; !taken.add(picture); i++) {
      picture = cut(stem, "_" + i + PICTURE);
    }
    return picture;
  }

  /** A name with an ending, without so many characters before it that it is not too long. */
  private static String cut(String stem, String ending) {
    int end = stem.length();
    while ((stem.substring(0, end) + ending).getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      end = stem.offsetByCodePoints(end, -1);
    }
    return stem.substring(0, end) + ending;
  }

  private static String stem(String photo) {
    int dot = photo.lastIndexOf('.');
    return dot < 1 ? photo : photo.substring(0, dot);
  }
}
