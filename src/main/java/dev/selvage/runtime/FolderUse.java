package dev.selvage.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which folders of unpacked libraries are used, and the end of those that are not. Each folder has
 * an empty file. Its time is that of the last use, and every process that uses the folder holds a
 * shared lock on it until it ends. A folder is deleted under an exclusive lock, and gets another
 * name before, so that no process can begin to use it meanwhile.
 */
final class FolderUse {
  /** The name of that file. */
  static final String FILE = "used";

  /** The end of the name of a folder that is being deleted. */
  static final String DELETED = ".deleted";

  static final Duration KEPT = Duration.ofDays(30);

  /** Names that {@link NativeLibraries#fingerprint} makes. */
  private static final Pattern BUILD = Pattern.compile("[0-9a-f]{16}");

  /** The locks of this process. */
  private static final Map<Path, FileChannel> HELD = new HashMap<>();

  private FolderUse() {}

  /**
   * Marks a folder as used from now until this process ends.
   *
   * @return whether it is still there; another process may have deleted it just before
   */
  static synchronized boolean begin(Path folder) {
    if (HELD.containsKey(folder)) {
      return true;
    }
    Path file = folder.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      // before the lock, which is lost when this process closes the file anywhere
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      Object before = key(file);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        channel.lock(0, Long.MAX_VALUE, true); // waits for a process that deletes the folder
        if (before.equals(key(file))) {
          HELD.put(folder, channel);
          return true;
        }
        return false;
      } finally {
        if (!HELD.containsKey(folder)) {
          channel.close();
        }
      }
    } catch (IOException e) {
      // a folder that only others may write into is used without a mark; they keep it
      return Files.isDirectory(folder);
    }
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /**
   * Deletes the folders of other builds that no process uses and that were not used for 30 days.
   * What cannot be deleted stays.
   *
   * @param place the folder that holds them
   * @param build the name of the one that this process uses
   */
  static void deleteOthers(Path place, String build) {
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(place)) {
      for (Path folder : inside) {
        String name = folder.getFileName().toString();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || name.equals(build)) {
          continue;
        }
        if (BUILD.matcher(name).matches()) {
          deleteIfUnused(folder);
        } else if (name.endsWith(DELETED)
            && BUILD.matcher(name.substring(0, name.length() - DELETED.length())).matches()) {
          delete(folder); // which another process has begun
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // they take space, no more
    }
  }

  private static void deleteIfUnused(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      if (!Files.exists(file) && Files.exists(folder.resolve(LibraryFolder.LOCK))) {
        Files.createFile(file); // by a build that did not mark its folder: from now on
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        Instant limit = Instant.now().minus(KEPT);
        if (lock != null && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Path deleted = folder.resolveSibling(folder.getFileName() + DELETED);
          Files.move(folder, deleted, StandardCopyOption.ATOMIC_MOVE);
          delete(deleted);
        }
      }
    } catch (OverlappingFileLockException | IOException e) {
      // no folder of libraries, in use, or not ours to delete
    }
  }

  private static void delete(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException | DirectoryIteratorException e) {
      // the next process tries again
    }
  }
}
