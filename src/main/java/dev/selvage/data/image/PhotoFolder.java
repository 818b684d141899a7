package dev.selvage.data.image;

import dev.selvage.util.FileNames;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the photos of a folder that a dataset names. Used by one thread. */
public final class PhotoFolder {
  private final Path folder;
  private final Path whole;

  /** For each folder that was searched, names of files by {@link #stem}. */
  private final Map<Path, Map<String, List<String>>> similar = new HashMap<>();

  /** A photo's name in its shortest form, and its file. */
  public record Found(String name, Path file) {}

  public PhotoFolder(Path folder) {
    this.folder = folder;
    whole = folder.toAbsolutePath().normalize();
  }

  public Path path() {
    return folder;
  }

  /**
   * The file of a name: the name as it is, else in its shortest form with {@code /} between
   * folders, else a name without ending with that of a photo.
   *
   * @return empty where there is no such file, more than one, or one outside the folder
   * @throws InvalidPathException the locale lacks characters of the name
   */
  public Optional<Found> find(String name) {
    String shortest = PhotoNames.normalise(name);
    return file(name)
        .or(() -> shortest.equals(name) ? Optional.empty() : file(shortest))
        .or(() -> withEnding(shortest));
  }

  private Optional<Found> withEnding(String name) {
    if (name.isEmpty() || PhotoFiles.isPhotoName(name)) {
      return Optional.empty();
    }
    List<Found> found =
        PhotoFiles.ENDINGS.stream().flatMap(end -> file(name + "." + end).stream()).toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  private Optional<Found> file(String name) {
    return inside(name)
        .map(inside -> new Found(inside.toString(), folder.resolve(inside)))
        .filter(found -> Files.isRegularFile(found.file));
  }

  /** A name as a path from the folder; empty for the folder itself and what lies outside. */
  private Optional<Path> inside(String name) {
    try {
      Path file = whole.resolve(name).normalize();
      return file.startsWith(whole) && !file.equals(whole)
          ? Optional.of(whole.relativize(file))
          : Optional.empty();
    } catch (InvalidPathException e) {
      if (FileNames.isLocaleAtFault(e)) {
        throw e; // no name of the file can be found, so this is not the name's fault
      }
      return Optional.empty();
    }
  }

  /**
   * Says that a name was not found, and names files that differ from it only in their ending or in
   * upper and lower case.
   */
  public String missing(String name) {
    List<String> others =
        inside(PhotoNames.normalise(name))
            .map(folder::resolve)
            .map(file -> stems(file.getParent()).getOrDefault(stem(file), List.of()))
            .orElse(List.of());
    return "found no %s there%s"
        .formatted(name, others.isEmpty() ? "" : ", but " + String.join(" and ", others));
  }

  private Map<String, List<String>> stems(Path dir) {
    return similar.computeIfAbsent(dir, PhotoFolder::list);
  }

  private static Map<String, List<String>> list(Path dir) {
    if (!Files.isDirectory(dir)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .sorted()
          .collect(
              Collectors.groupingBy(
                  PhotoFolder::stem,
                  Collectors.mapping(file -> file.getFileName().toString(), Collectors.toList())));
    } catch (IOException e) {
      throw new UserError("%s cannot be read (%s)".formatted(dir, e), e);
    }
  }

  /** A file's name without ending, in lower case. */
  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return (dot > 0 ? name.substring(0, dot) : name).toLowerCase(Locale.ROOT);
  }
}
