package dev.selvage.runtime;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A folder that holds unpacked libraries of one build. Nobody but this user and root can write into
 * it: what lies there is run.
 */
final class LibraryFolder {
  /** The suffix of files that are not finished. */
  static final String PARTIAL = ".part";

  /** The environment variable that names the place to try first. */
  static final String VARIABLE = "SELVAGE_CACHE";

  /** Locked while libraries are unpacked. */
  static final String LOCK = "lock";

  private static final int ROOT = 0;
  private static final double MB = 1e6;
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;

  private LibraryFolder(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /**
   * Where libraries may be unpacked, best first: the folder that SELVAGE_CACHE names, the user's
   * cache, a folder of this user among the temporary files.
   *
   * @param environment the environment variables
   * @param home the user's home; "?" for an account without one
   * @param temporary the folder for temporary files
   */
  static List<Path> places(Map<String, String> environment, String home, String temporary) {
    List<Path> places = new ArrayList<>();
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      places.add(Path.of(named).toAbsolutePath());
    }
    Path cache = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    Path homeFolder = Path.of(home);
    if (cache.isAbsolute()) {
      places.add(cache.resolve("selvage"));
    } else if (homeFolder.isAbsolute() && Files.isDirectory(homeFolder)) {
      places.add(homeFolder.resolve(".cache/selvage"));
    }
    places.add(Path.of(temporary).toAbsolutePath().resolve("selvage-" + user()));
    return places;
  }

  /**
   * The first place that can hold the libraries and run them. Folders of other builds there that
   * are no longer used are deleted.
   *
   * @param places folders to try; created where they are missing
   * @param build the name of this build's folder in each place
   * @param libraries all libraries that may be needed, the first is loaded
   * @param load loads that library, so that a folder whose programs may not be run is noticed
   * @param warn receives a sentence for each place that cannot be used
   * @throws UserError no place can be used
   */
  static LibraryFolder choose(
      List<Path> places,
      String build,
      List<BundledLibrary> libraries,
      Consumer<Path> load,
      Consumer<String> warn) {
    List<String> obstacles = new ArrayList<>();
    for (Path place : places) {
      try {
        LibraryFolder folder = new LibraryFolder(usedFolder(place, build));
        folder.requireSpace(libraries);
        BundledLibrary first = libraries.get(0);
        folder.unpack(List.of(first));
        load.accept(folder.path.resolve(first.name()));
        FolderUse.deleteOthers(place, build);
        obstacles.forEach(o -> warn.accept("%s; using %s".formatted(o, place)));
        return folder;
      } catch (IOException | UnsatisfiedLinkError e) {
        obstacles.add("native libraries cannot be unpacked to %s: %s".formatted(place, reason(e)));
      }
    }
    throw new UserError(
        "%s; expected a folder of your own with %.0f MB free from which programs may be run: set the environment variable %s to one"
            .formatted(
                String.join("; ", obstacles),
                Math.ceil(libraries.stream().mapToLong(BundledLibrary::size).sum() / MB),
                VARIABLE));
  }

  /**
   * Makes sure that the folder holds whole copies of these libraries: missing and damaged ones are
   * unpacked. Another process may do the same at the same time.
   */
  void unpack(List<BundledLibrary> libraries) throws IOException {
    if (holds(libraries)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // until it is closed
      deletePartial(); // left by a process that was killed, since nobody else writes now
      for (BundledLibrary library : libraries) {
        if (!library.isWholeIn(path)) {
          library.unpackInto(path);
        }
      }
    }
  }

  private boolean holds(List<BundledLibrary> libraries) throws IOException {
    for (BundledLibrary library : libraries) {
      if (!library.isWholeIn(path)) {
        return false;
      }
      Path file = path.resolve(library.name());
      if (!Files.getLastModifiedTime(file).equals(library.time())) { // the time zone has changed
        Files.setLastModifiedTime(file, library.time());
      }
    }
    return true;
  }

  private void deletePartial() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(path, "*" + PARTIAL)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  private void requireSpace(List<BundledLibrary> libraries) throws IOException {
    long missing = 0;
    for (BundledLibrary library : libraries) {
      missing += library.isIn(path) ? 0 : library.size();
    }
    long free = Files.getFileStore(path).getUsableSpace();
    if (missing > free) {
      throw new IOException(
          "it needs %.0f MB, found %.0f MB free".formatted(Math.ceil(missing / MB), free / MB));
    }
  }

  /** The build's folder in a place, which nobody deletes while this process runs. */
  private static Path usedFolder(Path place, String build) throws IOException {
    Path folder;
    do {
      folder = privateFolder(place, build);
    } while (!FolderUse.begin(folder));
    return folder;
  }

  /** The build's folder in a place, made where it is missing. */
  private static Path privateFolder(Path place, String build) throws IOException {
    Path folder = place.resolve(build);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(place, PRIVATE);
      requirePrivate(place);
      Files.createDirectories(folder, PRIVATE);
    }
    requirePrivate(place);
    requirePrivate(folder);
    return folder.toRealPath();
  }

  private static void requirePrivate(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotDirectoryException(folder.toString());
    }
    int owner = (int) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (owner != user() && owner != ROOT) {
      throw new IOException("%s belongs to another user".formatted(folder));
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
    if (mode.contains(PosixFilePermission.GROUP_WRITE)
        || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException("other users may write into %s".formatted(folder));
    }
  }

  /** The number of the user whom this process runs as. */
  private static int user() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UserError("/proc/self: expected the running process, found none", e);
    }
  }

  private static String reason(Throwable e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return "it is a link or a file";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    String message = String.valueOf(e.getMessage());
    return e instanceof UnsatisfiedLinkError // FILE: FILE: reason
        ? message.substring(message.lastIndexOf(": ") + 1).trim()
        : message;
  }
}
