package dev.selvage.run;

import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a second training out of a run's folder. The file stays, but the system releases the lock
 * on it however the process ends. It holds the id of the process that took the lock last.
 */
public final class RunLock implements AutoCloseable {
  private static final String FILE = ".lock";
  private static final int MOST_DIGITS = 20;

  /** Another process may look for a moment whether the lock is free, see {@link #isHeld}. */
  private static final int TRIES = 5;

  private static final int MILLIS_BETWEEN = 40;

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
    Path path = dir.resolve(FILE);
    try {
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      // one that is gone was deleted by a training that could not begin
      if (becomesFree(file) && Files.exists(path)) {
        RunLock lock = new RunLock(path, file);
        lock.writeProcess();
        return lock;
      }
      file.close();
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(path, e);
    }
    throw new UserError(dir + ": expected no other process that trains in this folder, found one");
  }

  /**
   * Whether a process trains in a folder: on this machine, or on another one that locks files of
   * the same disk.
   */
  public static boolean isHeld(Path dir) {
    if (holder(dir).isPresent()) {
      return true;
    }
    // a process that closes the file gives up its own lock on it, so not without the question above
    try (FileChannel file = FileChannel.open(dir.resolve(FILE), StandardOpenOption.READ);
        FileLock lock = file.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      return false; // no such file, or one of a disk without locks
    }
  }

  /**
   * The process of this machine that trains in a folder: the one that took the lock last, if it is
   * still there. Another process that was given the same id later began after the file was written.
   */
  public static Optional<ProcessHandle> holder(Path dir) {
    Path path = dir.resolve(FILE);
    try {
      String text = Files.size(path) > MOST_DIGITS ? "" : Files.readString(path).strip();
      if (!text.matches("\\d{1,18}")) {
        return Optional.empty(); // of an older version
      }
      // a process' start is known to a tick of the clock
      Instant written = Files.getLastModifiedTime(path).toInstant().plusSeconds(1);
      return ProcessHandle.of(Long.parseLong(text))
          .filter(ProcessHandle::isAlive)
          .filter(
              process ->
                  process
                      .info()
                      .startInstant()
                      .filter(begin -> begin.isBefore(written))
                      .isPresent());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void writeProcess() throws IOException {
    try {
      file.truncate(0);
      file.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
    } catch (IOException e) {
      deleteWithFolder();
      close();
      throw e;
    }
  }

  private static boolean becomesFree(FileChannel file) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      if (isFree(file)) {
        return true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS_BETWEEN));
    }
    return false;
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
    try (file) {
      file.truncate(0); // the process may live on
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
