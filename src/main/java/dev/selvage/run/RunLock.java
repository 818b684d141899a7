package dev.selvage.run;

import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second training out of a run's folder. The file stays, but the system releases the lock
 * on it however the process ends.
 */
public final class RunLock implements AutoCloseable {
  private final Path path;
  private final FileChannel file;

  private RunLock(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Takes the lock of a folder that exists.
   *
   * @throws UserError if another training has it or the folder cannot be written
   */
  public static RunLock take(Path dir) {
    Path path = dir.resolve(".lock");
    try {
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      // one that is gone was deleted by a training that could not begin
      if (isFree(file) && Files.exists(path)) {
        return new RunLock(path, file);
      }
      file.close();
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(path, e);
    }
    throw new UserError(dir + ": expected no other process that trains in this folder, found one");
  }

  private static boolean isFree(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // this process has it
    }
  }

  /** Deletes the file while it is still locked, and the folder if it is empty then. */
  public void deleteWithFolder() {
    path.toFile().delete();
    path.toAbsolutePath().getParent().toFile().delete();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
